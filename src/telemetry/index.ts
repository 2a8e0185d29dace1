// The OpenTelemetry SDK for `run --otel` and `--metrics-port`.
// In: variables and flags. Out: what records the calls of a provider, and sends it.
// Promise: loaded only if it is asked for; nothing is written to stdout; no call waits for it or fails because of it.
import { randomUUID } from 'node:crypto';
import { context, DiagLogLevel, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  setGlobalErrorHandler,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { openTelemetry, openTelemetrySessions } from '../adapters/opentelemetry.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import type { Provider } from '../runtime/provider.ts';
import type { ListenAddress } from '../runtime/serve/http/listen.ts';
import type { SessionWatch } from '../runtime/serve/session-watch.ts';
import { within } from '../runtime/until-aborted.ts';
import { ExportWatch } from './export-watch.ts';
import { collectorOf, metricExporter, spanExporter } from './exporters.ts';
import { type MetricsEndpoint, metricsEndpoint } from './metrics-endpoint.ts';
import { processMetrics } from './process-metrics.ts';
import { isDisabled, type TelemetrySettings, telemetrySettings, type Variables } from './settings.ts';

export interface TelemetryOptions {
  /** Send traces and metrics as the variables say. */
  readonly otel: boolean;
  /** Serve metrics for Prometheus there. */
  readonly metrics: ListenAddress | undefined;
  readonly variables: Variables;
  /** What is served: names the service unless the variables do. */
  readonly service: { readonly name: string; readonly version: string };
  /** Receives what goes wrong, without credentials. */
  readonly tell: (text: string) => void;
}

export interface Telemetry {
  /** What is sent and served where, for the start report. */
  readonly notices: readonly string[];
  /** Where metrics are served. */
  readonly metricsUrl: string | undefined;
  /** The provider, recorded. */
  watch(provider: Provider): Provider;
  readonly onSession: SessionWatch;
  /** Sends what has not been sent yet, and waits for it a few seconds at most. */
  close(): Promise<void>;
}

/** How long sending the rest may take at the end. Kubernetes kills a process 30 s after it was asked to stop. */
const FLUSH_MS = 3_000;

/**
 * Starts the SDK and registers it globally, so that modules which use the API of OpenTelemetry are recorded too;
 * `undefined` if the variables disable it.
 *
 * @throws OptionError for variables that ask for what is not supported, ServeError if the port is taken
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry | undefined> {
  const { variables, otel } = options;
  if (isDisabled(variables)) return undefined;
  exportVariables(variables);
  const endFirst = reportFirstProblems(options.tell);
  const watch = new ExportWatch(options.tell);
  const settings = telemetrySettings(variables);
  const resource = resourceOf(options);
  const tracing = otel ? tracerProvider(settings, { resource, variables, watch }) : undefined;
  const push = otel ? pushReader(settings, { variables, watch }) : undefined;
  const endpoint = options.metrics && (await metricsEndpoint(options.metrics));
  const readers = [push?.reader, endpoint?.reader].filter((reader) => reader !== undefined);
  const meterProvider = new MeterProvider({ resource, readers });
  const ownMetrics = readers.length > 0 ? processMetrics(meterProvider.getMeter('openapi-mcp')) : undefined;
  register({ settings, tracerProvider: tracing?.provider, meterProvider });
  endFirst();
  return {
    notices: noticesOf([tracing?.notice, push?.notice], endpoint),
    metricsUrl: endpoint?.url,
    watch: (provider) =>
      withMiddleware(provider, openTelemetry({ meterProvider, ...(tracing && { tracerProvider: tracing.provider }) })),
    onSession: openTelemetrySessions({ meterProvider }),
    async close() {
      ownMetrics?.close();
      const flushing = Promise.allSettled([tracing?.provider.shutdown(), meterProvider.shutdown()]);
      const flushed = await within(flushing, FLUSH_MS);
      if (!flushed) options.tell(`The last telemetry was not sent: no success within ${FLUSH_MS / 1000} s.`);
      endpoint?.close();
    },
  };
}

interface Parts {
  readonly variables: Variables;
  readonly watch: ExportWatch;
}

function tracerProvider(
  { traces }: TelemetrySettings,
  { resource, variables, watch }: Parts & { readonly resource: Resource },
) {
  const exporter = spanExporter(traces);
  if (exporter === undefined) return undefined;
  const place = placeOf('TRACES', traces, variables);
  watch.watch(exporter, place);
  // Its sampler and limits come from the variables, and so do the sizes of its batches.
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  return { provider, notice: `Traces are sent to ${place}.` };
}

function pushReader(
  { metrics }: TelemetrySettings,
  { variables, watch }: Parts,
): { readonly reader: MetricReader; readonly notice: string } | undefined {
  const exporter = metricExporter(metrics);
  if (exporter === undefined) return undefined;
  const place = placeOf('METRICS', metrics, variables);
  watch.watch(exporter, place);
  const { intervalMs } = metrics;
  const exportTimeoutMillis = Math.min(30_000, intervalMs);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: intervalMs, exportTimeoutMillis });
  return { reader, notice: `Metrics are sent to ${place}.` };
}

const placeOf = (signal: 'TRACES' | 'METRICS', { exporter }: { exporter: string }, variables: Variables): string =>
  exporter === 'console' ? 'stderr' : collectorOf(signal, variables);

function noticesOf(sent: readonly (string | undefined)[], endpoint: MetricsEndpoint | undefined): readonly string[] {
  const served = endpoint ? [`Metrics are served at ${endpoint.url}.`] : [];
  return [...sent.filter((notice) => notice !== undefined), ...served];
}

/** The variables say more, and take precedence. */
function resourceOf({ service }: TelemetryOptions): Resource {
  const own = resourceFromAttributes({
    'service.name': service.name,
    'service.version': service.version,
    'service.instance.id': randomUUID(),
  });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}

interface Registered {
  readonly settings: TelemetrySettings;
  readonly tracerProvider: BasicTracerProvider | undefined;
  readonly meterProvider: MeterProvider;
}

/** If a program has started an SDK before, its parts stay. */
function register({ settings, tracerProvider, meterProvider }: Registered): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const propagators = settings.propagators.map((name) =>
    name === 'baggage' ? new W3CBaggagePropagator() : new W3CTraceContextPropagator(),
  );
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
  if (tracerProvider) trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
}

/** The SDK reads the variables of the process; those of an env file are not among them. */
function exportVariables(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith('OTEL_') && value !== undefined) process.env[name] ??= value;
  }
}

/** What the SDK says about variables while it starts. Later, it would report every batch; {@link ExportWatch} does once. */
function reportFirstProblems(tell: (text: string) => void): () => void {
  const say = (...words: unknown[]) => tell(`OpenTelemetry: ${words.join(' ')}`);
  const nothing = () => {};
  const logger = { error: say, warn: say, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler(nothing);
  return () => diag.disable();
}
