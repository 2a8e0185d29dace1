import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  type Meter,
  type MeterProvider,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { codeOf, isProviderError, isQuestionAsked } from '../runtime/errors.ts';
import type { Answer, Call, Middleware, Next } from '../runtime/middleware/middleware.ts';
import { declareOptions } from '../runtime/options/declare-options.ts';
import { withMethods } from '../runtime/options/option-kinds.ts';
import { outcomeOf } from '../runtime/outcome.ts';
import type { SendingReport, SendingWatch } from '../runtime/sending.ts';
import type { SessionWatch } from '../runtime/serve/session-watch.ts';
import { apiRequests } from './opentelemetry/api-requests.ts';
import { knownNames } from './opentelemetry/known-names.ts';
import { MCP_BUCKETS, SCOPE } from './opentelemetry/names.ts';
import { type Subject, subjectOf } from './opentelemetry/subject.ts';

export interface OpenTelemetryOptions {
  /** Default: the globally registered one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the globally registered one. */
  readonly meterProvider?: MeterProvider;
}

const tracerProvider = withMethods('a TracerProvider', 'getTracer');
const meterProvider = withMethods('a MeterProvider', 'getMeter');
const checked = declareOptions<OpenTelemetryOptions>('openTelemetry()', { tracerProvider, meterProvider });
const checkedSessions = declareOptions<SessionTelemetryOptions>('openTelemetrySessions()', { meterProvider });

/**
 * Records a span and a duration for each tools/call, resources/read, prompts/get and completion/complete, named by
 * OpenTelemetry's conventions for MCP, and for each HTTP request to an API that they send, named by those for HTTP. The
 * span continues the trace of `traceparent` in the request's `_meta`. Requests to APIs carry it in their headers, those to
 * remote MCP servers in their `_meta`, in the format of the globally registered propagator.
 *
 * Spans contain no arguments or results, and URLs without path variables and query. A client's baggage is not forwarded
 * to APIs.
 *
 * ```ts
 * server.use(openTelemetry());
 * ```
 */
export function openTelemetry(given: OpenTelemetryOptions = {}): Middleware {
  const options = checked(given);
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE);
  const meter = (options.meterProvider ?? metrics).getMeter(SCOPE);
  const measures = serverMeasures(meter);
  const sending = apiRequests(tracer, meter);
  return async function openTelemetry(call, next) {
    const subject = subjectOf(call);
    if (subject === undefined) return next(call);
    const { parent, links } = parentOf(call);
    const name = subject.target === undefined ? call.method : `${call.method} ${subject.target}`;
    const attributes = { ...subject.attributes, ...subject.named, ...subject.single };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, links, attributes }, parent);
    const inside = trace.setSpan(parent, span);
    const measured = measures.start({ call, next, subject, inside });
    const end = (ending: Ending) => {
      measured(ending);
      finish(span, call, ending);
    };
    try {
      const answer = await context.with(inside, () => next(carrying(call, inside, sending(inside))));
      end(endingOf(answer));
      return answer;
    } catch (error) {
      end(endingBy(error, call));
      throw error;
    }
  };
}

export interface SessionTelemetryOptions {
  /** Default: the globally registered one. */
  readonly meterProvider?: MeterProvider;
}

/**
 * Records how long sessions last and how many are open: those of 2025 clients over HTTP, and connections over stdio.
 *
 * ```ts
 * await serveHttp(server, { onSession: openTelemetrySessions() });
 * ```
 */
export function openTelemetrySessions(given: SessionTelemetryOptions = {}): SessionWatch {
  const meter = (checkedSessions(given).meterProvider ?? metrics).getMeter(SCOPE);
  const duration = meter.createHistogram('mcp.server.session.duration', {
    description: 'Duration of sessions with MCP clients.',
    unit: 's',
    advice: { explicitBucketBoundaries: MCP_BUCKETS },
  });
  const open = meter.createUpDownCounter('openapi_mcp.sessions.open', {
    description: 'Open sessions with MCP clients.',
    unit: '{session}',
  });
  return ({ transport }) => {
    const network = { 'network.transport': transport === 'http' ? 'tcp' : 'pipe' };
    const started = performance.now();
    open.add(1, network);
    return ({ protocolVersion }) => {
      open.add(-1, network);
      const version = protocolVersion !== undefined && { 'mcp.protocol.version': protocolVersion };
      duration.record((performance.now() - started) / 1000, { ...network, ...version });
    };
  };
}

interface Measured {
  readonly call: Call;
  readonly next: Next;
  readonly subject: Subject;
  readonly inside: Context;
}

/** The metrics of requests. */
function serverMeasures(meter: Meter) {
  const duration = meter.createHistogram('mcp.server.operation.duration', {
    description: 'Duration of requests from MCP clients.',
    unit: 's',
    advice: { explicitBucketBoundaries: MCP_BUCKETS },
  });
  const inFlight = meter.createUpDownCounter('openapi_mcp.calls.in_flight', {
    description: 'Requests from MCP clients that have not been answered yet.',
    unit: '{call}',
  });
  const isKnown = knownNames();
  return {
    start({ call, next, subject, inside }: Measured) {
      const method = { 'mcp.method.name': call.method };
      const started = performance.now();
      inFlight.add(1, method);
      return ({ failure, unknownTarget }: Ending): void => {
        const seconds = (performance.now() - started) / 1000;
        inFlight.add(-1, method);
        const record = (named: Attributes) =>
          duration.record(seconds, { ...subject.attributes, ...named, ...failure }, inside);
        const { target } = subject;
        if (target === undefined || unknownTarget) record({});
        // Also a call that is refused before its tool is looked up has a name. The client does not wait for the list.
        else isKnown(call, target, next).then((exists) => record(exists ? subject.named : {}));
      };
    },
  };
}

/** The parent is the client's span if there is one, with a link to the active span (of the HTTP request). */
function parentOf({ meta = {} }: Call): { readonly parent: Context; readonly links: Link[] } {
  const ambient = context.active();
  const remote = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, meta, META));
  if (remote === undefined || !isSpanContextValid(remote)) return { parent: ambient, links: [] };
  const active = trace.getSpanContext(ambient);
  return { parent: trace.setSpanContext(ambient, remote), links: active ? [{ context: active }] : [] };
}

const META: TextMapGetter<Readonly<Record<string, unknown>>> = {
  keys: (meta) => Object.keys(meta),
  get(meta, key) {
    const value = meta[key];
    return typeof value === 'string' ? value : undefined;
  },
};

/**
 * Passes the span on: in the headers for APIs, where the span of the HTTP request replaces it, and in `_meta` for nested
 * calls.
 */
function carrying<C extends Call>(call: C, inside: Context, onSend: (sending: SendingReport) => SendingWatch): C {
  const carrier: Record<string, string> = {};
  // If HTTP is instrumented, the client's baggage is already in the context.
  propagation.inject(propagation.deleteBaggage(inside), carrier);
  return { ...call, headers: { ...call.headers, ...carrier }, meta: { ...call.meta, ...carrier }, onSend };
}

interface Ending {
  /** `error.type`, and the code of the JSON-RPC error; empty on success. */
  readonly failure: Attributes;
  /** The call's target does not exist. */
  readonly unknownTarget?: boolean;
  /** The outcome of the API request. */
  readonly api: Attributes;
}

function endingOf(answer: Answer): Ending {
  const failed = 'isError' in answer && answer.isError === true;
  return { failure: failed ? { 'error.type': 'tool_error' } : {}, api: aboutApi(answer) };
}

function endingBy(error: unknown, call: Call): Ending {
  const api = aboutApi(error);
  // The call runs again with the answer to its question: not a failure.
  if (isQuestionAsked(error)) return { failure: {}, api };
  if (call.signal.aborted) return { failure: { 'error.type': 'cancelled' }, api };
  // An error that a tool throws is in its result.
  if (call.method === 'tools/call' && !isProviderError(error)) return { failure: { 'error.type': 'tool_error' }, api };
  const code = isProviderError(error) && error.code !== 'READ_FAILED' ? INVALID_PARAMS : INTERNAL_ERROR;
  const unknownTarget = codeOf(error) === 'TOOL_NOT_FOUND' || codeOf(error) === 'PROMPT_NOT_FOUND';
  return { failure: { 'error.type': code, 'rpc.response.status_code': code }, api, unknownTarget };
}

/** The JSON-RPC codes that `protocolError` responds with, as the conventions write them. */
const INVALID_PARAMS = '-32602';
const INTERNAL_ERROR = '-32603';

function aboutApi(told: unknown): Attributes {
  const { status, error } = outcomeOf(told) ?? {};
  return {
    ...(status !== undefined && { 'openapi_mcp.api.status_code': status }),
    ...(error !== undefined && { 'openapi_mcp.api.error': error }),
  };
}

function finish(span: Span, { method }: Call, { failure, api, unknownTarget }: Ending): void {
  if (unknownTarget) span.updateName(method);
  span.setAttributes({ ...failure, ...api });
  // Without a message: messages quote what was sent.
  if ('error.type' in failure) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
