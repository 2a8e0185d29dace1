import { callerKey } from '../caller-key.ts';
import { declareOptions } from '../options/declare-options.ts';
import { choice, func, listOf, number, required, withMethods } from '../options/option-kinds.ts';
import { outcomeOf } from '../outcome.ts';
import type { CacheStore } from './cache-store.ts';
import { sorted } from './canonical.ts';
import { Flights } from './flights.ts';
import { freshMs } from './freshness.ts';
import { memoryStore } from './memory-store.ts';
import type { Answer, Call, Method, Middleware } from './middleware.ts';
import { isSafe } from './safety.ts';

export interface CacheOptions {
  /** Maximum age of a result in milliseconds; the API's `Cache-Control` can shorten it. */
  readonly ttlMs: number;
  /** Default: `memoryStore()`. */
  readonly store?: CacheStore;
  /**
   * The methods to cache. Default `tools/call` and `resources/read`. Lists are already shared by their providers, and
   * caching them here delays changes by `ttlMs`: only use it for a child with slow lists.
   */
  readonly methods?: readonly Method[];
  /**
   * Called if the store fails; the call then continues without it. Default: the call fails, with the cache named in the
   * error.
   */
  readonly onStoreError?: (error: unknown) => void;
}

const METHODS: Readonly<Record<Method, true>> = {
  'tools/list': true,
  'tools/call': true,
  'resources/list': true,
  'resources/templates/list': true,
  'resources/read': true,
  'prompts/list': true,
  'prompts/get': true,
  'completion/complete': true,
};
const checked = declareOptions<CacheOptions>(
  'cache()',
  {
    ttlMs: required(number({ min: 1 })),
    store: withMethods('a store with get() and set(), such as memoryStore()', 'get', 'set'),
    methods: listOf('methods', choice(METHODS)),
    onStoreError: func,
  },
  { hints: { ttl: 'Write "ttlMs", in milliseconds.' }, example: 'cache({ ttlMs: 60_000 })' },
);

/**
 * Caches results per caller and arguments, of read-only tools (`readOnlyHint`). Failures are not cached, nor responses
 * that the API marks as not cacheable. Equal concurrent calls are made once.
 *
 * ```ts
 * server.use(cache({ ttlMs: 60_000 }));
 * ```
 *
 * @throws OptionError if `ttlMs` is not a number of at least 1
 */
export function cache(options: CacheOptions): Middleware {
  const { ttlMs, store = memoryStore(), methods = ['tools/call', 'resources/read'], onStoreError } = checked(options);
  const flights = new Flights<Landed>();
  const varying = new VaryingHeaders();

  /** `memoryStore()` may be shared by the processes of the server. */
  const storeFor = ({ shared }: Call) => (shared && store.sharedBy?.(shared)) ?? store;

  async function stored<T>(use: () => Promise<T>): Promise<T | undefined> {
    if (!onStoreError) return use();
    return use().catch((error: unknown) => void onStoreError(error));
  }

  return async function cache(call, next) {
    if (!methods.includes(call.method) || !(await isSafe(call, next))) return next(call);
    const key = keyOf(call, varying);
    const entries = storeFor(call);
    const kept = await stored(() => entries.get(key));
    // The key identifies the call, so the value is its result.
    if (kept !== undefined && kept !== null) return kept as Answer;

    async function perform(signal: AbortSignal): Promise<Landed> {
      const answer = await next({ ...varying.watched(call), signal });
      const isFailure = 'isError' in answer && answer.isError === true;
      const ms = freshMs(outcomeOf(answer), ttlMs);
      // Headers that were read for the first time are in the key only from now on.
      const exact = keyOf(call, varying);
      if (!isFailure && ms > 0) await stored(() => entries.set(exact, answer, ms));
      return { answer, isForAll: exact === key && (isFailure || ms > 0) };
    }

    const leads = !flights.has(key);
    try {
      const { answer, isForAll } = await flights.join(key, call.signal, perform);
      // A response that must not be stored must not be used for another request either (RFC 9111 §4).
      return leads || isForAll ? answer : next(call);
    } catch (error) {
      // Another call's error may be its own: a question to its client, its time limit.
      if (leads || call.signal.aborted) throw error;
      return next(call);
    }
  };
}

interface Landed {
  readonly answer: Answer;
  /** The concurrent callers that were waiting may use it too. */
  readonly isForAll: boolean;
}

/**
 * Callers with another id, scope or claim have separate entries; so have the pages of a result, results that are not cut,
 * and calls whose forwarded headers differ.
 */
function keyOf(call: Call, varying: VaryingHeaders): string {
  const page = call.page ? [sorted(call.page)] : [];
  const uncut = call.uncut ? ['uncut'] : [];
  return JSON.stringify([callerKey(call), call.method, sorted(call.params), ...page, ...uncut, ...varying.of(call)]);
}

/** The headers of clients' requests that results depend on: those that a call has ever read, such as a tenant. */
class VaryingHeaders {
  readonly #names = new Set<string>();

  /** The call, whose reads are noticed. */
  watched<C extends Call>(call: C): C {
    const { requestHeader } = call;
    if (!requestHeader) return call;
    const noticed = (name: string) => {
      this.#names.add(name.toLowerCase());
      return requestHeader(name);
    };
    return { ...call, requestHeader: noticed };
  }

  of({ requestHeader }: Call): readonly (readonly [name: string, value: string | null])[] {
    if (!requestHeader) return [];
    return [...this.#names].sort().map((name) => [name, requestHeader(name)]);
  }
}
