import { Argument, Command, CommanderError } from 'commander';
import type { CommandName } from '../options/commands.ts';
import { EXAMPLES } from '../options/examples.ts';
import type { FlagsOf } from '../options/flags.ts';
import { VERSION } from '../version.ts';
import { callWords, listWords } from './client/arguments/call-words.ts';
import { addOptions, readCommandLine } from './flags/command-options.ts';
import {
  type ErrorReport,
  EXIT,
  type ExitCode,
  endQuietlyOnBrokenPipe,
  exitAfterFlush,
  print,
  tell,
  tellError,
} from './output/report.ts';
import { endStartedProcesses } from './process/started-processes.ts';
import type { TargetWords } from './targets/describe-target.ts';

// Commands are imported on demand, which keeps startup fast.

/** Commands that take a server command after `--`, whose options are not ours. */
const STARTING: readonly string[] = [
  'run',
  'dev',
  'inspect',
  'install',
  'pack',
  'call',
  'list',
  'read',
  'prompt',
] satisfies CommandName[];

const DOCUMENT = 'file or URL of an OpenAPI document; - reads it from stdin';
const DIFF_TARGETS =
  'the old version, then the new one: OpenAPI document, module, server or config file; the old version may also be a lock file; default: openapi-mcp.lock.json and the config file in this folder';
const LOGIN_TARGET = 'OpenAPI document (file or URL), or config file (or its folder)';
const TARGETS =
  'OpenAPI document (file, URL, or - for stdin), JS/TS module, mcp+http(s):// URL of a server, or config file; pass several as name=target; default: the config file in this folder; or -- and the command of a server';
const TARGET =
  'OpenAPI document (file or URL), JS/TS module, mcp+http(s):// URL of a server, or config file (or its folder); or, at the end, -- and the command of a server';

const LIVE_TARGETS =
  'OpenAPI document (file, URL, or - for stdin), or config file; pass several as name=target; default: the config file in this folder';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** Runs the command that the words of `process.argv` name, and ends the process with its exit code. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  endQuietlyOnBrokenPipe();
  endStartedProcesses();
  exitAfterFlush(await main(argv));
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const { own, started } = splitAtDashes(argv);
  // What many programs call it.
  if (own[2] === '-v') return main([...own.slice(0, 2), '-V']);
  let exit: ExitCode = EXIT.ok;
  const program = describeProgram({ started, ended: (code) => (exit = code) });
  describeOptions(program, own[2]);
  try {
    // The scripts of `completion` ask with this word.
    if (own[2] === 'complete') (await import('./commands/completion.ts')).answerCompletion(program);
    await program.parseAsync(own);
    return exit;
  } catch (error) {
    const report = errorReporter(own);
    if (!(error instanceof CommanderError)) return tellError(error, { report });
    // Commander has already reported the error; --help and --version also end here, with 0.
    if (error.exitCode === 0) return EXIT.ok;
    const wrong = { message: error.message.replace(/^error: /, ''), fix: null, exit: EXIT.usage };
    report?.(JSON.stringify({ error: wrong } satisfies ErrorReport));
    return EXIT.usage;
  }
}

/** Commands whose errors can be printed as JSON on stdout. A stdio server needs stdout for the protocol. */
function errorReporter(own: readonly string[]): ((text: string) => void) | undefined {
  const [, , command, ...words] = own;
  if (!words.includes('--json') && !/ --format[ =]json\b/.test(` ${words.join(' ')}`)) return undefined;
  const serves = command === 'run' || command === 'dev';
  return serves && !words.includes('--dry-run') ? tell : print;
}

function splitAtDashes(argv: readonly string[]): { own: readonly string[]; started: readonly string[] | undefined } {
  const at = STARTING.includes(argv[2] ?? '') ? argv.indexOf('--') : -1;
  return at < 0 ? { own: argv, started: undefined } : { own: argv.slice(0, at), started: argv.slice(at + 1) };
}

interface Means {
  /** The words after `--`. */
  readonly started: readonly string[] | undefined;
  readonly ended: (exit: ExitCode) => void;
}

function describeProgram({ started, ended }: Means): Command {
  const program = new Command('openapi-mcp')
    .description('Serve any OpenAPI document as an MCP server.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showHelpAfterError('See openapi-mcp --help.');
  describeServing(program, { started, ended });
  command(program, 'inspect', 'show what would be served: tools, resources, sizes, problems')
    .argument('[targets...]', TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { inspect } = await import('./commands/inspect.ts');
      ended(await inspect({ targets, command: started }, readCommandLine<FlagsOf<'inspect'>>(self)));
    });
  describeChecks(program, ended);
  command(program, 'generate', 'write a typed TypeScript project that serves a document')
    .argument('<document>', DOCUMENT)
    .action(async (document: string, _, self: Command) => {
      const { generate } = await import('./commands/generate.ts');
      ended(await generate(document, readCommandLine<FlagsOf<'generate'>>(self).flags));
    });
  describeInstalling(program, { started, ended });
  command(program, 'eject', 'replace the openapi-mcp dependency of a generated project with a copy of its runtime')
    .argument('[folder]', 'folder of the project', '.')
    .action(async (folder: string, _, self: Command) => {
      const { eject } = await import('./commands/eject.ts');
      ended(await eject(folder, readCommandLine<FlagsOf<'eject'>>(self).flags));
    });
  command(program, 'call', 'call one tool and print its result')
    .argument('[target...]', `${TARGET}; then the tool, and its arguments as name=value`)
    .usage('<target> <tool> [name=value...] [options]')
    .action(async (words: readonly string[], _, self: Command) => {
      const { call } = await import('./commands/call.ts');
      ended(await call(callWords(words, started, 'tool'), readCommandLine<FlagsOf<'call'>>(self)));
    });
  command(program, 'list', 'list tools, resources, templates and prompts, or show the arguments of one')
    .argument('[target...]', `${TARGET}; then a tool or prompt, to show its arguments`)
    .usage('<target> [name] [options]')
    .action(async (words: readonly string[], _, self: Command) => {
      const { list } = await import('./commands/list.ts');
      ended(await list(listWords(words, started), readCommandLine<FlagsOf<'list'>>(self)));
    });
  command(program, 'read', 'read one resource')
    .argument('[target...]', `${TARGET}; then the URI of the resource`)
    .usage('<target> <uri> [options]')
    .action(async (words: readonly string[], _, self: Command) => {
      const { read } = await import('./commands/read.ts');
      ended(await read(callWords(words, started, 'URI'), readCommandLine<FlagsOf<'read'>>(self)));
    });
  command(program, 'prompt', 'print the messages of one prompt')
    .argument('[target...]', `${TARGET}; then the prompt, and its arguments as name=value`)
    .usage('<target> <prompt> [name=value...] [options]')
    .action(async (words: readonly string[], _, self: Command) => {
      const { prompt } = await import('./commands/prompt.ts');
      ended(await prompt(callWords(words, started, 'prompt'), readCommandLine<FlagsOf<'prompt'>>(self)));
    });
  describeAuth(program, ended);
  describeHelp(program, ended);
  return program;
}

/** Commands that serve MCP clients. */
function describeServing(program: Command, { started, ended }: Means): void {
  command(program, 'run', 'serve documents, modules and other servers to MCP clients, over stdio or HTTP')
    .argument('[targets...]', TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { run } = await import('./commands/run.ts');
      ended(await run({ targets, command: started }, readCommandLine<FlagsOf<'run'>>(self)));
    });
  command(program, 'dev', 'serve over HTTP on this computer, reload after each edit, and print every call')
    .argument('[targets...]', TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { dev } = await import('./commands/dev.ts');
      ended(await dev({ targets, command: started }, readCommandLine<FlagsOf<'dev'>>(self)));
    });
}

/** Commands that say what is wrong, or what changed. */
function describeChecks(program: Command, ended: Means['ended']): void {
  command(program, 'diff', 'show what changed for models and for the API, and whether it breaks them')
    .argument('[targets...]', DIFF_TARGETS)
    .usage('[old] [new] [options]')
    .action(async (targets: readonly string[], _, self: Command) => {
      const { diff } = await import('./commands/diff.ts');
      ended(await diff(targets, readCommandLine<FlagsOf<'diff'>>(self)));
    });
  command(program, 'lint', 'validate a document and give advice for models')
    .argument('<document>', DOCUMENT)
    .action(async (document: string, _, self: Command) => {
      const { lint } = await import('./commands/lint.ts');
      ended(await lint(document, readCommandLine<FlagsOf<'lint'>>(self).flags));
    });
  command(program, 'check', 'call the safe operations of an API, and report where responses contradict the document')
    .argument('[targets...]', LIVE_TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { check } = await import('./commands/check.ts');
      ended(await check({ targets, command: undefined }, readCommandLine<FlagsOf<'check'>>(self)));
    });
}

/** Commands that bring a target to clients and to other computers. */
function describeInstalling(program: Command, { started, ended }: Means): void {
  command(program, 'init', 'write a config file for a document or a running API, and add it to MCP clients')
    .argument('[document]', 'file or URL of an OpenAPI document, or the URL of a running API')
    .action(async (document: string | undefined, _, self: Command) => {
      const { init } = await import('./commands/init.ts');
      ended(await init(document, readCommandLine<FlagsOf<'init'>>(self)));
    });
  command(program, 'install', 'add a target to the config file of an MCP client, which then starts it')
    .argument('[targets...]', TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { install } = await import('./commands/install.ts');
      ended(await install({ targets, command: started }, readCommandLine<FlagsOf<'install'>>(self)));
    });
  command(program, 'pack', 'write what others need to install or deploy a target: a bundle, an image, a package …')
    .argument('[targets...]', TARGETS)
    .action(async (targets: readonly string[], _, self: Command) => {
      const { pack } = await import('./commands/pack.ts');
      ended(await pack({ targets, command: started }, readCommandLine<FlagsOf<'pack'>>(self)));
    });
  command(program, 'uninstall', 'remove what install added; files that nobody changed since get their bytes back')
    .argument('<name>', 'name of the server in the client')
    .action(async (name: string, _, self: Command) => {
      const { uninstall } = await import('./commands/uninstall.ts');
      ended(await uninstall(name, readCommandLine<FlagsOf<'uninstall'>>(self)));
    });
  command(program, 'discover', 'list the servers that the MCP clients of this computer are configured with').action(
    async (_, self: Command) => {
      const { discoverServers } = await import('./commands/discover.ts');
      ended(await discoverServers(readCommandLine<FlagsOf<'discover'>>(self)));
    },
  );
}

/** Commands that help to use the others. */
function describeHelp(program: Command, ended: Means['ended']): void {
  command(program, 'explain', 'print what the code of an error, problem or lint rule means, and what to do about it')
    .argument('[code]', 'a code such as MISSING_CREDENTIAL; default: list all')
    .action(async (code: string | undefined, _, self: Command) => {
      const { explain } = await import('./commands/explain.ts');
      ended(explain(code, readCommandLine<FlagsOf<'explain'>>(self).flags));
    });
  command(program, 'completion', 'print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: string) => {
      const { printCompletion } = await import('./commands/completion.ts');
      printCompletion(shell);
    });
}

/** The commands of `openapi-mcp auth`. */
function describeAuth(program: Command, ended: Means['ended']): void {
  const auth = program
    .command('auth')
    .description('log in to APIs that need a person (OAuth 2.0, OpenID Connect)')
    .showHelpAfterError('See openapi-mcp auth --help.');
  command(auth, 'auth login', 'log in with a browser, and store the tokens for run, call, list, read and prompt')
    .argument('[target]', LOGIN_TARGET)
    .action(async (target: string | undefined, _, self: Command) => {
      const { authLogin } = await import('./commands/auth-login.ts');
      ended(await authLogin(targetWords(target), readCommandLine<FlagsOf<'auth login'>>(self)));
    });
  command(auth, 'auth status', 'show stored logins, and when they expire')
    .argument('[target]', `${LOGIN_TARGET}; default: all logins`)
    .action(async (target: string | undefined, _, self: Command) => {
      const { authStatus } = await import('./commands/auth-status.ts');
      ended(await authStatus(targetWords(target), readCommandLine<FlagsOf<'auth status'>>(self)));
    });
  command(auth, 'auth logout', 'revoke and delete the login')
    .argument('[target]', LOGIN_TARGET)
    .action(async (target: string | undefined, _, self: Command) => {
      const { authLogout } = await import('./commands/auth-logout.ts');
      ended(await authLogout(targetWords(target), readCommandLine<FlagsOf<'auth logout'>>(self)));
    });
}

function targetWords(target: string | undefined): TargetWords {
  return { targets: target === undefined ? [] : [target], command: undefined };
}

/** Adds the options of the command that is asked for, if there is one of that name: those of all take 3 ms. */
function describeOptions(program: Command, asked: string | undefined): void {
  const found = program.commands.filter((each) => each.name() === asked);
  for (const command of found.length > 0 ? found : program.commands) {
    addOptions(command, command.name() as CommandName);
    for (const part of command.commands) addOptions(part, `${command.name()} ${part.name()}` as CommandName);
  }
}

function command(program: Command, name: CommandName, description: string): Command {
  // A command of a group: `auth login`.
  return program
    .command(name.slice(name.indexOf(' ') + 1))
    .description(description)
    .showHelpAfterError(`See openapi-mcp ${name} --help.`)
    .addHelpText('after', `\nExamples:\n${EXAMPLES[name].map((line) => `  ${line}\n`).join('')}`);
}
