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
  /** Default: the one that is registered globally. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the one that is registered globally. */
  readonly meterProvider?: MeterProvider;
}

const checked = declareOptions<OpenTelemetryOptions>('openTelemetry()', {
  tracerProvider: withMethods('a TracerProvider', 'getTracer'),
  meterProvider: withMethods('a MeterProvider', 'getMeter'),
});

/**
 * A span and a duration for each tools/call, resources/read and prompts/get, named by OpenTelemetry's conventions for
 * MCP. The span goes on from `traceparent` in the request's `_meta`; requests to APIs carry it on in their headers, those
 * to remote MCP servers in their `_meta`. The format is that of the propagator that is registered globally.
 *
 * Spans hold no arguments and no results; URIs of resources stand in them without their query. A client's baggage ends
 * here: it is not for APIs to see.
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
      // Names that nothing has are the client's invention: they would make series without end.
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
/** Seconds, as the conventions advise. */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] as const;

interface Subject {
  /** What the span is called by: of few values. */
  readonly target?: string;
  readonly attributes: Attributes;
  /** For spans only: of many values. */
  readonly uri?: Attributes;
}

/** What is called; `undefined` for what is not watched. */
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
      // Arguments stand in the query.
      const [uri = ''] = call.params.uri.split(/[?#]/, 1);
      return { attributes: method(call), uri: { 'mcp.resource.uri': uri } };
    }
    default:
      return undefined;
  }
}

const method = (call: Call): Attributes => ({ 'mcp.method.name': call.method });

/** The client's span where it tells one, and then a link to the span that is active here (that of the HTTP request). */
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

/** The call with the span for those behind: in the headers for APIs, and in `_meta` for calls that it makes itself. */
function carrying<C extends Call>(call: C, inside: Context): C {
  const carrier: Record<string, string> = {};
  // Where HTTP is instrumented, the headers of the client's request have brought its baggage into the context.
  propagation.inject(propagation.deleteBaggage(inside), carrier);
  return { ...call, headers: { ...call.headers, ...carrier }, meta: { ...call.meta, ...carrier } };
}

interface Ending {
  /** `error.type`, and the code of the JSON-RPC error where there is one; empty where all went well. */
  readonly failure: Attributes;
  /** What was called does not exist. */
  readonly unknownTarget?: boolean;
  /** What became of the request to the API. */
  readonly api: Attributes;
}

function endingOf(answer: Answer): Ending {
  const failed = 'isError' in answer && answer.isError === true;
  return { failure: failed ? { 'error.type': 'tool_error' } : {}, api: aboutApi(answer) };
}

function endingBy(error: unknown, call: Call): Ending {
  const api = aboutApi(error);
  // The call runs again with the answer to its question: nothing has failed.
  if (isQuestionAsked(error)) return { failure: {}, api };
  if (call.signal.aborted) return { failure: { 'error.type': 'cancelled' }, api };
  // What a tool throws is told in its result.
  if (call.method === 'tools/call' && !isProviderError(error)) return { failure: { 'error.type': 'tool_error' }, api };
  const code = isProviderError(error) && error.code !== 'READ_FAILED' ? INVALID_PARAMS : INTERNAL_ERROR;
  const unknownTarget = codeOf(error) === 'TOOL_NOT_FOUND' || codeOf(error) === 'PROMPT_NOT_FOUND';
  return { failure: { 'error.type': code, 'rpc.response.status_code': code }, api, unknownTarget };
}

/** The codes of JSON-RPC that `protocolError` answers with, as the conventions write them. */
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
  // Without a message: those quote what was sent.
  if ('error.type' in failure) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
