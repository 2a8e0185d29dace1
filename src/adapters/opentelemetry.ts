import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
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
import type { Answer, Call, Middleware } from '../runtime/middleware/middleware.ts';
import { declareOptions } from '../runtime/options/declare-options.ts';
import { withMethods } from '../runtime/options/option-kinds.ts';
import { outcomeOf } from '../runtime/outcome.ts';

export interface OpenTelemetryOptions {
  /** Default: the globally registered one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the globally registered one. */
  readonly meterProvider?: MeterProvider;
}

const checked = declareOptions<OpenTelemetryOptions>('openTelemetry()', {
  tracerProvider: withMethods('a TracerProvider', 'getTracer'),
  meterProvider: withMethods('a MeterProvider', 'getMeter'),
});

/**
 * Records a span and a duration for each tools/call, resources/read and prompts/get, named by OpenTelemetry's
 * conventions for MCP. The span continues the trace of `traceparent` in the request's `_meta`. Requests to APIs carry
 * it in their headers, those to remote MCP servers in their `_meta`, in the format of the globally registered
 * propagator.
 *
 * Spans contain no arguments or results, and resource URIs without their query. A client's baggage is not forwarded to
 * APIs.
 *
 * ```ts
 * server.use(openTelemetry());
 * ```
 */
export function openTelemetry(given: OpenTelemetryOptions = {}): Middleware {
  const options = checked(given);
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE);
  const duration = (options.meterProvider ?? metrics).getMeter(SCOPE).createHistogram(DURATION, {
    description: 'Duration of requests from MCP clients.',
    unit: 's',
    advice: { explicitBucketBoundaries: [...BUCKETS] },
  });
  return async function openTelemetry(call, next) {
    const subject = subjectOf(call);
    if (subject === undefined) return next(call);
    const { parent, links } = parentOf(call);
    const name = subject.target === undefined ? call.method : `${call.method} ${subject.target}`;
    const request: Attributes = call.requestId === '' ? {} : { 'jsonrpc.request.id': call.requestId };
    const attributes = { ...subject.attributes, ...subject.uri, ...request };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, links, attributes }, parent);
    const inside = trace.setSpan(parent, span);
    const started = performance.now();
    const end = (ending: Ending) => {
      const seconds = (performance.now() - started) / 1000;
      // Unknown names are invented by clients, and would create unlimited time series.
      const series = ending.unknownTarget ? method(call) : subject.attributes;
      duration.record(seconds, { ...series, ...ending.failure }, inside);
      finish(span, call, ending);
    };
    try {
      const answer = await context.with(inside, () => next(carrying(call, inside)));
      end(endingOf(answer));
      return answer;
    } catch (error) {
      end(endingBy(error, call));
      throw error;
    }
  };
}

const SCOPE = 'openapi-mcp';

const DURATION = 'mcp.server.operation.duration';
/** In seconds, as the conventions recommend. */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] as const;

interface Subject {
  /** Attributes with few distinct values, also used for metrics. */
  readonly target?: string;
  readonly attributes: Attributes;
  /** Attributes with many distinct values, for spans only. */
  readonly uri?: Attributes;
}

/** The target of the call; `undefined` for methods that are not recorded. */
function subjectOf(call: Call): Subject | undefined {
  switch (call.method) {
    case 'tools/call': {
      const { name } = call.params;
      const attributes = { ...method(call), 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
      return { target: name, attributes };
    }
    case 'prompts/get': {
      const { name } = call.params;
      return { target: name, attributes: { ...method(call), 'gen_ai.prompt.name': name } };
    }
    case 'resources/read': {
      // The query contains arguments.
      const [uri = ''] = call.params.uri.split(/[?#]/, 1);
      return { attributes: method(call), uri: { 'mcp.resource.uri': uri } };
    }
    default:
      return undefined;
  }
}

const method = (call: Call): Attributes => ({ 'mcp.method.name': call.method });

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

/** Passes the span on: in the headers for APIs, and in `_meta` for nested calls. */
function carrying<C extends Call>(call: C, inside: Context): C {
  const carrier: Record<string, string> = {};
  // If HTTP is instrumented, the client's baggage is already in the context.
  propagation.inject(propagation.deleteBaggage(inside), carrier);
  return { ...call, headers: { ...call.headers, ...carrier }, meta: { ...call.meta, ...carrier } };
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
