import type { BuiltRequest } from '../http.ts';

// Adds a credential to a request. It replaces an argument with the same parameter name: the server's credential takes
// precedence, and a name must not occur twice.

export function withHeader(request: BuiltRequest, name: string, value: string): BuiltRequest {
  const others = request.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: [...others, [name, value]] };
}

/** `pair` is encoded, `name=value`. */
export function withQuery(request: BuiltRequest, pair: string): BuiltRequest {
  return { ...request, query: [...without(request.query, pair), pair] };
}

/** `pair` is encoded, `name=value`. */
export function withCookie(request: BuiltRequest, pair: string): BuiltRequest {
  return { ...request, cookies: [...without(request.cookies, pair), pair] };
}

export function queryPair(name: string, value: string): string {
  return `${strictlyEncoded(name)}=${strictlyEncoded(value)}`;
}

/**
 * RFC 6265 §4.1.1: percent-encodes only characters that cookies cannot contain. `%` is kept: session values are often
 * already encoded.
 */
export function cookiePair(name: string, value: string): string {
  return `${name}=${value.replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g, encodeURIComponent)}`;
}

/** RFC 3986 §2.3: everything but unreserved characters is percent-encoded. */
export const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

function without(pairs: readonly string[], pair: string): readonly string[] {
  const start = pair.slice(0, pair.indexOf('=') + 1);
  return pairs.filter((other) => !other.startsWith(start));
}
