import { DocumentError } from '../../parse/api-document.ts';
import { OptionError } from '../../runtime/options/option-error.ts';
import { forTerminal } from './for-terminal.ts';
import { stdout } from './free-stdout.ts';

/** Exit codes, the same for every command. */
export const EXIT = {
  ok: 0,
  document: 1,
  usage: 2,
  network: 3,
  credential: 4,
  /** A tool was called and returned an error. */
  tool: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that ends the command: what is wrong, and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: ExitCode;
  readonly fix?: string;
  constructor(exit: ExitCode, message: string, fix?: string) {
    super(message);
    this.exit = exit;
    if (fix !== undefined) this.fix = fix;
  }
}

/** The command line asks for something that is not possible. */
export const usageError = (message: string, fix?: string): CommandError => new CommandError(EXIT.usage, message, fix);

/** One of several targets could not be opened: reported under its namespace, with the exit code of its cause. */
export class PartError extends Error {
  override readonly name = 'PartError';
  readonly namespace: string;
  constructor(namespace: string, cause: unknown) {
    super(`"${namespace}" cannot be opened.`, { cause });
    this.namespace = namespace;
  }
}

/** Several errors, reported in order, with the exit code of the first. */
export class SeveralErrors extends Error {
  override readonly name = 'SeveralErrors';
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    super(`${errors.length} errors.`);
    this.errors = errors;
  }
}

/** Prints the result of a command, the only output on stdout besides the protocol of a stdio server. */
export function print(text: string): void {
  stdout.write(`${forTerminal(text, stdout)}\n`);
}

/** The same, as JSON or as lines for people. */
export function printResult(json: boolean, result: unknown, lines: () => readonly string[]): void {
  if (json) print(JSON.stringify(result, null, 2));
  else for (const line of lines()) print(line);
}

/** Lines of a result under a heading, after an empty line; nothing without lines. */
export const section = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? ['', ink(stdout).bold(heading), ...lines] : [];

/** Prints everything else, to stderr. */
export function tell(text: string): void {
  process.stderr.write(`${forTerminal(text, process.stderr)}\n`);
}

/** Bold and red on a terminal, unless NO_COLOR is set (https://no-color.org); with FORCE_COLOR, everywhere. */
export function ink(stream: NodeJS.WriteStream): { bold(text: string): string; red(text: string): string } {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const on = !NO_COLOR && (isForced || (stream.isTTY === true && TERM !== 'dumb' && FORCE_COLOR !== '0'));
  const wrap = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), red: wrap(31) };
}

/** What `--json` prints for an error: one line of JSON, the same for every command. */
export interface ErrorReport {
  readonly error: {
    readonly message: string;
    /** What to do about it, possibly several lines. */
    readonly fix: string | null;
    readonly exit: ExitCode;
  };
}

/**
 * Reports on stderr why the command ends, and returns the exit code.
 *
 * @param options.report also receives an {@link ErrorReport}
 */
export function tellError(
  error: unknown,
  { report }: { report?: ((text: string) => void) | undefined } = {},
): ExitCode {
  const { message, lines, exit } = describe(error);
  const told: ErrorReport = { error: { message, fix: lines.join('\n') || null, exit } };
  report?.(JSON.stringify(told));
  // With --json, a server logs only JSON to stderr.
  if (report === tell) return exit;
  tell([`${ink(process.stderr).red('error:')} ${message}`, ...lines.map((line) => `  ${line}`)].join('\n'));
  return exit;
}

interface Description {
  readonly message: string;
  readonly lines: readonly string[];
  readonly exit: ExitCode;
}

function describe(error: unknown): Description {
  if (error instanceof PartError) {
    const cause = describe(error.cause);
    return { ...cause, message: `${error.namespace}: ${cause.message}` };
  }
  if (error instanceof SeveralErrors) {
    const errors = error.errors.map(describe);
    const lines = errors.flatMap((each) => [each.message, ...each.lines.map((line) => `  ${line}`)]);
    return { message: error.message, lines, exit: errors[0]?.exit ?? EXIT.document };
  }
  if (error instanceof CommandError) {
    return { message: error.message, lines: error.fix === undefined ? [] : [error.fix], exit: error.exit };
  }
  if (error instanceof DocumentError) {
    const exit = error.kind === 'network' ? EXIT.network : EXIT.document;
    return { message: error.message, lines: [`in: ${error.location}`, error.fix], exit };
  }
  if (error instanceof OptionError && error.option !== undefined) {
    return { message: `--${error.option.replace('.', ' ')} ${error.reason}`, lines: [], exit: EXIT.usage };
  }
  if (error instanceof Error && !isDefect(error)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint.split('\n') : [];
    return { message: error.message, lines: hint, exit: exitOf(error) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: 'openapi-mcp crashed. Please report this:', lines: stack.split('\n'), exit: EXIT.document };
}

/** Built-in errors are bugs in openapi-mcp: a bug report needs the stack. */
const isDefect = (error: Error): boolean =>
  ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AssertionError'].includes(error.name);

/** Errors of other stages are recognised by `code`. Errors without a code concern the user's options and variables. */
function exitOf(error: Error): ExitCode {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^TOKEN_(?:KEY|RECORD|FILE|STORE)/.test(code)) return EXIT.credential;
  switch (code) {
    case 'TOKEN_REQUIRED':
    case 'MISSING_CREDENTIAL':
    case 'CREDENTIAL_REFUSED':
    case 'SIGNING_FAILED':
    case 'VARIABLE_MISSING':
    case 'LOGIN_CLIENT_MISSING':
    case 'LOGIN_UNDISCOVERABLE':
    case 'LOGIN_REFUSED':
    case 'LOGIN_TIMEOUT':
    case 'STORE_REFUSED':
    case 'STORE_KEY_REQUIRED':
      return EXIT.credential;
    case 'PORT_IN_USE':
    case 'CANNOT_LISTEN':
    case 'AUTH_PROVIDER_UNREACHABLE':
    case 'LOGIN_UNREACHABLE':
    case 'STORE_UNAVAILABLE':
      return EXIT.network;
    case 'MODULE_FAILED':
    case 'CONFIG_MALFORMED':
    case 'CONFIG_NOT_EDITABLE':
    case 'PATH_IN_THE_WAY':
    case 'AUTH_ISSUER_MISMATCH':
    case 'AUTH_DISCOVERY_INVALID':
    case 'LOGIN_METADATA_INVALID':
    case 'LOGIN_UNSUPPORTED':
      return EXIT.document;
    default:
      return EXIT.usage;
  }
}

/**
 * Exits quietly if the reader of stdout goes away (`openapi-mcp inspect … | head`). Otherwise Node would print a stack
 * trace for the EPIPE.
 */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      throw error;
    });
  }
}

/** Exits after all output has been flushed: writes to a pipe are asynchronous, and `process.exit` would drop them. */
export function exitAfterFlush(code: ExitCode): void {
  stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
