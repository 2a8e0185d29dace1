import { createTraffic, type TrafficEntry } from '../../dev/traffic.ts';
import { watchFiles } from '../../dev/watch-files.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { createGenerations } from '../../refresh/generations.ts';
import { secretsToHide } from '../../runtime/api/conceal/secrets-of.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { splitAuth } from '../flags/caller-auth.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type ExitCode, tell, usageError } from '../output/report.ts';
import { jsonEntry, trafficDetails, trafficLine } from '../output/traffic-lines.ts';
import { interruption } from '../process/interruption.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { sourcesOf } from '../targets/sources.ts';
import { readsStdin } from '../targets/target.ts';
import { type DevGeneration, openGeneration } from './dev-generation.ts';
import { createReloader } from './dev-reloads.ts';
import { withKeptResults } from './kept-results.ts';
import { errorTeller, reportStart } from './report-start.ts';
import { serveOverStdio } from './serve-over-stdio.ts';
import type { ServedInspector } from './served-inspector.ts';

type Line = CommandLine<FlagsOf<'dev'>>;

/** `openapi-mcp dev`: serves the target, and reloads it after each edit. */
export async function dev(words: TargetWords, given: Line): Promise<ExitCode> {
  const line = withoutCallers(given);
  const target = describeTarget(words);
  if (readsStdin(target))
    throw usageError('A document from stdin (-) cannot be watched.', 'Pass its path or URL, or use openapi-mcp run.');
  const { readModulesAgain } = await import('../../config/load-module.ts');
  readModulesAgain();
  const { json, quiet, verbose, envFile, poll } = line.flags;
  const onError = errorTeller(json);
  const open = () => openGeneration(target, line, onError);
  const first = await open();
  await reportStart(first.opened, first.list, { json, level: quiet ? 'error' : 'info' });

  const generations = createGenerations(first, { onError });
  const secrets = () => generations.current().opened.apis.flatMap(({ api }) => secretsToHide(api.secretSources()));
  const traffic = createTraffic({ secrets });
  const source = generations.view(({ opened }) => opened.provider);
  const served = await withKeptResults(
    generations.view(({ listed }) => listed),
    source,
    { ...line.flags, ...first.opened.settings, ...line.given },
  );
  const provider = withMiddleware(served, traffic.middleware);
  if (!quiet) traffic.onEntry((entry) => tellEntry(entry, { json, verbose }));
  const reloader = createReloader({ generations, open, json, quiet });
  const stopWatching = watchFiles({
    watched: () => sourcesOf(generations.current().opened, envFile),
    onChange: reloader.reload,
  });
  const stopPolling = reloader.poll(poll * 1000);
  try {
    if (line.flags.transport === 'stdio') return await serveOverStdio(provider, { json, quiet });
    const { servedInspector } = await import('./served-inspector.ts');
    const whole = withMiddleware(source, traffic.middleware);
    const inspector = servedInspector({
      current() {
        const { opened, list } = generations.current();
        const failure = reloader.failure();
        return { provider, whole, mode: list.mode, apis: opened.apis, secrets, ...(failure && { failure }) };
      },
      onReload: reloader.onReload,
      traffic,
    });
    return await serveOverHttp(provider, { line, first, inspector, onError });
  } finally {
    stopWatching();
    stopPolling();
    await generations.close();
  }
}

/** Only this computer can call: there is nobody to authenticate. */
function withoutCallers(given: Line): Line {
  const { flags, provider } = splitAuth(given.flags);
  if (provider === undefined) return { ...given, flags };
  throw usageError(
    '--auth <provider> has no effect with dev, which only this computer can call.',
    'Use openapi-mcp run --transport http.',
  );
}

function tellEntry(entry: TrafficEntry, { json, verbose }: { json: boolean; verbose: boolean }) {
  if (json) return tell(jsonEntry(entry));
  tell(trafficLine(entry));
  if (verbose) trafficDetails(entry).forEach(tell);
}

interface DevServing {
  readonly line: Line;
  readonly first: DevGeneration;
  readonly inspector: ServedInspector;
  readonly onError: (error: Error) => void;
}

async function serveOverHttp(provider: Provider, { line, first, inspector, onError }: DevServing): Promise<ExitCode> {
  const { serveHttp } = await import('../../runtime/serve/http/node-http.ts');
  const { settings } = first.opened;
  const { port, path, allowedOrigin, json, quiet } = { ...line.flags, ...settings, ...line.given };
  if (settings.callers && !quiet)
    tell('The section auth of the config is not applied: only this computer can call dev.');
  const interrupted = interruption();
  const server = await serveHttp(provider, {
    host: '127.0.0.1',
    port,
    path,
    allowedOrigins: allowedOrigin,
    flags: true,
    pages: inspector.pages,
    onError,
  });
  if (json) tell(JSON.stringify({ serving: server.url }));
  else if (!quiet) tell(`Serving ${server.url}, and reloading after each edit. Press Ctrl+C to stop.`);
  if (!quiet) inspector.announce(server.url, { json });
  const exit = await interrupted;
  inspector.close();
  await server.close();
  return exit;
}
