import type { SenderOptions } from '../runtime/api/senders.ts';
import { openSenders } from '../runtime/node/senders.ts';
import { type AuthFetch, senderFetch } from '../runtime/serve/auth/auth-fetch.ts';

/** A connection pool behind a `fetch`. */
export interface OpenedFetch {
  readonly fetch: AuthFetch;
  /** Closes its connections. */
  close(): Promise<void>;
}

/**
 * A `fetch` for Node that connects to public addresses only, by the address that is actually connected to (DNS
 * rebinding), and follows no redirects: for `publicFetch`. It uses `HTTPS_PROXY` and the like.
 */
export function openPublicFetch(options: SenderOptions = {}): OpenedFetch {
  const senders = openSenders(options);
  return { fetch: senderFetch(senders.publicOnly), close: () => senders.close() };
}
