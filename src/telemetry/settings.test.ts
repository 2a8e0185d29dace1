import { describe, expect, test } from 'vitest';
import { collectorOf } from './exporters.ts';
import { isDisabled, telemetrySettings } from './settings.ts';

describe('the variables of OpenTelemetry', () => {
  test('that are missing or empty mean what the specification says', () => {
    const want = {
      traces: { exporter: 'otlp', protocol: 'http/protobuf' },
      metrics: { exporter: 'otlp', protocol: 'http/protobuf', intervalMs: 60_000 },
      propagators: ['tracecontext', 'baggage'],
    };
    expect(telemetrySettings({})).toEqual(want);
    const names = ['TRACES_EXPORTER', 'EXPORTER_OTLP_PROTOCOL', 'METRIC_EXPORT_INTERVAL', 'PROPAGATORS'];
    expect(telemetrySettings(Object.fromEntries(names.map((name) => [`OTEL_${name}`, ' '])))).toEqual(want);
  });

  test('of one signal take precedence over those of all', () => {
    const { traces, metrics } = telemetrySettings({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    });
    expect(traces).toEqual({ exporter: 'console', protocol: 'http/json' });
    expect(metrics).toEqual({ exporter: 'otlp', protocol: 'http/protobuf', intervalMs: 500 });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', /gRPC is not supported.*http\/protobuf/],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'grpc', /gRPC is not supported/],
    ['OTEL_METRICS_EXPORTER', 'prometheus', /--metrics-port/],
    ['OTEL_TRACES_EXPORTER', 'zipkin', /one of otlp, console, none/],
    ['OTEL_PROPAGATORS', 'tracecontext,b3', /"b3"/],
    ['OTEL_METRIC_EXPORT_INTERVAL', '1m', /milliseconds/],
  ])('%s=%s is refused', (name, value, message) => {
    const read = () => telemetrySettings({ [name]: value });
    expect(read).toThrow(name);
    expect(read).toThrow(message);
  });

  test('name where to send, without credentials', () => {
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://ann:s3cret@collector.example:4318/x?key=s3cret' };
    expect(collectorOf('TRACES', variables)).toBe('https://collector.example:4318');
    expect(collectorOf('METRICS', {})).toBe('http://localhost:4318');
    for (const wrong of ['collector:4318', 's3cret', 'http://']) {
      const read = () => collectorOf('TRACES', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: wrong });
      expect(read).toThrow('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is not a URL');
      expect(read).not.toThrow('s3cret');
    }
  });

  test.each([
    [{}, false],
    [{ OTEL_SDK_DISABLED: 'false' }, false],
    [{ OTEL_SDK_DISABLED: '1' }, false],
    [{ OTEL_SDK_DISABLED: 'True' }, true],
  ])('%j disables: %s', (variables, want) => {
    expect(isDisabled(variables)).toBe(want);
  });
});
