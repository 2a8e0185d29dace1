import {
  type Attributes,
  type Context,
  type Meter,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { codeOf } from '../../runtime/errors.ts';
import type { SendingReport, SendingWatch } from '../../runtime/sending.ts';
import { HTTP_BUCKETS, OTHER, short } from './names.ts';

type OnSend = (sending: SendingReport) => SendingWatch;

/**
 * Records a span and a duration for each HTTP request to an API, named by OpenTelemetry's conventions for HTTP. Its
 * `traceparent` is that of this span.
 *
 * URLs are recorded as templates: paths and queries contain arguments and credentials.
 */
export function apiRequests(tracer: Tracer, meter: Meter): (inside: Context) => OnSend {
  const duration = meter.createHistogram('http.client.request.duration', {
    description: 'Duration of HTTP requests to APIs.',
    unit: 's',
    advice: { explicitBucketBoundaries: HTTP_BUCKETS },
  });
  return (inside) => {
    const resends = resendCounter();
    return (sending) => {
      const attributes = attributesOf(sending);
      const resent = resends.of(sending);
      const { template } = sending;
      const name = template === undefined ? methodOf(sending) : `${methodOf(sending)} ${template}`;
      const single = { ...urlOf(sending), ...(resent > 0 && { 'http.request.resend_count': resent }) };
      const kind = SpanKind.CLIENT;
      const span = tracer.startSpan(name, { kind, attributes: { ...attributes.span, ...single } }, inside);
      const started = performance.now();
      const current = trace.setSpan(inside, span);
      const headers: Record<string, string> = {};
      propagation.inject(propagation.deleteBaggage(current), headers);
      let isOver = false;
      return {
        headers,
        end(outcome) {
          // A reader may also end a body that it has read to its end.
          if (isOver) return;
          isOver = true;
          const ending = endingOf(outcome);
          if ('error' in outcome || outcome.status >= 300) resends.failed(sending);
          duration.record((performance.now() - started) / 1000, { ...attributes.series, ...ending }, current);
          span.setAttributes(ending);
          if ('error.type' in ending) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    };
  };
}

/** Counts how often a request of the call had already failed, or was redirected, when it is sent. */
function resendCounter() {
  const failures = new Map<string, number>();
  const of = ({ key }: SendingReport): number => failures.get(key) ?? 0;
  return { of, failed: (sending: SendingReport) => void failures.set(sending.key, of(sending) + 1) };
}

const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE']);

const methodOf = ({ method }: SendingReport): string => (METHODS.has(method) ? method : 'HTTP');

function attributesOf({ method, origin, template }: SendingReport): { span: Attributes; series: Attributes } {
  const { hostname, port, protocol } = new URL(origin);
  const known = METHODS.has(method);
  const common = { 'http.request.method': known ? method : OTHER };
  const server = {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
  return {
    span: { ...common, ...server, ...(!known && { 'http.request.method_original': short(method) }) },
    // Callers may be able to choose where an API redirects to.
    series: { ...common, ...(template === undefined ? { 'server.address': OTHER, 'server.port': 0 } : server) },
  };
}

const urlOf = ({ origin, template }: SendingReport): Attributes =>
  template === undefined ? { 'url.full': `${origin}/` } : { 'url.full': origin + template, 'url.template': template };

function endingOf(outcome: Parameters<SendingWatch['end']>[0]): Attributes {
  if ('error' in outcome) return { 'error.type': errorType(outcome.error) };
  const { status } = outcome;
  return { 'http.response.status_code': status, ...(status >= 400 && { 'error.type': String(status) }) };
}

/** A code of ours or of the system: few, and without what was sent. */
function errorType(error: unknown): string {
  const code = codeOf(error);
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code)) return code;
  return error instanceof Error && error.name === 'AbortError' ? 'cancelled' : OTHER;
}
