import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  GET_AS,
  type GetAs,
  NAMES,
  type Names,
  OUTPUT_SCHEMAS,
  type OutputSchemas,
  PROFILE_NAMES,
  type ProfileName,
} from '../map/choices.ts';

/** Options that all commands share: everything that decides what is served. */
export interface SharedFlags {
  readonly documentHeader: readonly string[];
  readonly envFile?: string;
  readonly overlay: readonly string[];
  readonly cache: boolean;
  readonly allowRemoteRefs: boolean;
  readonly allowPrivate: boolean;
  readonly name?: string;
  readonly names: Names;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly route: readonly string[];
  readonly readOnly: boolean;
  readonly trustHints: boolean;
  readonly getAs: GetAs;
  readonly outputSchemas: OutputSchemas;
  readonly profile: ProfileName;
  readonly baseUrl?: string;
  readonly server?: string;
  readonly serverVar: readonly string[];
  readonly credentialsFor: readonly string[];
  readonly json: boolean;
}

/** Options for opening documents and calling APIs. */
export interface ApiFlags extends SharedFlags {
  readonly auth: readonly string[];
  readonly header: readonly string[];
  /** Seconds. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxResult: number;
  readonly ca: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly allowFiles: readonly string[];
  readonly allowFileUrls: readonly string[];
}

/** Options for serving. */
export interface ServeFlags {
  readonly transport: 'stdio' | 'http';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly allowedHost: readonly string[];
  readonly allowedOrigin: readonly string[];
  readonly insecure: boolean;
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
  readonly json: boolean;
}

export interface RunFlags extends ApiFlags, ServeFlags {
  readonly dryRun: boolean;
}

/** Options of commands that only list things. */
export interface ExecFlags {
  /** False: import no modules, start no commands, connect to no servers. */
  readonly exec: boolean;
}

/** `inspect` makes no calls, except to list what remote servers offer. */
export interface InspectFlags extends SharedFlags, ExecFlags, Pick<ApiFlags, 'auth' | 'header'> {}

/** Options for opening and calling a target. */
export interface ListFlags extends ApiFlags, ExecFlags {}
export type PromptFlags = ApiFlags;

export interface ReadFlags extends ApiFlags {
  /** Where to write files: a new file, or a folder. */
  readonly out?: string;
}

export interface CallFlags extends ReadFlags {
  /** Arguments as a JSON object, or `@` and a file that contains one. */
  readonly args?: string;
}

/** `lint` looks at the document and at what would be served. It makes no calls. */
export interface LintFlags
  extends Omit<SharedFlags, 'cache' | 'allowPrivate' | 'baseUrl' | 'server' | 'serverVar' | 'credentialsFor'> {
  /** File to write an overlay with automatic fixes to. */
  readonly fix?: string;
  readonly format: 'text' | 'json' | 'sarif';
  readonly strict: boolean;
}

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface GenerateFlags extends SharedFlags {
  readonly out: string;
  readonly transport: 'stdio' | 'http';
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  /** Absent: that of the project, or a copy. */
  readonly runtime?: 'copy' | 'package';
  readonly full: boolean;
}

export interface EjectFlags {
  readonly dryRun: boolean;
  readonly json: boolean;
}

export type CommandName = 'run' | 'inspect' | 'generate' | 'eject' | 'lint' | (typeof CALLING)[number];

/** One line of the table below. Without `<…>` in `flags` the option is a switch; `--no-x` switches `x` off. */
export interface OptionRow {
  readonly group: 'Document' | 'What is served' | 'API' | 'Serving' | 'Project' | 'Output';
  readonly flags: string;
  readonly description: string;
  readonly commands: readonly CommandName[];
  readonly default?: string | number;
  readonly choices?: readonly string[];
  /** The option is mandatory. */
  readonly required?: true;
  /** May be given several times; the value is a list, empty by default. */
  readonly repeat?: true;
  readonly number?: { readonly min: number; readonly max: number; readonly whole: boolean };
  /** Applies to one API. If several are served, each value is written `<namespace>=<value>`. */
  readonly each?: true;
  /** The config key for this option; absent for options that exist only on the command line. */
  readonly config?: ConfigPlace;
}

export interface ConfigPlace {
  /** `api`: under `apis.<namespace>`. `whole`: at the top level. */
  readonly of: 'api' | 'whole';
  readonly key: string;
  /**
   * How the config file writes it, if different: `map` is an object instead of `name: value` strings, `path` is
   * relative to the folder of the config file, and so is `address` unless it is a URL.
   */
  readonly as?: 'map' | 'path' | 'address';
  /** Description for the config key, if that of the flag does not fit. */
  readonly description?: string;
}

const CALLING = ['call', 'list', 'read', 'prompt'] as const;
const READING = ['run', 'inspect', 'generate', 'lint', ...CALLING] as const;
const EVERY = ['run', 'inspect', 'generate', ...CALLING] as const;
const OPENING = ['run', ...CALLING] as const;
const RUN = ['run'] as const;
const GENERATE = ['generate'] as const;
const LINT = ['lint'] as const;

/** Every option of every command. Commander, `--help`, docs/cli.md and the config keys are generated from this table.
 */
const TABLE = [
  {
    group: 'Document',
    flags: '--document-header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent when the document is fetched, to its own origin only; ${ENV} is filled in",
    commands: READING,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'documentHeaders',
      as: 'map',
      description: 'name → value, sent when the document is fetched, to its own origin only',
    },
  },
  {
    group: 'Document',
    flags: '--env-file <file>',
    description: 'read variables from a file; the environment takes precedence',
    commands: READING,
    config: {
      of: 'whole',
      key: 'envFile',
      as: 'path',
      description: 'file to read variables from; the environment takes precedence',
    },
  },
  {
    group: 'Document',
    flags: '--overlay <file>',
    description: 'apply an OpenAPI Overlay (file or URL) to the document first',
    commands: READING,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'overlays',
      as: 'address',
      description: 'OpenAPI Overlays (paths or URLs), applied to the document first',
    },
  },
  {
    group: 'Document',
    flags: '--no-cache',
    description: "do not read or write the model cache in the user's cache folder",
    commands: EVERY,
    config: {
      of: 'api',
      key: 'cache',
      description: "cache the mapped model in the user's cache folder; default: on",
    },
  },
  {
    group: 'Document',
    flags: '--allow-remote-refs',
    description: 'follow $refs to other documents on the network',
    commands: READING,
    config: { of: 'api', key: 'allowRemoteRefs' },
  },
  {
    group: 'Document',
    flags: '--allow-private',
    description: 'allow a document from a public URL to name private addresses',
    commands: EVERY,
    config: { of: 'api', key: 'allowPrivate' },
  },
  {
    group: 'Document',
    flags: '--no-exec',
    description:
      'do not import modules, start commands or connect to servers; those of a YAML or JSON config file are listed by name',
    commands: ['inspect', 'list'],
  },
  {
    group: 'What is served',
    flags: '--name <name>',
    description: 'name of the API; default: derived from its title',
    commands: READING,
    each: true,
    config: { of: 'api', key: 'name' },
  },
  {
    group: 'What is served',
    flags: '--names <kind>',
    description: 'tool names: clean removes what frameworks add to an operationId; document keeps every operationId',
    commands: READING,
    choices: NAMES,
    default: 'clean',
    config: { of: 'api', key: 'names' },
  },
  {
    group: 'What is served',
    flags: '--include <filter>',
    description: "serve only operations that match: tag:x, id:glob, 'GET /path/**', /regex/",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'include' },
  },
  {
    group: 'What is served',
    flags: '--exclude <filter>',
    description: 'exclude operations that match; overrides --include',
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'exclude' },
  },
  {
    group: 'What is served',
    flags: '--route <rule>',
    description: "'<filter> => tool|resource|both|exclude'; the first match wins",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'routes', description: "'<filter> => tool|resource|both|exclude'; the first match wins" },
  },
  {
    group: 'What is served',
    flags: '--read-only',
    description: 'exclude every operation that may change something',
    commands: READING,
    config: { of: 'api', key: 'readOnly' },
  },
  {
    group: 'What is served',
    flags: '--trust-hints',
    description: 'accept annotations from x-mcp or a remote server that make a tool look safer',
    commands: READING,
    config: {
      of: 'api',
      key: 'trustHints',
      description: 'accept x-mcp annotations that make an operation look safer than its method',
    },
  },
  {
    group: 'What is served',
    flags: '--get-as <face>',
    description: 'serve GET operations as tools, resources or both',
    commands: READING,
    choices: GET_AS,
    default: 'both',
    config: { of: 'api', key: 'getAs' },
  },
  {
    group: 'What is served',
    flags: '--output-schemas <when>',
    description: 'list output schemas; auto keeps the list small',
    commands: READING,
    choices: OUTPUT_SCHEMAS,
    default: 'auto',
    config: { of: 'api', key: 'outputSchemas' },
  },
  {
    group: 'What is served',
    flags: '--profile <provider>',
    description: 'compile schemas to what this model provider accepts; generic keeps them exact',
    commands: READING,
    choices: PROFILE_NAMES,
    default: 'generic',
    config: { of: 'api', key: 'profile' },
  },
  {
    group: 'API',
    flags: '--base-url <url>',
    description: 'send every request to this URL instead of the servers in the document',
    commands: EVERY,
    each: true,
    config: { of: 'api', key: 'baseUrl' },
  },
  {
    group: 'API',
    flags: '--server <which>',
    description: "which of the document's servers to use: number (from 0), URL or description",
    commands: EVERY,
    each: true,
    config: { of: 'api', key: 'server' },
  },
  {
    group: 'API',
    flags: '--server-var <name=value>',
    description: "value of a variable in the server's URL",
    commands: EVERY,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'serverVariables',
      as: 'map',
      description: "name → value of a variable in the server's URL",
    },
  },
  {
    group: 'API',
    flags: '--credentials-for <origin>',
    description: 'send credentials and headers to this origin only, such as https://api.example.com',
    commands: EVERY,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'credentialsFor',
      description: 'the only origins that credentials and headers are sent to, such as https://api.example.com',
    },
  },
  {
    group: 'API',
    flags: '--auth <scheme=credential>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: 'credential of a security scheme: a key, token or username:password; ${ENV} is filled in',
    commands: [...OPENING, 'inspect'],
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'auth',
      as: 'map',
      description: 'name of the security scheme → credential; others come from the environment',
    },
  },
  {
    group: 'API',
    flags: '--header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent with every request to the API, or remote server; ${ENV} is filled in",
    commands: [...OPENING, 'inspect'],
    repeat: true,
    each: true,
    config: { of: 'api', key: 'headers', as: 'map', description: 'name → value, sent with every request to the API' },
  },
  {
    group: 'API',
    flags: '--timeout <seconds>',
    description: 'time limit for an API response; applies to modules and connected servers only if given',
    commands: OPENING,
    default: 30,
    number: { min: 0.001, max: 86_400, whole: false },
    config: { of: 'api', key: 'timeout', description: 'time limit for a response, in seconds' },
  },
  {
    group: 'API',
    flags: '--max-result <bytes>',
    description: 'maximum size of one result; a longer result is cut and says how much is missing',
    commands: OPENING,
    default: 256_000,
    number: { min: 1024, max: 20_000_000, whole: true },
    config: {
      of: 'api',
      key: 'maxResult',
      description: 'maximum size of one result in bytes; a longer result is cut and says how much is missing',
    },
  },
  {
    group: 'API',
    flags: '--ca <file>',
    description: 'trust these CA certificates too (PEM)',
    commands: OPENING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'ca', as: 'path' },
  },
  {
    group: 'API',
    flags: '--cert <file>',
    description: 'client certificate for mutual TLS (PEM)',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'cert', as: 'path' },
  },
  {
    group: 'API',
    flags: '--key <file>',
    description: 'key of the client certificate (PEM)',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'key', as: 'path' },
  },
  {
    group: 'API',
    flags: '--passphrase <file>',
    description: 'file that contains the passphrase of the key',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'passphrase', as: 'path' },
  },
  {
    group: 'API',
    flags: '--allow-files <folder>',
    description: 'allow file arguments to name files in this folder',
    commands: OPENING,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'allowFiles',
      as: 'path',
      description: 'folders whose files may be named in file arguments',
    },
  },
  {
    group: 'API',
    flags: '--allow-file-urls <origin>',
    description: 'allow file arguments to name URLs of this origin',
    commands: OPENING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'allowFileUrls', description: 'origins whose URLs may be named in file arguments' },
  },
  {
    group: 'API',
    flags: '--args <json>',
    description: 'arguments of the tool as a JSON object; @file reads them from a file, @- from stdin',
    commands: ['call'],
  },
  {
    group: 'Serving',
    flags: '--transport <transport>',
    description: 'how MCP clients connect',
    commands: ['run', 'generate'],
    choices: ['stdio', 'http'],
    default: 'stdio',
    config: { of: 'whole', key: 'transport' },
  },
  {
    group: 'Serving',
    flags: '--host <address>',
    description: 'address to listen on',
    commands: RUN,
    default: '127.0.0.1',
    config: { of: 'whole', key: 'host' },
  },
  {
    group: 'Serving',
    flags: '--port <number>',
    description: 'port to listen on; 0 picks a free one',
    commands: RUN,
    default: 8000,
    number: { min: 0, max: 65_535, whole: true },
    config: { of: 'whole', key: 'port' },
  },
  {
    group: 'Serving',
    flags: '--path <path>',
    description: 'path of the MCP endpoint',
    commands: RUN,
    default: '/mcp',
    config: { of: 'whole', key: 'path' },
  },
  {
    group: 'Serving',
    flags: '--allowed-host <host>',
    description: 'additional Host header to accept',
    commands: RUN,
    repeat: true,
    config: { of: 'whole', key: 'allowedHosts', description: 'additional Host headers to accept' },
  },
  {
    group: 'Serving',
    flags: '--allowed-origin <origin>',
    description: 'additional Origin (web page) to accept',
    commands: RUN,
    repeat: true,
    config: { of: 'whole', key: 'allowedOrigins', description: 'additional Origins (web pages) to accept' },
  },
  {
    group: 'Serving',
    flags: '--insecure',
    description: 'allow non-loopback addresses without OPENAPI_MCP_TOKEN',
    commands: RUN,
    config: { of: 'whole', key: 'insecure' },
  },
  {
    group: 'Project',
    flags: '-o, --out <folder>',
    description: 'folder to write the project to',
    commands: GENERATE,
    required: true,
  },
  {
    group: 'Project',
    flags: '--runtime <kind>',
    description:
      'copy: the project has the part of the runtime that it needs; package: it depends on openapi-mcp. Default: what the project has, or copy',
    commands: GENERATE,
    choices: ['copy', 'package'],
  },
  {
    group: 'Project',
    flags: '--full',
    description: 'copy every file of the runtime, also those that the project does not import',
    commands: GENERATE,
  },
  {
    group: 'Project',
    flags: '--force',
    description: 'overwrite generated files that were changed by hand',
    commands: GENERATE,
  },
  {
    group: 'Project',
    flags: '--diff',
    description: 'show a line-by-line diff; write nothing',
    commands: GENERATE,
  },
  {
    group: 'Project',
    flags: '--check',
    description: 'write nothing; exit with 1 if anything would change',
    commands: GENERATE,
  },
  {
    group: 'Output',
    flags: '--dry-run',
    description: 'show what would be served and which credentials were found, or what would be written, then exit',
    commands: ['run', 'generate', 'eject'],
  },
  {
    group: 'Output',
    flags: '--log-level <level>',
    description: 'log level on stderr',
    commands: RUN,
    choices: LOG_LEVELS,
    default: 'info',
    config: { of: 'whole', key: 'logLevel' },
  },
  {
    group: 'Output',
    flags: '--quiet',
    description: 'print only errors on stderr',
    commands: RUN,
    config: { of: 'whole', key: 'quiet' },
  },
  {
    group: 'Output',
    flags: '--fix <file>',
    description: 'write automatic fixes to an OpenAPI Overlay; the document is not changed',
    commands: LINT,
  },
  {
    group: 'Output',
    flags: '--out <file|folder>',
    description: 'write the result to a file, or its files into a folder; never overwrites',
    commands: ['call', 'read'],
  },
  { group: 'Output', flags: '--strict', description: 'also fail on warnings', commands: LINT },
  {
    group: 'Output',
    flags: '--format <format>',
    description: 'output format',
    commands: LINT,
    choices: ['text', 'json', 'sarif'],
    default: 'text',
  },
  {
    group: 'Output',
    flags: '--json',
    description: 'report as JSON',
    commands: [...READING, 'eject'],
    config: { of: 'whole', key: 'json', description: 'report and log as JSON' },
  },
] as const satisfies readonly OptionRow[];

/** The table with literal types, from which the type of a config file is derived. */
export type OptionTable = typeof TABLE;
export const OPTIONS: readonly OptionRow[] = TABLE;

/** Adds the options of a command from the table. Read them with {@link readCommandLine}. */
export function addOptions(command: Command, name: CommandName): Command {
  for (const row of OPTIONS) if (row.commands.includes(name)) command.addOption(commanderOption(row));
  // Commander would add "(default: [])" and "(default: false)".
  return command.configureHelp({ optionDescription: (option) => option.description });
}

function commanderOption(row: OptionRow): Option {
  const notes = notesOf(row, row.default === undefined ? [] : [`default: ${row.default}`]);
  const option = new Option(row.flags, `${row.description}${notes}`).helpGroup(`${row.group}:`);
  if (!takesValue(row)) return option.default(option.negate);
  if (row.choices) option.choices(row.choices);
  if (row.number) option.argParser((value) => checkedNumber(value, row.number));
  // One value per API, so it can be repeated even if each API takes one value.
  if (row.repeat || row.each) option.argParser((value, previous: Texts | undefined) => [...(previous ?? []), value]);
  if (row.required) option.makeOptionMandatory();
  if (row.repeat) return option.default([]);
  return row.default === undefined ? option : option.default(row.default);
}

type Texts = readonly string[];

/** Values given on the command line, by flag name (`baseUrl`). Values of rows with `each` are lists. */
export type GivenFlags = Readonly<Record<string, unknown>>;

export interface CommandLine<Flags> {
  /** Complete: defaults are filled in. */
  readonly flags: Flags;
  readonly given: GivenFlags;
}

/** @typeParam Flags the options of the command, according to the table */
export function readCommandLine<Flags>(command: Command): CommandLine<Flags> {
  const values = command.opts();
  const given = Object.entries(values).filter(([key]) => command.getOptionValueSource(key) === 'cli');
  return { flags: { ...values, ...lastValues(values) } as Flags, given: Object.fromEntries(given) };
}

/** Fills in the table's defaults for flags that the command does not have. */
export function withApiDefaults(flags: Partial<ApiFlags>): ApiFlags {
  const defaults = OPTIONS.filter(({ config }) => config?.of === 'api').map((row) => [flagName(row), defaultOf(row)]);
  return { json: false, ...Object.fromEntries(defaults), ...flags } as ApiFlags;
}

function defaultOf(row: OptionRow): unknown {
  if (row.repeat) return [];
  return takesValue(row) ? row.default : row.flags.startsWith('--no-');
}

/** With one API, the last value wins. */
function lastValues(values: GivenFlags): GivenFlags {
  const single = OPTIONS.filter((row) => row.each && !row.repeat).map(flagName);
  const lists = single.flatMap((name) => {
    const list = values[name];
    return Array.isArray(list) ? [[name, list.at(-1)] as const] : [];
  });
  return Object.fromEntries(lists);
}

/** The name of the option's value: `--no-cache` → `cache`, `-o, --out <folder>` → `out`. */
export function flagName({ flags }: Pick<OptionRow, 'flags'>): string {
  return longFlag({ flags })
    .replace(/^--(?:no-)?/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--base-url` */
export const longFlag = ({ flags }: Pick<OptionRow, 'flags'>): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

/** The notes in parentheses after a description. */
export function notesOf(row: OptionRow, more: readonly string[]): string {
  const notes = [...(row.choices ? [row.choices.join(', ')] : []), ...(row.repeat ? ['repeatable'] : []), ...more];
  return notes.length ? ` (${notes.join('; ')})` : '';
}

export const takesValue = (row: OptionRow): boolean => row.flags.includes('<');

function checkedNumber(text: string, range: OptionRow['number']): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (range && value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`Give a ${range?.whole ? 'whole ' : ''}number from ${range?.min} to ${range?.max}.`);
}
