import { OptionError } from '../runtime/options/option-error.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

const EXPORTERS = ['otlp', 'console', 'none'] as const;
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

export interface SignalSettings {
  readonly exporter: (typeof EXPORTERS)[number];
  readonly protocol: (typeof PROTOCOLS)[number];
}

export interface TelemetrySettings {
  readonly traces: SignalSettings;
  readonly metrics: SignalSettings & { readonly intervalMs: number };
  readonly propagators: readonly string[];
}

/**
 * What the `OTEL_*` variables say, as far as the exporters and providers of the SDK do not read them themselves: endpoints,
 * headers, timeouts, batches, samplers and limits are theirs.
 *
 * @throws OptionError for what is not supported: the SDK would fall back to something else
 */
export function telemetrySettings(variables: Variables): TelemetrySettings {
  return {
    traces: signal('TRACES', variables),
    metrics: {
      ...signal('METRICS', variables),
      intervalMs: milliseconds('OTEL_METRIC_EXPORT_INTERVAL', variables) ?? 60_000,
    },
    propagators: propagatorsOf(variables),
  };
}

/** `OTEL_SDK_DISABLED`: anything but `true` is false (OpenTelemetry, environment variables). */
export const isDisabled = ({ OTEL_SDK_DISABLED: disabled = '' }: Variables): boolean =>
  disabled.trim().toLowerCase() === 'true';

function signal(name: 'TRACES' | 'METRICS', variables: Variables): SignalSettings {
  const exporter = oneOf([`OTEL_${name}_EXPORTER`], EXPORTERS, variables, (given) =>
    name === 'METRICS' && given === 'prometheus' ? 'For Prometheus, use --metrics-port.' : undefined,
  );
  const names = [`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  const protocol = oneOf(names, PROTOCOLS, variables, (given) =>
    given === 'grpc' ? 'OTLP over gRPC is not supported. Collectors accept http/protobuf on port 4318.' : undefined,
  );
  return { exporter: exporter ?? 'otlp', protocol: protocol ?? 'http/protobuf' };
}

/** The value of the first variable that is set. An empty one is as good as none (OpenTelemetry, environment variables). */
function oneOf<Value extends string>(
  names: readonly string[],
  choices: readonly Value[],
  variables: Variables,
  advice: (given: string) => string | undefined,
): Value | undefined {
  const name = names.find((each) => variables[each]?.trim());
  if (name === undefined) return undefined;
  const given = variables[name]?.trim() ?? '';
  const chosen = choices.find((choice) => choice === given);
  if (chosen !== undefined) return chosen;
  const why = advice(given) ?? `It is one of ${choices.join(', ')}.`;
  throw new OptionError(`${name} is "${given}", which is not supported. ${why}`);
}

function milliseconds(name: string, variables: Variables): number | undefined {
  const given = variables[name]?.trim();
  if (!given) return undefined;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new OptionError(`${name} is "${given}". Pass milliseconds, such as 60000.`);
}

const PROPAGATORS = ['tracecontext', 'baggage', 'none'];

function propagatorsOf({ OTEL_PROPAGATORS: given }: Variables): readonly string[] {
  const names = (given?.trim() || 'tracecontext,baggage').split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PROPAGATORS.includes(name));
  if (unknown === undefined) return names.includes('none') ? [] : names;
  throw new OptionError(
    `OTEL_PROPAGATORS contains "${unknown}", which is not supported. It is a list of ${PROPAGATORS.join(', ')}.`,
  );
}
