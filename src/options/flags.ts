import type { CommandName } from './commands.ts';
import type { OptionTable } from './options.ts';

/**
 * The flags of a command, as the table declares them: `--base-url <url>` is the text `baseUrl`. A flag that takes a value
 * and has no default may be absent.
 */
export type FlagsOf<Command extends CommandName> = Values<Settled<RowOf<Command>>> &
  Partial<Values<Exclude<RowOf<Command>, Settled<Row>>>>;

/** Options for opening documents and calling APIs. */
export interface ApiFlags
  extends FlagsOf<'prompt'>,
    Partial<Pick<FlagsOf<'run'>, 'mode' | 'forwardHeader' | 'shape' | 'refresh' | StandInFlag>> {}

type StandInFlag = 'mock' | 'mockSeed' | 'mockStatus' | 'record' | 'replay';

/** Options that all commands share: everything that decides what is served. */
export type SharedFlags = Pick<ApiFlags, keyof ApiFlags & keyof FlagsOf<'generate'>>;

/** Options for serving. */
export type ServeFlags = Omit<FlagsOf<'run'>, Exclude<keyof ApiFlags, 'json'> | 'budget' | 'pin' | 'dryRun'>;

/** Options of commands that only list things. `exec: false`: import no modules, start no commands, connect to no servers. */
export type ExecFlags = Pick<FlagsOf<'list'>, 'exec'>;

type Row = OptionTable[number];
type RowOf<Command, Each = Row> = Each extends { readonly commands: readonly (infer Name)[] }
  ? Command extends Name
    ? Each
    : never
  : never;

/** Rows whose flag always has a value. */
type Settled<Each> =
  | Exclude<Each, { readonly flags: `${string}<${string}` }>
  | Extract<Each, { readonly default: unknown } | { readonly repeat: true } | { readonly required: true }>;

type Values<Each extends Row> = { readonly [One in Each as NameOf<One['flags']>]: ValueOf<One> };

type NameOf<Flags> = Flags extends `-${string}, ${infer Long}`
  ? NameOf<Long>
  : Flags extends `--no-${infer Name}`
    ? CamelCase<Name>
    : Flags extends `--${infer Name} <${string}`
      ? CamelCase<Name>
      : Flags extends `--${infer Name}`
        ? CamelCase<Name>
        : never;
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The value of an option, from its row. */
export type ValueOf<One> = One extends { readonly repeat: true }
  ? readonly string[]
  : One extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : One extends { readonly number: unknown }
      ? number
      : One extends { readonly flags: `${string}<${string}` }
        ? string
        : boolean;
