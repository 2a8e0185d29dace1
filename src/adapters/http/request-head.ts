import type { IncomingMessage } from 'node:http';
import type { RequestHead } from '../../runtime/serve/gate.ts';

/** What the gate looks at, of Node's request. */
export function nodeHead({ method = 'GET', headers }: IncomingMessage): Omit<RequestHead, 'path'> {
  return {
    method,
    host: hostOf(headers) ?? null,
    origin: headers.origin ?? null,
    authorization: headers.authorization ?? null,
    requestedHeaders: headers['access-control-request-headers'] ?? null,
  };
}

/** HTTP/2 has `:authority` instead of `Host` (RFC 9113 §8.3.1). */
export function hostOf(headers: IncomingMessage['headers']): string | undefined {
  const authority = headers[':authority'];
  return headers.host ?? (typeof authority === 'string' ? authority : undefined);
}
