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

/** What all commands read from their options alike: everything that decides what is served. */
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

/** How documents are opened and their APIs called. */
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

/** How a server is served. */
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

/** For commands that only show what there is. */
export interface ExecFlags {
  /** False: no module is imported, no command started, no server connected. */
  readonly exec: boolean;
}

/** Nothing is called but a remote server, for its lists. */
export interface InspectFlags extends SharedFlags, ExecFlags, Pick<ApiFlags, 'auth' | 'header'> {}

/** How a target is opened, and called. */
export interface ListFlags extends ApiFlags, ExecFlags {}
export type PromptFlags = ApiFlags;

export interface ReadFlags extends ApiFlags {
  /** Where files go: a file that is not there yet, or a folder. */
  readonly out?: string;
}

export interface CallFlags extends ReadFlags {
  /** A JSON object of arguments, or `@` and the file that has one. */
  readonly args?: string;
}

/** Lint looks at the document and at what would be served; it calls nothing. */
export interface LintFlags
  extends Omit<SharedFlags, 'cache' | 'allowPrivate' | 'baseUrl' | 'server' | 'serverVar' | 'credentialsFor'> {
  /** File for an overlay that mends what can be mended. */
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
  /** The command does not go without it. */
  readonly required?: true;
  /** May be given several times; the value is a list, empty by default. */
  readonly repeat?: true;
  readonly number?: { readonly min: number; readonly max: number; readonly whole: boolean };
  /** Speaks of one API: where several are served, each value is written `<namespace>=<value>`. */
  readonly each?: true;
  /** Where a config file says the same; absent for what only a command line can ask for. */
  readonly config?: ConfigPlace;
}

export interface ConfigPlace {
  /** `api`: within `apis.<namespace>`. `whole`: at the top. */
  readonly of: 'api' | 'whole';
  readonly key: string;
  /**
   * How the file writes it, where that differs: `map` is an object in place of `name: value` texts, `path` is taken from
   * the folder of the config file, `address` likewise unless it is a URL.
   */
  readonly as?: 'map' | 'path' | 'address';
  /** What it says there, where the words of the flag do not fit. */
  readonly description?: string;
}

const CALLING = ['call', 'list', 'read', 'prompt'] as const;
const READING = ['run', 'inspect', 'generate', 'lint', ...CALLING] as const;
const EVERY = ['run', 'inspect', 'generate', ...CALLING] as const;
const OPENING = ['run', ...CALLING] as const;
const RUN = ['run'] as const;
const GENERATE = ['generate'] as const;
const LINT = ['lint'] as const;

/**
 * Every option of every command, once: commander, the help, docs/cli.md, and what a config file may say are made from
 * this table.
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
    description: 'read variables from a file; those of the environment win',
    commands: READING,
    config: {
      of: 'whole',
      key: 'envFile',
      as: 'path',
      description: 'a file of variables; those of the environment win',
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
    description: "do not keep what was made of the document in the user's cache folder, nor take it from there",
    commands: EVERY,
    config: {
      of: 'api',
      key: 'cache',
      description: "keep what was made of the document in the user's cache folder; default: on",
    },
  },
  {
    group: 'Document',
    flags: '--allow-remote-refs',
    description: 'follow $refs that lead to other documents over the network',
    commands: READING,
    config: { of: 'api', key: 'allowRemoteRefs' },
  },
  {
    group: 'Document',
    flags: '--allow-private',
    description: 'let a document from a public URL name private addresses',
    commands: EVERY,
    config: { of: 'api', key: 'allowPrivate' },
  },
  {
    group: 'Document',
    flags: '--no-exec',
    description:
      'import no module, start no command and connect to no server: those of a config file (YAML or JSON) are listed by name',
    commands: ['inspect', 'list'],
  },
  {
    group: 'What is served',
    flags: '--name <name>',
    description: 'name of the API, in place of the one made from its title',
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
    description: "serve only what matches: tag:x, id:glob, 'GET /path/**', /regex/",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'include' },
  },
  {
    group: 'What is served',
    flags: '--exclude <filter>',
    description: 'leave out what matches; exclude beats include',
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
    description: 'leave out every operation that may change something',
    commands: READING,
    config: { of: 'api', key: 'readOnly' },
  },
  {
    group: 'What is served',
    flags: '--trust-hints',
    description: "accept annotations of the document's x-mcp, or of a remote server, that make a tool look safer",
    commands: READING,
    config: {
      of: 'api',
      key: 'trustHints',
      description: "accept annotations of the document's x-mcp that make an operation look safer than its method",
    },
  },
  {
    group: 'What is served',
    flags: '--get-as <face>',
    description: 'what a GET becomes',
    commands: READING,
    choices: GET_AS,
    default: 'both',
    config: { of: 'api', key: 'getAs' },
  },
  {
    group: 'What is served',
    flags: '--output-schemas <when>',
    description: 'list output schemas: auto keeps the list small',
    commands: READING,
    choices: OUTPUT_SCHEMAS,
    default: 'auto',
    config: { of: 'api', key: 'outputSchemas' },
  },
  {
    group: 'What is served',
    flags: '--profile <provider>',
    description: 'list schemas as the tools of this model provider may be; generic lists them exactly',
    commands: READING,
    choices: PROFILE_NAMES,
    default: 'generic',
    config: { of: 'api', key: 'profile' },
  },
  {
    group: 'API',
    flags: '--base-url <url>',
    description: 'send every request here, whatever servers the document names',
    commands: EVERY,
    each: true,
    config: { of: 'api', key: 'baseUrl' },
  },
  {
    group: 'API',
    flags: '--server <which>',
    description: "one of the document's servers, by number (from 0), URL or description",
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
      description: 'name of the security scheme → credential; what is not here comes from the environment',
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
    description: 'how long an API may take to answer; a module or connected server only where it is given',
    commands: OPENING,
    default: 30,
    number: { min: 0.001, max: 86_400, whole: false },
    config: { of: 'api', key: 'timeout', description: 'seconds the API may take to answer' },
  },
  {
    group: 'API',
    flags: '--max-result <bytes>',
    description: 'size of one result; what is cut is counted in it',
    commands: OPENING,
    default: 256_000,
    number: { min: 1024, max: 20_000_000, whole: true },
    config: { of: 'api', key: 'maxResult', description: 'bytes of one result; what is cut is counted in it' },
  },
  {
    group: 'API',
    flags: '--ca <file>',
    description: 'trust these certificates too (PEM)',
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
    description: 'file with the passphrase of the key',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'passphrase', as: 'path' },
  },
  {
    group: 'API',
    flags: '--allow-files <folder>',
    description: 'let file arguments name files of this folder',
    commands: OPENING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'allowFiles', as: 'path', description: 'folders whose files file arguments may name' },
  },
  {
    group: 'API',
    flags: '--allow-file-urls <origin>',
    description: 'let file arguments name URLs of this origin',
    commands: OPENING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'allowFileUrls', description: 'origins whose URLs file arguments may name' },
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
    description: 'port to listen on; 0 takes a free one',
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
    description: 'further Host header to answer to',
    commands: RUN,
    repeat: true,
    config: { of: 'whole', key: 'allowedHosts', description: 'further Host headers to answer to' },
  },
  {
    group: 'Serving',
    flags: '--allowed-origin <origin>',
    description: 'further Origin (web page) to answer to',
    commands: RUN,
    repeat: true,
    config: { of: 'whole', key: 'allowedOrigins', description: 'further Origins (web pages) to answer to' },
  },
  {
    group: 'Serving',
    flags: '--insecure',
    description: 'listen beyond this machine without OPENAPI_MCP_TOKEN',
    commands: RUN,
    config: { of: 'whole', key: 'insecure' },
  },
  {
    group: 'Project',
    flags: '-o, --out <folder>',
    description: 'where the project is written',
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
    description: 'show the difference line by line, and write nothing',
    commands: GENERATE,
  },
  {
    group: 'Project',
    flags: '--check',
    description: 'write nothing, and end with 1 where something would be written',
    commands: GENERATE,
  },
  {
    group: 'Output',
    flags: '--dry-run',
    description: 'say what would be served and which credentials were found, or what would be written, then end',
    commands: ['run', 'generate', 'eject'],
  },
  {
    group: 'Output',
    flags: '--log-level <level>',
    description: 'how much to say on stderr',
    commands: RUN,
    choices: LOG_LEVELS,
    default: 'info',
    config: { of: 'whole', key: 'logLevel' },
  },
  {
    group: 'Output',
    flags: '--quiet',
    description: 'say nothing but errors on stderr',
    commands: RUN,
    config: { of: 'whole', key: 'quiet' },
  },
  {
    group: 'Output',
    flags: '--fix <file>',
    description: 'write an OpenAPI Overlay that mends what needs no thought; the document stays as it is',
    commands: LINT,
  },
  {
    group: 'Output',
    flags: '--out <file|folder>',
    description: 'write what comes back to a file, or its files into a folder; nothing is overwritten',
    commands: ['call', 'read'],
  },
  { group: 'Output', flags: '--strict', description: 'fail on warnings too', commands: LINT },
  {
    group: 'Output',
    flags: '--format <format>',
    description: 'how to report',
    commands: LINT,
    choices: ['text', 'json', 'sarif'],
    default: 'text',
  },
  {
    group: 'Output',
    flags: '--json',
    description: 'report as JSON',
    commands: [...READING, 'eject'],
    config: { of: 'whole', key: 'json', description: 'report, and log, as JSON' },
  },
] as const satisfies readonly OptionRow[];

/** The table with the exact texts in its type: what a config file may hold is checked against it. */
export type OptionTable = typeof TABLE;
export const OPTIONS: readonly OptionRow[] = TABLE;

/** Adds the options of a command, as the table has them. Read them with {@link readCommandLine}. */
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
  // Once for each of several APIs, also where one API takes one value.
  if (row.repeat || row.each) option.argParser((value, previous: Texts | undefined) => [...(previous ?? []), value]);
  if (row.required) option.makeOptionMandatory();
  if (row.repeat) return option.default([]);
  return row.default === undefined ? option : option.default(row.default);
}

type Texts = readonly string[];

/** What was written on the command line, by the names of the flags (`baseUrl`); values of rows with `each` are lists. */
export type GivenFlags = Readonly<Record<string, unknown>>;

export interface CommandLine<Flags> {
  /** Complete: with the defaults of what was not given. */
  readonly flags: Flags;
  readonly given: GivenFlags;
}

/** @typeParam Flags what the table says of the command's options. */
export function readCommandLine<Flags>(command: Command): CommandLine<Flags> {
  const values = command.opts();
  const given = Object.entries(values).filter(([key]) => command.getOptionValueSource(key) === 'cli');
  return { flags: { ...values, ...lastValues(values) } as Flags, given: Object.fromEntries(given) };
}

/** The flags with the table's defaults for those that the command does not have. */
export function withApiDefaults(flags: Partial<ApiFlags>): ApiFlags {
  const defaults = OPTIONS.filter(({ config }) => config?.of === 'api').map((row) => [flagName(row), defaultOf(row)]);
  return { json: false, ...Object.fromEntries(defaults), ...flags } as ApiFlags;
}

function defaultOf(row: OptionRow): unknown {
  if (row.repeat) return [];
  return takesValue(row) ? row.default : row.flags.startsWith('--no-');
}

/** Where there is one API the last value counts. */
function lastValues(values: GivenFlags): GivenFlags {
  const single = OPTIONS.filter((row) => row.each && !row.repeat).map(flagName);
  const lists = single.flatMap((name) => {
    const list = values[name];
    return Array.isArray(list) ? [[name, list.at(-1)] as const] : [];
  });
  return Object.fromEntries(lists);
}

/** The name of its value: `--no-cache` → `cache`, `-o, --out <folder>` → `out`. */
export function flagName({ flags }: Pick<OptionRow, 'flags'>): string {
  return longFlag({ flags })
    .replace(/^--(?:no-)?/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--base-url` */
export const longFlag = ({ flags }: Pick<OptionRow, 'flags'>): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

/** What follows the description in brackets. */
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
