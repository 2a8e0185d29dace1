import { type SharedStore, StoreError } from '../shared-store.ts';

export interface Agreement {
  readonly store: SharedStore;
  readonly name: string;
  /** What must be the same in all processes: a digest of it, never the thing itself. */
  readonly value: string;
  /** Says what to do if it is not. */
  readonly message: string;
}

/** An ended process is forgotten after this time: another value is refused until then. */
const TTL_MS = 60_000;
const RENEW_MS = 20_000;

/**
 * Checks that all running processes agree on a value, for as long as this one runs.
 *
 * @returns what ends it
 * @throws StoreError `STORE_DIFFERS` if another process has another value
 */
export async function agree({ store, name, value, message }: Agreement): Promise<() => void> {
  const key = `agreed:${name}`;
  if (!(await store.add(key, value, TTL_MS))) {
    const other = await store.get(key);
    if (other !== undefined && other !== value) throw new StoreError('STORE_DIFFERS', message);
  }
  const renew = () => void store.set(key, value, { ttlMs: TTL_MS }).catch(() => {});
  renew();
  const timer = setInterval(renew, RENEW_MS);
  // Only Node has it.
  (timer as { unref?(): void }).unref?.();
  return () => clearInterval(timer);
}
