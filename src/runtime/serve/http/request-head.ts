import type { IncomingMessage } from 'node:http';

/** The head of a request, as the gate needs it. Repeated headers are joined with `, `. */
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
    authorization: authorizationOf(rawHeaders),
    requestedHeaders: headers['access-control-request-headers'] ?? null,
  };
}

/**
 * Every `Host` header: Node's `headers` keeps only the first one. HTTP/2 has `:authority` instead, and if both are
 * present they must be equal (RFC 9113 §8.3.1).
 */
export function hostOf(rawHeaders: readonly string[]): string | null {
  const hosts = valuesOf(rawHeaders, 'host');
  const others = valuesOf(rawHeaders, ':authority').filter((authority) => !hosts.includes(authority));
  return [...hosts, ...others].join(', ') || null;
}

/** Every `Authorization` header: Node's `headers` keeps only the first one. */
function authorizationOf(rawHeaders: readonly string[]): string | null {
  const values = valuesOf(rawHeaders, 'authorization');
  return values.length === 0 ? null : values.join(', ');
}

/** Names and values alternate. */
const valuesOf = (rawHeaders: readonly string[], name: string): readonly string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
