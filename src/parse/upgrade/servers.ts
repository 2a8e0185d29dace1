import type { JsonObject } from '../json.ts';
import { strings } from './context.ts';

const SCHEMES = ['https', 'http', 'wss', 'ws'];

/**
 * Converts `schemes`, `host` and `basePath` (2.0 "Swagger Object") to servers. Without a host: that of the document, so
 * the server is relative. Without schemes: that of the document, otherwise https. The order of `schemes` is irrelevant
 * in 2.0: https comes first, because of credentials.
 *
 * @param schemes of an operation, which override those of the root
 */
export function upgradeServers(
  root: JsonObject,
  url: string | undefined,
  schemes = strings(root.schemes),
): JsonObject[] {
  const { scheme: own, host, path } = address(root);
  const origin = url === undefined ? undefined : new URL(url);
  const stated = [...new Set((schemes ?? []).map((scheme) => scheme.toLowerCase().replace(/:.*$/s, '')))]
    .filter((scheme) => SCHEMES.includes(scheme))
    .sort((a, b) => SCHEMES.indexOf(a) - SCHEMES.indexOf(b));
  if (!host) {
    if (!origin || stated.length === 0) return [{ url: path || '/' }];
    return stated.map((scheme) => ({ url: `${scheme}://${origin.host}${path}` }));
  }
  const fallback = own ?? origin?.protocol.replace(':', '') ?? 'https';
  return (stated.length ? stated : [fallback]).map((scheme) => ({ url: `${scheme}://${host}${path}` }));
}

/** `host` and `basePath`, cleaned of common errors: a scheme, a path, extra or missing slashes. */
function address({ host, basePath }: JsonObject): { scheme: string | undefined; host: string; path: string } {
  const [, scheme, name = '', below = ''] =
    /^(?:(https?|wss?):\/\/)?([^/]*)(\/.*)?$/is.exec(typeof host === 'string' ? host.trim() : '') ?? [];
  const path = `${below.replace(/\/+$/, '')}/${typeof basePath === 'string' ? basePath.trim().replace(/^\/+/, '') : ''}`;
  return { scheme: scheme?.toLowerCase(), host: name, path: path.replace(/\/+$/, '') };
}
