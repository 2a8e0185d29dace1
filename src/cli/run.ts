import type { OpenedApi } from '../proxy.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { interruption } from './interruption.ts';
import { openDocument } from './open-document.ts';
import type { LogLevel, RunFlags } from './options.ts';
import { runProxyOptions } from './proxy-options.ts';
import { CommandError, EXIT, type ExitCode, print, tell } from './report.ts';
import { startReport, startReportLines } from './start-report.ts';

/** `openapi-mcp run`: serves the document until the client goes away or the process is told to end. */
export async function run(document: string, flags: RunFlags): Promise<ExitCode> {
  if (document === '-' && flags.transport === 'stdio' && !flags.dryRun) throw stdinTaken();
  const environment = readEnvironment(flags.envFile);
  const api = await openDocument(document, runProxyOptions(flags, environment), { emptyPaths: 'served' });
  if (api.found > 0 && api.model.operations.length === 0) throw await nothingToServe(api);
  report(api, flags);
  if (flags.dryRun) {
    await api.provider.close();
    return EXIT.ok;
  }
  return flags.transport === 'http' ? serveOverHttp(api, flags, environment) : serveOverStdio(api, flags);
}

function stdinTaken(): CommandError {
  return new CommandError(
    EXIT.usage,
    'The document cannot come from stdin (-) while stdio carries the protocol.',
    'Give the path or URL of the document, or serve with --transport http.',
  );
}

async function nothingToServe({ provider, found, filtered, problems }: OpenedApi): Promise<CommandError> {
  await provider.close();
  if (filtered > 0) {
    const message = `The filters leave out ${filtered} of ${found} operations, so there is nothing to serve.`;
    return new CommandError(EXIT.usage, message, 'Change --include, --exclude, --route or --read-only.');
  }
  const lost = problems.filter((problem) => problem.operation !== undefined);
  const message = `None of the ${found} operations can be served. ${lost[0]?.pointer ?? '#'}: ${lost[0]?.message ?? ''}`;
  return new CommandError(EXIT.document, message, 'openapi-mcp inspect shows every problem.');
}

/** With `--dry-run` the report is the result; otherwise it goes to stderr, for stdout belongs to the protocol. */
function report(api: OpenedApi, flags: RunFlags): void {
  const say = flags.dryRun ? print : tell;
  const start = startReport(api);
  if (flags.json) say(JSON.stringify(start));
  else for (const line of startReportLines(start, flags.dryRun ? 'info' : logLevel(flags))) say(line);
}

const logLevel = ({ quiet, logLevel }: RunFlags): LogLevel => (quiet ? 'error' : logLevel);

const onError = (error: Error): void => tell(`error: ${error.message}`);

async function serveOverStdio({ provider }: OpenedApi, flags: RunFlags): Promise<ExitCode> {
  const { serveStdio } = await import('../runtime/serve/stdio.ts');
  const interrupted = interruption();
  const connection = await serveStdio(provider, { onError });
  if (process.stdin.isTTY && !flags.quiet && !flags.json) {
    tell('Waiting for an MCP client on stdin. Clients start this command themselves; press Ctrl+C to end.');
  }
  const exit = await Promise.race([connection.closed.then(() => EXIT.ok), interrupted]);
  await connection.close();
  return exit;
}

async function serveOverHttp({ provider }: OpenedApi, flags: RunFlags, environment: Environment): Promise<ExitCode> {
  const { serveHttp } = await import('../runtime/serve/node-http.ts');
  const interrupted = interruption();
  const server = await serveHttp(provider, {
    host: flags.host,
    port: flags.port,
    path: flags.path,
    // An empty variable is one that was meant to be set: it must not open the door.
    token: environment.OPENAPI_MCP_TOKEN || undefined,
    insecure: flags.insecure,
    allowedHosts: flags.allowedHost,
    allowedOrigins: flags.allowedOrigin,
    onError,
  });
  if (flags.json) tell(JSON.stringify({ serving: server.url }));
  else if (!flags.quiet) tell(`Serving ${server.url}`);
  const exit = await interrupted;
  await server.close();
  return exit;
}
