import type { IncomingMessage } from 'node:http';

/** What the gate looks at: the head of a request. A header that was sent several times is joined with `, `. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly authorization: string | null;
  /** `Access-Control-Request-Headers` */
  readonly requestedHeaders: string | null;
}

/** The head of Node's request, of HTTP/1.1 or HTTP/2. */
export function nodeHead({ method = 'GET', url = '/', headers, rawHeaders }: IncomingMessage): RequestHead {
  return {
    method,
    path: url.split('?', 1)[0] ?? url,
    host: hostOf(rawHeaders),
    origin: headers.origin ?? null,
    authorization: headers.authorization ?? null,
    requestedHeaders: headers['access-control-request-headers'] ?? null,
  };
}

/**
 * Every `Host` that was sent: Node's `headers` keeps the first one only. HTTP/2 has `:authority` in its place, and both
 * must be the same (RFC 9113 §8.3.1).
 */
export function hostOf(rawHeaders: readonly string[]): string | null {
  const named = (wanted: string) =>
    rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
  const hosts = named('host');
  const others = named(':authority').filter((authority) => !hosts.includes(authority));
  return [...hosts, ...others].join(', ') || null;
}
