import type { LogLevel } from '../../options/choices.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { secretsToHide } from '../../runtime/api/conceal/secrets-of.ts';
import { isLoopback } from '../../runtime/serve/http/loopback.ts';
import type { HttpServerOptions } from '../../runtime/serve/http/node-http.ts';
import type { SharedStore } from '../../runtime/shared-store.ts';
import { callerAuth, checkConnecting, splitAuth } from '../flags/caller-auth.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type Environment, readEnvironment } from '../flags/environment.ts';
import { type CommandError, EXIT, type ExitCode, tell, usageError } from '../output/report.ts';
import { interruption } from '../process/interruption.ts';
import { isSpeaker, isWorker, tellServing } from '../process/worker.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import type { RefreshListener } from '../targets/open-document.ts';
import { openTarget } from '../targets/open-target.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { readsStdin } from '../targets/target.ts';
import type { Served } from './inspect-run.ts';
import { withKeptResults } from './kept-results.ts';
import { type ListReport, listedAs } from './listed-as.ts';
import { checkProcesses, openSharedStore } from './open-shared-store.ts';
import { errorTeller, reportStart } from './report-start.ts';
import { serveOverStdio } from './serve-over-stdio.ts';
import type { Recorded } from './with-telemetry.ts';

/** `openapi-mcp run`: serves the target until the client disconnects or the process is signalled. */
export async function run(words: TargetWords, given: CommandLine<FlagsOf<'run'>>): Promise<ExitCode> {
  const { flags: credentials, provider: identity } = splitAuth(given.flags);
  const line = { ...given, flags: credentials };
  const target = describeTarget(words);
  if (readsStdin(target) && line.flags.transport === 'stdio' && !line.flags.dryRun) throw stdinTaken();
  const environment = readEnvironment(line.flags.envFile);
  const onError = errorTeller(line.flags.json);
  const isGiven = line.given.transport !== undefined;
  const opened = await openTarget(target, {
    ...line,
    environment,
    purpose: 'serve',
    exec: true,
    refreshing: refreshListener(line.flags),
    onError,
    ...(isGiven && { transport: line.flags.transport }),
  });
  // Flags override the config file, which overrides the defaults.
  const settled: FlagsOf<'run'> = { ...line.flags, ...opened.settings, ...line.given };
  // The process that has started it has reported everything.
  const flags = isWorker() ? { ...settled, quiet: true } : settled;
  checkPinned(flags, line.given.pin !== undefined);
  const callers = callerAuth(opened.settings.callers, identity, flags, environment);
  if (callers && flags.transport === 'stdio') tellStdio(flags, identity !== undefined);
  if (flags.inspector) checkInspector(flags);
  checkProcesses(flags, line.given);
  if (flags.transport === 'http') checkConnecting(connectedScheme(opened), callers);
  const level = flags.dryRun ? 'info' : logLevel(flags);
  const listed = await listedAs(opened, flags, { environment, isReported: flags.json || level !== 'error' });
  await reportStart(opened, listed.list, { ...flags, level });
  if (flags.dryRun) {
    await opened.provider.close();
    return EXIT.ok;
  }
  if (flags.workers > 1 && flags.transport === 'http' && !isWorker()) {
    await opened.provider.close();
    const { superviseWorkers } = await import('./workers.ts');
    return superviseWorkers({ count: flags.workers, quiet: flags.quiet, json: flags.json });
  }
  const kept = await withKeptResults(listed.provider, opened.provider, flags);
  const recorded = await recordedBy(await watched(kept, opened, flags), flags, environment);
  try {
    return await serve({ opened, listed: listed.list, flags, callers, environment, recorded });
  } finally {
    await recorded.close();
  }
}

interface ServeParts {
  readonly opened: OpenedTarget;
  readonly listed: ListReport;
  readonly flags: FlagsOf<'run'>;
  readonly callers: ReturnType<typeof callerAuth>;
  readonly environment: Environment;
  readonly recorded: Recorded;
}

async function serve(parts: ServeParts): Promise<ExitCode> {
  const { opened, listed, flags, callers, environment, recorded } = parts;
  const { provider, onSession } = recorded;
  if (flags.transport === 'stdio') return serveOverStdio(provider, { ...flags, onSession });
  const token = opened.settings.token ?? environment.OPENAPI_MCP_TOKEN;
  const inspected = flags.inspector
    ? (await import('./inspect-run.ts')).inspectRun({ provider, opened, mode: listed.mode, token })
    : undefined;
  const store = await openSharedStore(flags, {
    environment,
    name: provider.info.name,
    authenticates: callers !== undefined || token !== undefined,
  });
  try {
    const served = { onSession, ...(inspected ?? { provider }) };
    return await serveCallers(served, { callers, token, store, flags, environment });
  } finally {
    await store?.close();
  }
}

type ServedOverHttp = Served & Pick<Recorded, 'onSession'>;

interface Serving extends Pick<ServeParts, 'callers' | 'flags' | 'environment'> {
  readonly token: string | undefined;
  readonly store: SharedStore | undefined;
}

async function serveCallers(
  served: ServedOverHttp,
  { callers, token, store, flags, environment }: Serving,
): Promise<ExitCode> {
  if (!callers) return serveOverHttp(served, flags, { token, auth: undefined, store });
  const { openCallerAuth } = await import('../flags/open-caller-auth.ts');
  const onError = errorTeller(flags.json);
  const { auth, notices, close } = await openCallerAuth(callers, { flags, environment, onError, store });
  if (!flags.quiet && !flags.json) notices.forEach(tell);
  try {
    return await serveOverHttp(served, flags, { token, auth, store });
  } finally {
    await close();
  }
}

/** Says what has changed, and why a changed document is not served. */
function refreshListener({ json, quiet: isQuiet }: FlagsOf<'run'>): RefreshListener {
  const quiet = isQuiet || !isSpeaker();
  // Loaded when the first document has changed.
  const reloads = () => import('../output/reloads.ts');
  return {
    async onRefresh({ changes, before, after }, namespace) {
      (await reloads()).tellReload(changes, { before, after }, { json, quiet, namespace });
    },
    async onError(error, namespace) {
      if (isSpeaker()) (await reloads()).tellNotReloaded(error, { json, namespace });
    },
  };
}

/** Loaded only if it is asked for. */
async function recordedBy(provider: Provider, flags: FlagsOf<'run'>, environment: Environment): Promise<Recorded> {
  if (!flags.otel && flags.metricsPort === undefined) return { provider, close: async () => {} };
  const { withTelemetry } = await import('./with-telemetry.ts');
  return withTelemetry(provider, flags, environment);
}

/** The page calls every tool without a token: it is for whoever sits at this machine. */
function checkInspector({ transport, host, path }: FlagsOf<'run'>): void {
  if (transport === 'stdio') throw usageError('--inspector has no effect over stdio.', 'Add --transport http.');
  if (!isLoopback(host)) {
    const problem = `--inspector is for browsers on this machine, but other machines can reach ${host}.`;
    throw usageError(problem, 'Listen on 127.0.0.1, or leave out --inspector.');
  }
  if (/^\/inspector(?:\/|$)/.test(path))
    throw usageError(`The path ${path} is that of the inspector.`, 'Choose another --path.');
}

const connectedScheme = ({ apis }: OpenedTarget): string | undefined =>
  apis.flatMap(({ api }) => api.credentials).find(({ connect }) => connect)?.scheme;

/** A config file may be used over either transport; a flag is meant for this start. */
function tellStdio({ quiet }: FlagsOf<'run'>, isFlag: boolean): void {
  if (isFlag) {
    const problem =
      '--auth <provider> has no effect over stdio, where only the process that starts the server can call it.';
    throw usageError(problem, 'Add --transport http.');
  }
  if (!quiet)
    tell(
      'The section auth of the config applies to HTTP. Over stdio, only the process that starts the server can call it.',
    );
}

type Provider = OpenedTarget['provider'];

/** Pinned tools of a config file have no effect if a flag sets another mode. */
function checkPinned({ mode, pin, quiet }: FlagsOf<'run'>, isFlag: boolean): void {
  if (pin.length === 0 || mode === 'search' || mode === 'auto') return;
  const problem = `Pinned tools have no effect in mode "${mode}".`;
  if (isFlag) throw usageError(problem, 'Leave out --pin, or use --mode search or auto.');
  if (!quiet) tell(problem);
}

function stdinTaken(): CommandError {
  return usageError(
    'The document cannot be read from stdin (-), because the stdio transport uses stdin.',
    'Pass the path or URL of the document, or serve with --transport http.',
  );
}

const logLevel = ({ quiet, logLevel }: Pick<FlagsOf<'run'>, 'quiet' | 'logLevel'>): LogLevel =>
  quiet ? 'error' : logLevel;

/** At `debug`, every call is logged, without secrets. Otherwise nothing wraps the calls. */
async function watched(provider: Provider, opened: OpenedTarget, flags: FlagsOf<'run'>): Promise<Provider> {
  if (logLevel(flags) !== 'debug') return provider;
  const { withCallLog } = await import('../output/call-log.ts');
  const secrets = () => opened.apis.flatMap(({ api }) => secretsToHide(api.secretSources()));
  return withCallLog(provider, { json: flags.json, secrets });
}

async function serveOverHttp(
  { provider, inspector, onSession }: ServedOverHttp,
  flags: FlagsOf<'run'>,
  shared: Pick<HttpServerOptions, 'token' | 'auth' | 'store'>,
): Promise<ExitCode> {
  const { serveHttp } = await import('../../runtime/serve/http/node-http.ts');
  // At a terminal, SIGINT reaches all processes, and the one that has started the others ends them.
  if (isWorker()) process.on('SIGINT', () => {});
  const interrupted = isWorker() ? interruption(['SIGTERM']) : interruption();
  const server = await serveHttp(provider, {
    host: flags.host,
    port: flags.port,
    path: flags.path,
    // An empty variable was probably set by mistake: it is rejected, instead of serving without a token.
    ...shared,
    insecure: flags.insecure,
    stateless: flags.stateless,
    allowedHosts: flags.allowedHost,
    allowedOrigins: flags.allowedOrigin,
    flags: true,
    onSession,
    ...(inspector && { pages: inspector.pages }),
    onError: errorTeller(flags.json),
  });
  if (isWorker()) tellServing(server.url);
  else if (flags.json) tell(JSON.stringify({ serving: server.url }));
  else if (!flags.quiet) tell(`Serving ${server.url}`);
  inspector?.announce(server.url, flags);
  const exit = await interrupted;
  inspector?.close();
  await server.close();
  return exit;
}
