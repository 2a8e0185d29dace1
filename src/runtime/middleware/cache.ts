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
  /** Milliseconds an answer is kept at most; less where the API's `Cache-Control` says less. */
  readonly ttlMs: number;
  /** Default: `memoryStore()`. */
  readonly store?: CacheStore;
  /**
   * What is kept. Default `tools/call` and `resources/read`. Lists are shared by those who make them, and kept here a
   * change of theirs is seen `ttlMs` late: name them only for a child whose lists are slow.
   */
  readonly methods?: readonly Method[];
  /** Told where the store fails; the call then goes on without it. Default: the call fails, naming the cache. */
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
 * Answers from memory what was asked before: by the same caller, with the same arguments, of a tool that only reads
 * (`readOnlyHint`). Failures are not kept, nor what the API says not to keep. Equal calls at the same moment are one.
 *
 * ```ts
 * server.use(cache({ ttlMs: 60_000 }));
 * ```
 *
 * @throws OptionError where `ttlMs` is no number of 1 or more.
 */
export function cache(options: CacheOptions): Middleware {
  const { ttlMs, store = memoryStore(), methods = ['tools/call', 'resources/read'], onStoreError } = checked(options);
  const flights = new Flights<Landed>();

  async function stored<T>(use: () => Promise<T>): Promise<T | undefined> {
    if (!onStoreError) return use();
    return use().catch((error: unknown) => void onStoreError(error));
  }

  return async function cache(call, next) {
    if (!methods.includes(call.method) || !(await isSafe(call, next))) return next(call);
    const key = keyOf(call);
    const kept = await stored(() => store.get(key));
    // Under a key stands what answered this very call.
    if (kept !== undefined && kept !== null) return kept as Answer;

    async function perform(signal: AbortSignal): Promise<Landed> {
      const answer = await next({ ...call, signal });
      const isFailure = 'isError' in answer && answer.isError === true;
      const ms = freshMs(outcomeOf(answer), ttlMs);
      if (!isFailure && ms > 0) await stored(() => store.set(key, answer, ms));
      return { answer, isForAll: isFailure || ms > 0 };
    }

    const leads = !flights.has(key);
    try {
      const { answer, isForAll } = await flights.join(key, call.signal, perform);
      // What must not be kept must not answer another request either (RFC 9111 §4).
      return leads || isForAll ? answer : next(call);
    } catch (error) {
      // What another call threw may be its own: a question to its client, its deadline.
      if (leads || call.signal.aborted) throw error;
      return next(call);
    }
  };
}

interface Landed {
  readonly answer: Answer;
  /** Those that waited may have it too. */
  readonly isForAll: boolean;
}

/** Whoever has another id, scope or claim has answers of their own. */
function keyOf(call: Call): string {
  return JSON.stringify([callerKey(call), call.method, sorted(call.params)]);
}
