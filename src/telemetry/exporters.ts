import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { JsonMetricsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { OptionError } from '../runtime/options/option-error.ts';
import type { SignalSettings, Variables } from './settings.ts';

/** The exporter of a signal; `undefined`: nothing is exported. Those for OTLP read their own variables. */
export function spanExporter({ exporter, protocol }: SignalSettings): SpanExporter | undefined {
  if (exporter === 'none') return undefined;
  if (exporter === 'console') return toStderr((spans: ReadableSpan[]) => JsonTraceSerializer.serializeRequest(spans));
  return protocol === 'http/json' ? new JsonTraces() : new ProtobufTraces();
}

export function metricExporter({ exporter, protocol }: SignalSettings): PushMetricExporter | undefined {
  if (exporter === 'none') return undefined;
  if (exporter === 'console') {
    return toStderr((metrics: ResourceMetrics) => JsonMetricsSerializer.serializeRequest(metrics));
  }
  return protocol === 'http/json' ? new JsonMetrics() : new ProtobufMetrics();
}

/** One line of OTLP/JSON for each batch. The SDK's own console exporters write to stdout, which is the protocol's. */
function toStderr<Items>(serialize: (items: Items) => Uint8Array | undefined) {
  return {
    export(items: Items, done: (result: ExportResult) => void): void {
      const line = Buffer.from(serialize(items) ?? []).toString();
      process.stderr.write(`${line}\n`, () => done({ code: ExportResultCode.SUCCESS }));
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** The origin that a signal is sent to. @throws OptionError: the SDK would send to localhost instead */
export function collectorOf(signal: 'TRACES' | 'METRICS', variables: Variables): string {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  const name = names.find((each) => variables[each]?.trim());
  const endpoint = name === undefined ? 'http://localhost:4318' : (variables[name]?.trim() ?? '');
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return new URL(endpoint).origin;
  // Not quoted: it may contain a credential.
  throw new OptionError(`${name} is not a URL. Write it with its scheme, such as http://localhost:4318.`);
}
