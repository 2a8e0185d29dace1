/**
 * Moves a URI, or an RFC 6570 URI template, into a namespace: its authority becomes `<namespace>.<authority>`.
 *
 * - `api://pets/list` → `api://git.pets/list`
 * - `file:///readme` (no authority) → `file://git./readme`
 * - `urn:isbn:1` (no authority component, RFC 3986 §3.3) → `urn:git.isbn:1`
 * - without a literal scheme (`{+url}`) → `git:{+url}`
 *
 * Text is only inserted, never rewritten, so an expanded template can be converted back by {@link fromNamespaceUri}.
 */
export function toNamespaceUri(namespace: string, uri: string): string {
  const scheme = schemeOf(uri);
  return scheme === undefined ? `${namespace}:${uri}` : `${scheme}${namespace}.${uri.slice(scheme.length)}`;
}

/** The inverse of {@link toNamespaceUri}; `undefined` for a URI outside the namespace. */
export function fromNamespaceUri(namespace: string, uri: string): string | undefined {
  const scheme = schemeOf(uri);
  if (scheme !== undefined && uri.startsWith(`${namespace}.`, scheme.length)) {
    return scheme + uri.slice(scheme.length + namespace.length + 1);
  }
  return uri.startsWith(`${namespace}:`) ? uri.slice(namespace.length + 1) : undefined;
}

/** `api://` or `urn:`: the scheme (RFC 3986 §3.1) and everything before the authority. */
function schemeOf(uri: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/)?/.exec(uri)?.[0];
}
