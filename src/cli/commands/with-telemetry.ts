import type { FlagsOf } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';
import type { SessionWatch } from '../../runtime/serve/session-watch.ts';
import { startTelemetry } from '../../telemetry/index.ts';
import type { Environment } from '../flags/environment.ts';
import { tell } from '../output/report.ts';

/** What is served, with what records it. */
export interface Recorded {
  readonly provider: Provider;
  readonly onSession?: SessionWatch | undefined;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

/** Starts OpenTelemetry around a provider. @throws OptionError, ServeError */
export async function withTelemetry(
  provider: Provider,
  flags: Pick<FlagsOf<'run'>, 'otel' | 'metricsPort' | 'metricsHost' | 'json' | 'quiet'>,
  variables: Environment,
): Promise<Recorded> {
  const { otel, metricsPort: port, metricsHost: host, json, quiet } = flags;
  const telemetry = await startTelemetry({
    otel,
    metrics: port === undefined ? undefined : { host, port },
    variables,
    service: provider.info,
    tell: (text) => tell(json ? JSON.stringify({ telemetry: text }) : text),
  });
  if (!telemetry) {
    if (!quiet && !json) tell('OTEL_SDK_DISABLED is set: there is no telemetry.');
    return { provider, close: async () => {} };
  }
  const { notices, metricsUrl, onSession, close } = telemetry;
  if (json && metricsUrl !== undefined) tell(JSON.stringify({ metrics: metricsUrl }));
  if (!json && !quiet) notices.forEach(tell);
  return { provider: telemetry.watch(provider), onSession, close };
}
