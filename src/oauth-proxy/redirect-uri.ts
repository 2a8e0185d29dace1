import { isLoopback } from '../runtime/serve/http/loopback.ts';

/**
 * Why a client may not register a redirect URI, or `undefined` if it may. Only the normalised spelling is accepted:
 * two readers of another one, such as `https://app.example/a/../b`, could disagree about where it leads.
 *
 * @param allowed patterns; `undefined`: loopback http and any https URI
 */
export function redirectFault(uri: string, allowed: readonly RegExp[] | undefined): string | undefined {
  if (uri.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url) return 'is not an absolute URL';
  if (url.username !== '' || url.password !== '') return 'contains a user name';
  if (uri.includes('#')) return 'contains a fragment';
  if (url.href !== uri && url.href !== `${uri}/`) return `is not normalised: write ${url.href}`;
  if (UNSAFE_SCHEMES.has(url.protocol)) return 'has a scheme that runs or opens local content';
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return 'is neither https nor on this machine';
  if (allowed) return allowed.some((pattern) => pattern.test(uri)) ? undefined : 'is not allowed by this server';
  return url.protocol === 'https:' || url.protocol === 'http:' ? undefined : 'is neither https nor on this machine';
}

/**
 * Whether a redirect URI is one that the client registered: the same text, except for the port of loopback addresses
 * (RFC 8252 §7.3).
 */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  const portless = withoutLoopbackPort(uri);
  return registered.some((one) => one === uri || (portless !== undefined && withoutLoopbackPort(one) === portless));
}

/** Whether any program on the user's machine could receive it. */
export function isLoopbackRedirect(uri: string): boolean {
  return loopbackUrl(uri) !== undefined;
}

/**
 * A pattern of `allowedRedirectUris` as an expression: `*` matches any text in a path, but no query, and any port of a
 * loopback address. Loopback addresses without a port match with every port.
 *
 * @throws Error if it is not a redirect URI with `*` in these places; the message completes "The pattern …"
 */
export function redirectPattern(pattern: string): RegExp {
  const parts = PATTERN.exec(pattern);
  if (!parts) throw new Error('is not a URL, such as https://app.example/callback or http://127.0.0.1:*/callback');
  const [, scheme = '', slashes = '', authority = '', path = ''] = parts;
  const [, host = authority, port] = /^(.*?)(?::(\d{1,5}|\*))?$/.exec(authority) ?? [];
  if (host.includes('*')) throw new Error('has * in its host; * is only valid in the path, or as a loopback port');
  const loopback = scheme === 'http' && isLoopback(host);
  if (scheme === 'http' && !loopback) throw new Error('is http, which is only valid for loopback addresses');
  if (port === '*' && !loopback) throw new Error('has * as its port, which is only valid for loopback addresses');
  const ownPort = port === undefined || port === '*' ? '' : `:${port}`;
  const fault = redirectFault(`${scheme}:${slashes}${host}${ownPort}${path.replaceAll('*', 'x')}`, [/^/]);
  if (fault !== undefined) throw new Error(fault);
  const ports = loopback && ownPort === '' ? '(?::\\d{1,5})?' : ownPort;
  // A URL with an empty path is written with and without a slash.
  const paths = path === '' || path === '/' ? '/?' : path.split('*').map(literal).join('[^?#]*');
  return new RegExp(`^${literal(`${scheme}:${slashes}${host}`)}${ports}${paths}$`);
}

const MAX_LENGTH = 500;

const UNSAFE_SCHEMES = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'view-source:',
  'ws:',
  'wss:',
  'ftp:',
]);

const PATTERN = /^([a-z][a-z0-9+.-]*):(?:(\/\/)([^/?#]*))?(\/?[^?#]*)$/;

function loopbackUrl(uri: string): URL | undefined {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  return url?.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined;
}

function withoutLoopbackPort(uri: string): string | undefined {
  const url = loopbackUrl(uri);
  // Parsing drops what a port could hide, such as a user name; only normalised text is compared further.
  if (!url || (url.href !== uri && url.href !== `${uri}/`) || url.username !== '' || uri.includes('#'))
    return undefined;
  url.port = '';
  return url.href;
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
