/**
 * Puts a URI, or an RFC 6570 template of URIs, into a namespace: its authority becomes `<namespace>.<authority>`.
 *
 * - `api://pets/list` → `api://git.pets/list`
 * - `file:///readme` (no authority) → `file://git./readme`
 * - `urn:isbn:1` (no authority component, RFC 3986 §3.3) → `urn:git.isbn:1`
 * - what has no scheme that is written out (`{+url}`) → `git:{+url}`
 *
 * Text is only ever put in, never rewritten: so an expanded template finds its way back by {@link fromNamespaceUri}.
 */
export function toNamespaceUri(namespace: string, uri: string): string {
  const scheme = schemeOf(uri);
  return scheme === undefined ? `${namespace}:${uri}` : `${scheme}${namespace}.${uri.slice(scheme.length)}`;
}

/** What {@link toNamespaceUri} was given; `undefined` for a URI that is not of the namespace. */
export function fromNamespaceUri(namespace: string, uri: string): string | undefined {
  const scheme = schemeOf(uri);
  if (scheme !== undefined && uri.startsWith(`${namespace}.`, scheme.length)) {
    return scheme + uri.slice(scheme.length + namespace.length + 1);
  }
  return uri.startsWith(`${namespace}:`) ? uri.slice(namespace.length + 1) : undefined;
}

/** `api://` or `urn:`: the scheme (RFC 3986 §3.1) with what stands before the authority. */
function schemeOf(uri: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/)?/.exec(uri)?.[0];
}
