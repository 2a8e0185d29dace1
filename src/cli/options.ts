import { type Command, InvalidArgumentError, Option } from 'commander';

/** What all commands read from their options alike: everything that decides what is served. */
export interface SharedFlags {
  readonly documentHeader: readonly string[];
  readonly envFile?: string;
  readonly overlay: readonly string[];
  readonly cache: boolean;
  readonly allowRemoteRefs: boolean;
  readonly allowPrivate: boolean;
  readonly name?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly route: readonly string[];
  readonly readOnly: boolean;
  readonly getAs: 'both' | 'tool' | 'resource';
  readonly outputSchemas: 'auto' | 'always' | 'never';
  readonly profile: (typeof PROFILE_NAMES)[number];
  readonly baseUrl?: string;
  readonly server?: string;
  readonly serverVar: readonly string[];
  readonly json: boolean;
}

export interface RunFlags extends SharedFlags {
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
  readonly transport: 'stdio' | 'http';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly allowedHost: readonly string[];
  readonly allowedOrigin: readonly string[];
  readonly insecure: boolean;
  readonly logLevel: LogLevel;
  readonly quiet: boolean;
  readonly dryRun: boolean;
}

/** Lint looks at the document and at what would be served; it calls nothing. */
export interface LintFlags extends Omit<SharedFlags, 'cache' | 'allowPrivate' | 'baseUrl' | 'server' | 'serverVar'> {
  /** File for an overlay that mends what can be mended. */
  readonly fix?: string;
  readonly format: 'text' | 'json' | 'sarif';
  readonly strict: boolean;
}

/** Those of `map/profiles`, which is too much to import for a command line. */
export const PROFILE_NAMES = ['generic', 'claude', 'openai', 'gemini', 'bedrock', 'cursor'] as const;

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface GenerateFlags extends SharedFlags {
  readonly out: string;
  readonly transport: 'stdio' | 'http';
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly check: boolean;
}

export type CommandName = 'run' | 'inspect' | 'generate' | 'lint';

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
}

const READING = ['run', 'inspect', 'generate', 'lint'] as const;
const EVERY = ['run', 'inspect', 'generate'] as const;
const RUN = ['run'] as const;
const GENERATE = ['generate'] as const;
const LINT = ['lint'] as const;

/** Every option of every command, once: commander, the help and docs/cli.md are made from this table. */
export const OPTIONS: readonly OptionRow[] = [
  {
    group: 'Document',
    flags: '--document-header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent when the document is fetched, to its own origin only; ${ENV} is filled in",
    commands: READING,
    repeat: true,
  },
  {
    group: 'Document',
    flags: '--env-file <file>',
    description: 'read variables from a file; those of the environment win',
    commands: READING,
  },
  {
    group: 'Document',
    flags: '--overlay <file>',
    description: 'apply an OpenAPI Overlay (file or URL) to the document first',
    commands: READING,
    repeat: true,
  },
  {
    group: 'Document',
    flags: '--no-cache',
    description: "do not keep what was made of the document in the user's cache folder, nor take it from there",
    commands: EVERY,
  },
  {
    group: 'Document',
    flags: '--allow-remote-refs',
    description: 'follow $refs that lead to other documents over the network',
    commands: READING,
  },
  {
    group: 'Document',
    flags: '--allow-private',
    description: 'let a document from a public URL name private addresses',
    commands: EVERY,
  },
  {
    group: 'What is served',
    flags: '--name <name>',
    description: 'name of the API, in place of the one made from its title',
    commands: READING,
  },
  {
    group: 'What is served',
    flags: '--include <filter>',
    description: "serve only what matches: tag:x, id:glob, 'GET /path/**', /regex/",
    commands: READING,
    repeat: true,
  },
  {
    group: 'What is served',
    flags: '--exclude <filter>',
    description: 'leave out what matches; exclude beats include',
    commands: READING,
    repeat: true,
  },
  {
    group: 'What is served',
    flags: '--route <rule>',
    description: "'<filter> => tool|resource|both|exclude'; the first match wins",
    commands: READING,
    repeat: true,
  },
  {
    group: 'What is served',
    flags: '--read-only',
    description: 'leave out every operation that may change something',
    commands: READING,
  },
  {
    group: 'What is served',
    flags: '--get-as <face>',
    description: 'what a GET becomes',
    commands: READING,
    choices: ['both', 'tool', 'resource'],
    default: 'both',
  },
  {
    group: 'What is served',
    flags: '--output-schemas <when>',
    description: 'list output schemas: auto keeps the list small',
    commands: READING,
    choices: ['auto', 'always', 'never'],
    default: 'auto',
  },
  {
    group: 'What is served',
    flags: '--profile <provider>',
    description: 'list schemas as the tools of this model provider may be; generic lists them exactly',
    commands: READING,
    choices: PROFILE_NAMES,
    default: 'generic',
  },
  {
    group: 'API',
    flags: '--base-url <url>',
    description: 'send every request here, whatever servers the document names',
    commands: EVERY,
  },
  {
    group: 'API',
    flags: '--server <which>',
    description: "one of the document's servers, by number (from 0), URL or description",
    commands: EVERY,
  },
  {
    group: 'API',
    flags: '--server-var <name=value>',
    description: "value of a variable in the server's URL",
    commands: EVERY,
    repeat: true,
  },
  {
    group: 'API',
    flags: '--header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent with every request to the API; ${ENV} is filled in",
    commands: RUN,
    repeat: true,
  },
  {
    group: 'API',
    flags: '--timeout <seconds>',
    description: 'how long the API may take to answer',
    commands: RUN,
    default: 30,
    number: { min: 0.001, max: 86_400, whole: false },
  },
  {
    group: 'API',
    flags: '--max-result <bytes>',
    description: 'size of one result; what is cut is counted in it',
    commands: RUN,
    default: 256_000,
    number: { min: 1024, max: 20_000_000, whole: true },
  },
  {
    group: 'API',
    flags: '--ca <file>',
    description: 'trust these certificates too (PEM)',
    commands: RUN,
    repeat: true,
  },
  { group: 'API', flags: '--cert <file>', description: 'client certificate for mutual TLS (PEM)', commands: RUN },
  { group: 'API', flags: '--key <file>', description: 'key of the client certificate (PEM)', commands: RUN },
  { group: 'API', flags: '--passphrase <file>', description: 'file with the passphrase of the key', commands: RUN },
  {
    group: 'API',
    flags: '--allow-files <folder>',
    description: 'let file arguments name files of this folder',
    commands: RUN,
    repeat: true,
  },
  {
    group: 'API',
    flags: '--allow-file-urls <origin>',
    description: 'let file arguments name URLs of this origin',
    commands: RUN,
    repeat: true,
  },
  {
    group: 'Serving',
    flags: '--transport <transport>',
    description: 'how MCP clients connect',
    commands: ['run', 'generate'],
    choices: ['stdio', 'http'],
    default: 'stdio',
  },
  {
    group: 'Serving',
    flags: '--host <address>',
    description: 'address to listen on',
    commands: RUN,
    default: '127.0.0.1',
  },
  {
    group: 'Serving',
    flags: '--port <number>',
    description: 'port to listen on; 0 takes a free one',
    commands: RUN,
    default: 8000,
    number: { min: 0, max: 65_535, whole: true },
  },
  { group: 'Serving', flags: '--path <path>', description: 'path of the MCP endpoint', commands: RUN, default: '/mcp' },
  {
    group: 'Serving',
    flags: '--allowed-host <host>',
    description: 'further Host header to answer to',
    commands: RUN,
    repeat: true,
  },
  {
    group: 'Serving',
    flags: '--allowed-origin <origin>',
    description: 'further Origin (web page) to answer to',
    commands: RUN,
    repeat: true,
  },
  {
    group: 'Serving',
    flags: '--insecure',
    description: 'listen beyond this machine without OPENAPI_MCP_TOKEN',
    commands: RUN,
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
    commands: ['run', 'generate'],
  },
  {
    group: 'Output',
    flags: '--log-level <level>',
    description: 'how much to say on stderr',
    commands: RUN,
    choices: LOG_LEVELS,
    default: 'info',
  },
  { group: 'Output', flags: '--quiet', description: 'say nothing but errors on stderr', commands: RUN },
  {
    group: 'Output',
    flags: '--fix <file>',
    description: 'write an OpenAPI Overlay that mends what needs no thought; the document stays as it is',
    commands: LINT,
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
  { group: 'Output', flags: '--json', description: 'report as JSON', commands: READING },
];

/** Adds the options of a command, as the table has them. */
export function addOptions(command: Command, name: CommandName): Command {
  for (const row of OPTIONS) if (row.commands.includes(name)) command.addOption(commanderOption(row));
  // Commander would add "(default: [])" and "(default: false)".
  return command.configureHelp({ optionDescription: (option) => option.description });
}

function commanderOption(row: OptionRow): Option {
  const notes = notesOf(row, row.default === undefined ? [] : [`default: ${row.default}`]);
  const option = new Option(row.flags, `${row.description}${notes}`).helpGroup(`${row.group}:`);
  if (!takesValue(row)) return option.default(option.negate);
  if (row.repeat) return option.default([]).argParser((value, previous: readonly string[]) => [...previous, value]);
  if (row.choices) option.choices(row.choices);
  if (row.number) option.argParser((value) => checkedNumber(value, row.number));
  if (row.required) option.makeOptionMandatory();
  return row.default === undefined ? option : option.default(row.default);
}

/** What follows the description in brackets. */
export function notesOf(row: OptionRow, more: readonly string[]): string {
  const notes = [...(row.choices ? [row.choices.join(', ')] : []), ...(row.repeat ? ['repeatable'] : []), ...more];
  return notes.length ? ` (${notes.join('; ')})` : '';
}

const takesValue = (row: OptionRow): boolean => row.flags.includes('<');

function checkedNumber(text: string, range: OptionRow['number']): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (range && value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`Give a ${range?.whole ? 'whole ' : ''}number from ${range?.min} to ${range?.max}.`);
}
