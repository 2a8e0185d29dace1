#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { addOptions, type GenerateFlags, type LintFlags, type RunFlags, type SharedFlags } from './options.ts';
import { quickStart } from './quick-start.ts';
import { EXIT, type ExitCode, endQuietlyOnBrokenPipe, exitAfterFlush, tellError } from './report.ts';

// Commands are imported when they are called: a server that is started often should not wait for what it does not use.

quickStart();
endQuietlyOnBrokenPipe();
exitAfterFlush(await main(process.argv));

async function main(argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const program = describeProgram({
    run: async (document, flags) => {
      exit = await (await import('./run.ts')).run(document, flags);
    },
    inspect: async (document, flags) => {
      exit = await (await import('./inspect.ts')).inspect(document, flags);
    },
    generate: async (document, flags) => {
      exit = await (await import('./generate.ts')).generate(document, flags);
    },
    lint: async (document, flags) => {
      exit = await (await import('./lint.ts')).lint(document, flags);
    },
  });
  try {
    await program.parseAsync(argv);
    return exit;
  } catch (error) {
    // Commander has already said what is wrong with the command line; --help and --version end here too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return tellError(error);
  }
}

interface Actions {
  run(document: string, flags: RunFlags): Promise<void>;
  inspect(document: string, flags: SharedFlags): Promise<void>;
  generate(document: string, flags: GenerateFlags): Promise<void>;
  lint(document: string, flags: LintFlags): Promise<void>;
}

function describeProgram(actions: Actions): Command {
  const program = new Command('openapi-mcp')
    .description('Serve any OpenAPI document as an MCP server.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showHelpAfterError('See openapi-mcp --help.');
  const run = program
    .command('run')
    .description('serve a document to MCP clients, over stdio or HTTP')
    .argument('<document>', 'file or URL of an OpenAPI document; - reads it from stdin')
    .action((document: string, flags: RunFlags) => actions.run(document, flags));
  const inspect = program
    .command('inspect')
    .description('show what would be served: tools, resources, sizes, problems')
    .argument('<document>', 'file or URL of an OpenAPI document; - reads it from stdin')
    .action((document: string, flags: SharedFlags) => actions.inspect(document, flags));
  const lint = program
    .command('lint')
    .description('validate a document, and say what a model would trip over')
    .argument('<document>', 'file or URL of an OpenAPI document; - reads it from stdin')
    .action((document: string, flags: LintFlags) => actions.lint(document, flags));
  const generate = program
    .command('generate')
    .description('write a typed TypeScript project that serves a document')
    .argument('<document>', 'file or URL of an OpenAPI document; - reads it from stdin')
    .action((document: string, flags: GenerateFlags) => actions.generate(document, flags));
  addOptions(run, 'run').showHelpAfterError('See openapi-mcp run --help.');
  addOptions(inspect, 'inspect').showHelpAfterError('See openapi-mcp inspect --help.');
  addOptions(generate, 'generate').showHelpAfterError('See openapi-mcp generate --help.');
  addOptions(lint, 'lint').showHelpAfterError('See openapi-mcp lint --help.');
  return program;
}
