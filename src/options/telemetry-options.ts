import { HOST, PORT } from '../runtime/serve/serve-defaults.ts';
import { RUN } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for what operators see of a server. */
export const TELEMETRY_OPTIONS = [
  {
    flags: '--otel',
    description: 'send traces and metrics with OpenTelemetry, as the OTEL_* variables say',
    commands: RUN,
    config: { of: 'whole', key: 'otel' },
  },
  {
    flags: '--metrics-port <number>',
    description: 'serve metrics for Prometheus at /metrics on this port; 0 picks a free one',
    commands: RUN,
    number: PORT.number,
    config: { of: 'whole', key: 'metricsPort' },
  },
  {
    flags: '--metrics-host <address>',
    description: 'address to serve metrics on',
    commands: RUN,
    default: HOST.default,
    config: { of: 'whole', key: 'metricsHost' },
  },
] as const satisfies readonly OptionRow[];
