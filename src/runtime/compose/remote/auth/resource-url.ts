/**
 * The canonical URL of an MCP server (MCP 2025-11-25, canonical server URI): without query and fragment, and without a
 * trailing slash, except for the root. It is where a login is stored, and never equal to an origin, which stands for an
 * API.
 */
export function resourceUrl(serverUrl: string | URL): string {
  const { origin, pathname } = new URL(serverUrl);
  return origin + (pathname.replace(/\/+$/, '') || '/');
}

/** Whether a URL is at a resource, or below it: the same origin, and its path or a path in it. */
export function covers(resource: string, url: string | URL): boolean {
  if (!URL.canParse(resource)) return false;
  const [whole, part] = [new URL(resource), new URL(url)];
  const base = whole.pathname.replace(/\/+$/, '');
  return whole.origin === part.origin && (part.pathname === base || part.pathname.startsWith(`${base}/`));
}
