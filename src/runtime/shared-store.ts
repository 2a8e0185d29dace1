/**
 * What the processes of one server share: short texts with a lifetime, rate limits, and messages. Implemented over Redis
 * (`openapi-mcp/redis`), over the primary process (`--workers`), and in memory (`memorySharedStore()`).
 *
 * Every method rejects with a {@link StoreError} within some seconds if the store cannot be reached. Keys and channels
 * reveal nothing: whoever uses them hashes what they are made of.
 */
export interface SharedStore {
  get(key: string): Promise<string | undefined>;
  /** Stores or replaces a value. */
  set(key: string, value: string, options: SetOptions): Promise<void>;
  /** Stores a value only if there is none. @returns whether it did */
  add(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Reads and deletes in one step: of several concurrent callers, in any process, one gets the value. */
  take(key: string): Promise<string | undefined>;
  delete(key: string): Promise<boolean>;
  /** Sets the remaining lifetime of a value, if there is one. */
  touch(key: string, ttlMs: number): Promise<void>;
  /** Takes one token of a bucket that fills steadily. @returns how long to wait, in milliseconds; 0: it was taken */
  consume(key: string, bucket: BucketSize): Promise<number>;
  /** A secret that all processes of the server have. */
  secret(purpose: string): Promise<string>;
  /** @returns how many processes receive it */
  publish(channel: string, message: string): Promise<number>;
  /** Messages arrive in the order in which one process published them. @returns what ends it */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => void>;
  /** How many processes listen to a channel. */
  listeners(channel: string): Promise<number>;
  /** Resolves if the store can be reached. */
  ping(): Promise<void>;
  /** Calls the listener each time messages may have been lost: the connection has ended. @returns what ends it */
  onLost(listener: () => void): () => void;
  /** Whether values and messages are encrypted before they leave this process, or never leave this machine. */
  readonly isPrivate: boolean;
  close(): Promise<void>;
}

export interface SetOptions {
  readonly ttlMs: number;
  /** Groups that the value counts in; beyond a limit, the oldest values of the group are deleted. */
  readonly bounds?: readonly Bound[];
}

export interface Bound {
  readonly group: string;
  readonly max: number;
  /** Of all values together. Default: unlimited. */
  readonly maxBytes?: number;
  /** How long a value counts, if `touch` may extend its life. Default: its `ttlMs`. */
  readonly ageMs?: number;
}

export interface BucketSize {
  /** Burst size: tokens that may be taken at once. */
  readonly size: number;
  /** Sustained rate: tokens per second. */
  readonly perSecond: number;
}

export type StoreErrorCode =
  /** The store cannot be reached, or does not respond. */
  | 'STORE_UNAVAILABLE'
  /** It refuses the user or the password. */
  | 'STORE_REFUSED'
  /** Its options are invalid. */
  | 'BAD_STORE'
  /** Another process of this server uses another key or secret. */
  | 'STORE_DIFFERS';

/** Messages never contain a password or a key. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** Whether the store may have got what it did not confirm. */
  readonly mayHaveRun: boolean;
  constructor(
    code: StoreErrorCode,
    message: string,
    { cause, mayHaveRun = false }: { readonly cause?: unknown; readonly mayHaveRun?: boolean } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.mayHaveRun = mayHaveRun;
  }
}

/** By code: also errors of another copy of the runtime. */
export function isStoreUnavailable(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code === 'STORE_UNAVAILABLE';
}

/** For the model. */
export const STORE_UNAVAILABLE_TEXT =
  'Nothing has been done: the store that the processes of this server share cannot be reached. Try again later.';
