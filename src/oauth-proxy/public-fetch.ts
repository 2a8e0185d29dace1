import type { HttpSender } from '../runtime/api/http.ts';
import { openSenders, type SenderOptions } from '../runtime/node/senders.ts';
import type { Fetch } from './options.ts';

/** A connection pool behind a `fetch`. */
export interface OpenedFetch {
  readonly fetch: Fetch;
  /** Closes its connections. */
  close(): Promise<void>;
}

/**
 * A `fetch` for Node that connects to public addresses only, by the address that is actually connected to (DNS
 * rebinding), and follows no redirects: for `publicFetch`. It uses `HTTPS_PROXY` and the like.
 */
export function openPublicFetch(options: SenderOptions = {}): OpenedFetch {
  const senders = openSenders(options);
  return { fetch: fetchWith(senders.publicOnly), close: () => senders.close() };
}

/** A `fetch` of text bodies through an HTTP sender, whose rules for addresses, TLS and proxies then apply. */
export function fetchWith(send: HttpSender): Fetch {
  return async (url, { method = 'GET', headers, body, signal }) => {
    if (body !== undefined && body !== null && typeof body !== 'string') throw new TypeError('Only text can be sent.');
    const {
      status,
      headers: received,
      body: bytes,
    } = await send({
      method,
      url,
      headers: [...new Headers(headers)],
      ...(typeof body === 'string' && { body }),
      signal: signal ?? new AbortController().signal,
    });
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : ReadableStream.from(bytes), {
      status,
      headers: received.map(([...pair]) => pair),
    });
  };
}
