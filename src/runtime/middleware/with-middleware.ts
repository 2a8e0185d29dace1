import { errorResult, isProviderError, isQuestionAsked, isToolError, messageOf, readFailed } from '../errors.ts';
import { outcomeMeta, outcomeOf, withOutcome } from '../outcome.ts';
import type { CallContext, ListContext, Provider } from '../provider.ts';
import type { Answer, Call, Method, Methods, Middleware, Next, RequestContext } from './middleware.ts';

/**
 * The provider with middleware round each of its calls; the first one is the outermost. With no middleware it is the
 * provider itself.
 */
export function withMiddleware(provider: Provider, ...middleware: readonly Middleware[]): Provider {
  return middlewareRound(provider, middleware, { maskErrors: false, onError: () => {} });
}

export interface FailureTelling {
  /** The client is told which middleware failed, but not why. */
  readonly maskErrors: boolean;
  /** Told all. */
  readonly onError: (error: Error) => void;
}

/** {@link withMiddleware}, for a server that says how failures are told. */
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
  const ask = middleware.reduceRight<Next>((next, each) => guarded(each, next), innermost(provider));
  const asTold = (error: unknown): never => {
    throw told(error);
  };
  const asReadFailure = (thrown: unknown): never => {
    const error = told(thrown);
    if (!isToolError(error) && !(error instanceof MiddlewareError)) throw error;
    throw withOutcome(readFailed(messageOf(error)), outcomeOf(error));
  };
  const list = <M extends Method>(method: M, context: ListContext) =>
    ask({ ...listContext(context), method, params: {} } as Call).catch(asTold) as Promise<Answer<M>>;
  const call = <M extends Method>(method: M, params: Methods[M]['params'], context: CallContext) =>
    ask({ ...callContext(context), method, params } as Call) as Promise<Answer<M>>;
  return {
    contract: 1,
    get info() {
      return provider.info;
    },
    listTools: (context) => list('tools/list', context),
    listResources: (context) => list('resources/list', context),
    listResourceTemplates: (context) => list('resources/templates/list', context),
    listPrompts: (context) => list('prompts/list', context),
    async callTool(params, context) {
      try {
        return await call('tools/call', params, context);
      } catch (thrown) {
        const error = told(thrown);
        if (!isToolError(error) && !(error instanceof MiddlewareError)) throw error;
        const outcome = outcomeOf(error);
        return { ...errorResult(messageOf(error)), ...(outcome && { _meta: outcomeMeta(outcome) }) };
      }
    },
    readResource: (params, context) => call('resources/read', params, context).catch(asReadFailure),
    getPrompt: (params, context) => call('prompts/get', params, context).catch(asReadFailure),
    complete: (params, context) => call('completion/complete', params, context).catch(asReadFailure),
    onChange: (listener) => provider.onChange(listener),
    close: () => provider.close(),
  };
}

/** The state of a request, begun by the outermost part that needs one. */
export function stateOf(context: ListContext): Map<unknown, unknown> {
  const { state } = context as Partial<RequestContext>;
  return state instanceof Map ? state : new Map();
}

/** A middleware threw something that was not meant for the client; the message names it. */
class MiddlewareError extends Error {
  readonly middleware: string;
  /** @param cause left out where the client is not to know it. */
  constructor(middleware: string, cause?: unknown) {
    super(`Middleware "${middleware}" failed${cause === undefined ? '.' : `: ${messageOf(cause)}`}`, { cause });
    this.middleware = middleware;
  }
}

/** Tells what the middleware itself throws from what came out of `next`, and sees to it that it answers at all. */
function guarded(middleware: Middleware, next: Next): Next {
  return async <C extends Call>(call: C) => {
    const passing = new Set<unknown>();
    const watched: Next = (handed) =>
      next(handed).catch((error: unknown) => {
        passing.add(error);
        throw error;
      });
    try {
      const answer = await middleware(call, watched);
      if (answer === undefined) throw new Error('it returned nothing. Return what next(call) gave, or a result.');
      // The answer of a call of one method is of that method: the type of `Middleware` cannot say so.
      return answer as Answer<C['method']>;
    } catch (error) {
      const meant = isToolError(error) || isProviderError(error) || isQuestionAsked(error);
      // After a cancellation nobody reads the answer, and what is thrown is the cancellation itself.
      if (meant || passing.has(error) || call.signal.aborted) throw error;
      throw new MiddlewareError(middleware.name || 'anonymous', error ?? 'nothing');
    }
  };
}

/** The end of the chain: the provider. */
function innermost(provider: Provider): Next {
  const perform = (call: Call): Promise<Answer> => {
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
  // Each method is answered by its own kind of result: the switch above, which TypeScript cannot relate to `C`.
  return perform as Next;
}

// Plain properties all of them, so that a middleware may write `{ ...call, signal }`: a context may be an instance of a
// class, whose methods a spread would lose.
function callContext(context: CallContext): RequestContext {
  const { elicit } = context;
  return {
    ...context,
    requestId: context.requestId,
    signal: context.signal,
    progress: (progress) => context.progress(progress),
    log: (level, data) => context.log(level, data),
    ...(context.caller && { caller: context.caller }),
    ...(elicit && { elicit: (request) => elicit.call(context, request) }),
    state: stateOf(context),
  };
}

/** A list has neither a request to cancel nor a client to tell anything: what middleware may ask of it does nothing. */
function listContext(context: ListContext): RequestContext {
  return {
    requestId: '',
    // One of its own: listeners would gather at one that is shared.
    signal: new AbortController().signal,
    progress: () => {},
    log: () => {},
    ...context,
    state: stateOf(context),
  };
}
