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
 * The provider with middleware round each of its calls; the first one is the outermost. With no middleware it is the
 * provider itself.
 *
 * @throws OptionError where one of them is no function.
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
  const ask = chained(provider, middleware);
  const asTold = (error: unknown): never => {
    throw told(error);
  };
  const asReadFailure = (thrown: unknown): never => {
    const error = told(thrown);
    if (!isToolError(error) && !(error instanceof MiddlewareError)) throw error;
    throw withOutcome(readFailed(messageOf(error)), outcomeOfThrown(error));
  };
  const list = <M extends Method>(method: M, context: ListContext) =>
    ask(listCall(method, context)).catch(asTold) as Promise<Answer<M>>;
  const call = <M extends Method>(method: M, params: Methods[M]['params'], context: CallContext) =>
    ask(callOf(method, params, context)) as Promise<Answer<M>>;
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
        return failedResult(error);
      }
    },
    readResource: (params, context) => call('resources/read', params, context).catch(asReadFailure),
    getPrompt: (params, context) => call('prompts/get', params, context).catch(asReadFailure),
    complete: (params, context) => call('completion/complete', params, context).catch(asReadFailure),
    onChange: (listener) => provider.onChange(listener),
    close: () => provider.close(),
  };
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

/**
 * The chain, put together once: a call through it makes no function and no set, only the promises of its layers.
 *
 * What comes out of a layer, or of the provider, is noted as passing: the layers round it, which let it through, are not
 * to blame for it.
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
        // After a cancellation nobody reads the answer, and what is thrown is the cancellation itself.
        const isMeant = isToolError(error) || isProviderError(error) || isQuestionAsked(error) || call.signal.aborted;
        throw noted(isMeant || passing.has(error) ? error : new MiddlewareError(each.name || 'anonymous', error));
      }
      // Types forbid it, and JavaScript does not.
      if (answer === undefined) throw noted(new MiddlewareError(each.name || 'anonymous', new Error(NO_ANSWER)));
      return answer;
    };
    // The answer of a call of one method is of that method: the type of `Middleware` cannot say so, here and below.
    return round as Next;
  };
  return middleware.reduceRight<Next>((next, each) => layer(each, next), innermost as Next);
}

const NO_ANSWER = 'it returned nothing. Return the result of next(call), or another result.';

/** What is thrown as a text, or as nothing, cannot be told from another such: it becomes an error of its own. */
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
 * Plain properties all of them, so that a middleware may write `{ ...call, signal }`: a context may be an instance of a
 * class, whose methods a spread would lose. One that has a state has been made plain already, by a chain further out.
 *
 * What an object is begun with costs next to nothing; what is added to a copy of another one costs more than the whole
 * chain. So a copy never comes first where something is added.
 */
function callOf<M extends Method>(method: M, params: Methods[M]['params'], context: CallContext): Call {
  // `method` tells what `params` are, which TypeScript does not see through the union.
  if (hasState(context)) return { ...context, method, params } as Call;
  const { requestId, signal, caller, elicit, sample } = context;
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
    ...(elicit && { elicit: (request) => elicit.call(context, request) }),
    ...(sample && { sample: (request) => sample.call(context, request) }),
  } as Call;
}

/**
 * A list has neither a request to cancel nor a client to tell anything: what middleware may ask of it does nothing. Its
 * signal is one of its own, for listeners would gather at one that is shared, and made when somebody asks for it: it
 * costs more than all the rest.
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

/** The state of a request, begun by the outermost part that needs one. */
export function stateOf(context: ListContext): Map<unknown, unknown> {
  return hasState(context) ? context.state : new Map();
}
