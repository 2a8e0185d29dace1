import type { RequestHead } from '../http/request-head.ts';

export type BearerToken =
  | { readonly kind: 'token'; readonly token: string }
  /** No `Authorization` header. */
  | { readonly kind: 'none' }
  /** Another scheme, or several values. */
  | { readonly kind: 'malformed' };

/** RFC 6750 §2.1 allows fewer characters, but tokens that people make up have others. */
const VISIBLE = /^[\x21-\x7e]+$/;

/**
 * The bearer token of a request, from its `Authorization` header only (RFC 6750 §2.1; MCP, access token usage). The
 * scheme's name is case-insensitive (RFC 9110 §11.1).
 */
export function bearerToken({ authorization }: Pick<RequestHead, 'authorization'>): BearerToken {
  if (authorization === null) return { kind: 'none' };
  const [scheme, token, ...rest] = authorization.split(' ');
  const isOne = scheme?.toLowerCase() === 'bearer' && token !== undefined && rest.length === 0 && VISIBLE.test(token);
  return isOne ? { kind: 'token', token } : { kind: 'malformed' };
}
