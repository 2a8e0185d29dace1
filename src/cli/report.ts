import { DocumentError } from '../parse/api-document.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import { forTerminal } from './for-terminal.ts';
import { stdout } from './free-stdout.ts';

/** Exit codes, the same for every command. */
export const EXIT = {
  ok: 0,
  document: 1,
  usage: 2,
  network: 3,
  credential: 4,
  /** A tool was called, and its result is an error. */
  tool: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that ends the command: what is wrong, and what to do about it. */
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

/** One of several things to open could not be: told under its namespace, with the exit code of its cause. */
export class PartError extends Error {
  override readonly name = 'PartError';
  readonly namespace: string;
  constructor(namespace: string, cause: unknown) {
    super(`"${namespace}" cannot be opened.`, { cause });
    this.namespace = namespace;
  }
}

/** More than one thing is wrong: told one after the other, with the exit code of the first. */
export class SeveralErrors extends Error {
  override readonly name = 'SeveralErrors';
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    super(`${errors.length} errors.`);
    this.errors = errors;
  }
}

/** The result of a command: the only thing that stands on stdout, next to the protocol of a stdio server. */
export function print(text: string): void {
  stdout.write(`${forTerminal(text, stdout)}\n`);
}

/** Everything else. */
export function tell(text: string): void {
  process.stderr.write(`${forTerminal(text, process.stderr)}\n`);
}

/** Bold and red where a person looks at it: on a terminal, unless NO_COLOR is set (https://no-color.org). */
export function ink(stream: NodeJS.WriteStream): { bold(text: string): string; red(text: string): string } {
  const on = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  const wrap = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), red: wrap(31) };
}

/** What `--json` prints of an error in place of a result: one line of JSON, the same for every command. */
export interface ErrorReport {
  readonly error: {
    readonly message: string;
    /** What to do about it; several lines where there is more to say. */
    readonly fix: string | null;
    readonly exit: ExitCode;
  };
}

/**
 * Says on stderr why the command ends, and returns the exit code.
 *
 * @param options.report takes an {@link ErrorReport} too, where one was asked for.
 */
export function tellError(
  error: unknown,
  { report }: { report?: ((text: string) => void) | undefined } = {},
): ExitCode {
  const { message, lines, exit } = describe(error);
  const told: ErrorReport = { error: { message, fix: lines.join('\n') || null, exit } };
  report?.(JSON.stringify(told));
  // A server that is started with --json logs JSON to stderr, and nothing else.
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
    return { message: `--${error.message.replace('.', ' ')}`, lines: [], exit: EXIT.usage };
  }
  if (error instanceof Error && !isDefect(error)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint.split('\n') : [];
    return { message: error.message, lines: hint, exit: exitOf(error) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: 'openapi-mcp crashed. Please report this:', lines: stack.split('\n'), exit: EXIT.document };
}

/** What the language throws is a mistake of ours: the stack is what a report of it needs. */
const isDefect = (error: Error): boolean =>
  ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AssertionError'].includes(error.name);

/** Errors of other stages are told by `code`; what they refuse without one are the user's options and variables. */
function exitOf(error: Error): ExitCode {
  switch ('code' in error ? error.code : undefined) {
    case 'TOKEN_REQUIRED':
    case 'MISSING_CREDENTIAL':
    case 'CREDENTIAL_REFUSED':
    case 'VARIABLE_MISSING':
      return EXIT.credential;
    case 'PORT_IN_USE':
    case 'CANNOT_LISTEN':
      return EXIT.network;
    case 'MODULE_FAILED':
    case 'PATH_IN_THE_WAY':
      return EXIT.document;
    default:
      return EXIT.usage;
  }
}

/**
 * A reader that goes away (`openapi-mcp inspect … | head`) ends the process quietly; without this, Node would print a
 * stack trace for the EPIPE.
 */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      throw error;
    });
  }
}

/** Ends the process after everything printed has left it: writes to a pipe are asynchronous, `process.exit` drops them. */
export function exitAfterFlush(code: ExitCode): void {
  stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
