import { derived } from '../derived.ts';
import {
  failedResult,
  isProviderError,
  isQuestionAsked,
  isToolError,
  messageOf,
  outcomeOfThrown,
  readFailed,
} from '../errors.ts';
import { OptionError } from '../options/option-error.ts';
import { withOutcome } from '../outcome.ts';
import type { CallContext, ListContext, Provider } from '../provider.ts';
import type { Answer, Call, Method, Methods, Middleware, Next, RequestContext } from './middleware.ts';

/**
 * Wraps a provider's calls in middleware; the first one is the outermost. Without middleware, returns the provider
 * itself.
 *
 * @throws OptionError if one of them is not a function
 */
export function withMiddleware(provider: Provider, ...middleware: readonly Middleware[]): Provider {
  checkMiddleware('withMiddleware', middleware);
  return middlewareRound(provider, middleware, { maskErrors: false, onError: () => {} });
}

/** @throws OptionError */
export function checkMiddleware(maker: string, middleware: readonly unknown[]): void {
  const wrong = middleware.find((each) => typeof each !== 'function');
  if (wrong === undefined && !middleware.includes(undefined)) return;
  const given = wrong === null ? 'null' : typeof wrong;
  throw new OptionError(`${maker}() takes middleware functions such as timeout({ ms: 30_000 }); got ${given}.`);
}

export interface FailureTelling {
  /** Tell the client which middleware failed, but not why. */
  readonly maskErrors: boolean;
  /** Receives the original errors. */
  readonly onError: (error: Error) => void;
}

/** {@link withMiddleware}, for a server with its own error reporting. */
export function middlewareRound(
  provider: Provider,
  middleware: readonly Middleware[],
  { maskErrors, onError }: FailureTelling,
): Provider {
  if (middleware.length === 0) return provider;
  const told = (error: unknown): unknown => {
    if (!(error instanceof MiddlewareError)) return error;
    onError(error);
    return maskErrors ? new MiddlewareError(error.middleware) : error;
  };
  const ask = chained(provider, middleware);
  const asTold = (error: unknown): never => {
    throw told(error);
  };
  const meant = (thrown: unknown): unknown => {
    const error = told(thrown);
    if (!isToolError(error) && !(error instanceof MiddlewareError)) throw error;
    return error;
  };
  const asReadFailure = (thrown: unknown): never => {
    const error = meant(thrown);
    throw withOutcome(readFailed(messageOf(error)), outcomeOfThrown(error));
  };
  const list = <M extends Method>(method: M, context: ListContext) =>
    ask(listCall(method, context)).catch(asTold) as Promise<Answer<M>>;
  const call = <M extends Method>(method: M, params: Methods[M]['params'], context: CallContext) =>
    ask(callOf(method, params, context)) as Promise<Answer<M>>;
  return derived(provider, {
    listTools: (context) => list('tools/list', context),
    listResources: (context) => list('resources/list', context),
    listResourceTemplates: (context) => list('resources/templates/list', context),
    listPrompts: (context) => list('prompts/list', context),
    async callTool(params, context) {
      // Nothing happens, so there is nothing to log, to count or to cache.
      if (context.preview) return provider.callTool(params, context);
      return call('tools/call', params, context).catch((thrown) => failedResult(meant(thrown)));
    },
    readResource: (params, context) => call('resources/read', params, context).catch(asReadFailure),
    getPrompt: (params, context) => call('prompts/get', params, context).catch(asReadFailure),
    complete: (params, context) => call('completion/complete', params, context).catch(asReadFailure),
  });
}

/** A middleware threw an error that was not meant for the client; the message names the middleware. */
class MiddlewareError extends Error {
  readonly middleware: string;
  /** @param cause omitted if the client must not see it */
  constructor(middleware: string, cause?: unknown) {
    super(`Middleware "${middleware}" failed${cause === undefined ? '.' : `: ${messageOf(cause)}`}`, { cause });
    this.middleware = middleware;
  }
}

/**
 * The chain, built once: a call creates no functions or sets, only the promises of its layers.
 *
 * Errors from a layer or the provider are marked as passing through, so that outer layers are not blamed for them.
 */
function chained(provider: Provider, middleware: readonly Middleware[]): Next {
  const passing = new WeakSet<object>();
  const noted = (error: object): object => {
    passing.add(error);
    return error;
  };
  const perform = performer(provider);
  const innermost = async (call: Call): Promise<Answer> => {
    try {
      return await perform(call);
    } catch (thrown) {
      throw noted(asObject(thrown));
    }
  };
  const layer = (each: Middleware, next: Next): Next => {
    const round = async (call: Call): Promise<Answer> => {
      let answer: Answer;
      try {
        answer = await each(call, next);
      } catch (thrown) {
        const error = asObject(thrown);
        // After a cancellation nobody reads the result, and the error is the cancellation itself.
        const isMeant = isToolError(error) || isProviderError(error) || isQuestionAsked(error) || call.signal.aborted;
        throw noted(isMeant || passing.has(error) ? error : new MiddlewareError(each.name || 'anonymous', error));
      }
      // Types forbid it, but JavaScript does not.
      if (answer === undefined) throw noted(new MiddlewareError(each.name || 'anonymous', new Error(NO_ANSWER)));
      return answer;
    };
    // The result has the type of the call's method, which the type of `Middleware` cannot express, here and below.
    return round as Next;
  };
  return middleware.reduceRight<Next>((next, each) => layer(each, next), innermost as Next);
}

const NO_ANSWER = 'it returned nothing. Return the result of next(call), or another result.';

/** A thrown string or `undefined` has no identity, so it is wrapped in an Error. */
function asObject(thrown: unknown): object {
  return typeof thrown === 'object' && thrown !== null ? thrown : new Error(messageOf(thrown ?? 'nothing'));
}

/** The end of the chain: the provider. */
function performer(provider: Provider): (call: Call) => Promise<Answer> {
  return (call) => {
    switch (call.method) {
      case 'tools/list':
        return provider.listTools(call);
      case 'tools/call':
        return provider.callTool(call.params, call);
      case 'resources/list':
        return provider.listResources(call);
      case 'resources/templates/list':
        return provider.listResourceTemplates(call);
      case 'resources/read':
        return provider.readResource(call.params, call);
      case 'prompts/list':
        return provider.listPrompts(call);
      case 'prompts/get':
        return provider.getPrompt(call.params, call);
      case 'completion/complete':
        return provider.complete(call.params, call);
    }
  };
}

/**
 * All plain properties, so that middleware can write `{ ...call, signal }`: a context may be a class instance, whose
 * methods a spread would lose. A context with a state has already been made plain by an outer chain.
 *
 * Properties in an object literal cost almost nothing, but adding one to a copied object costs more than the complete
 * chain, so a spread never comes first.
 */
function callOf<M extends Method>(method: M, params: Methods[M]['params'], context: CallContext): Call {
  // `method` determines the type of `params`, which TypeScript does not see through the union.
  if (hasState(context)) return { ...context, method, params } as Call;
  const { requestId, signal, caller, elicit, sample, roots, requestHeader } = context;
  const own: object = context;
  return {
    state: new Map(),
    method,
    params,
    ...own,
    requestId,
    signal,
    progress: (progress) => context.progress(progress),
    log: (level, data) => context.log(level, data),
    ...(caller && { caller }),
    ...(requestHeader && { requestHeader: (name) => requestHeader.call(context, name) }),
    ...(elicit && { elicit: (request) => elicit.call(context, request) }),
    ...(sample && { sample: (request) => sample.call(context, request) }),
    ...(roots && { roots: (request) => roots.call(context, request) }),
  } as Call;
}

/**
 * A list has no request to cancel and no client to notify, so these functions do nothing. Its signal is created on
 * demand, because it costs more than everything else, and is not shared, because listeners would pile up.
 */
function listCall(method: Method, context: ListContext): Call {
  let signal: AbortSignal | undefined;
  const call: RequestContext & { method: Method; params: object } = {
    requestId: '',
    progress: nothing,
    log: nothing,
    get signal() {
      signal ??= new AbortController().signal;
      return signal;
    },
    ...context,
    state: stateOf(context),
    method,
    params: {},
  };
  // As above.
  return call as Call;
}

const nothing = () => {};

function hasState(context: ListContext): context is RequestContext {
  return (context as Partial<RequestContext>).state instanceof Map;
}

/** The state of a request, created by the outermost layer that needs one. */
export function stateOf(context: ListContext): Map<unknown, unknown> {
  return hasState(context) ? context.state : new Map();
}
