import type { AuthInfo } from '@modelcontextprotocol/server';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { isLoopback } from './loopback.ts';
import type { RequestHead } from './request-head.ts';
import { ServeError } from './serve-error.ts';

export interface GateOptions {
  /** The path of the MCP endpoint. */
  readonly path: string;
  /** The bearer token that every request to `path` must carry; `undefined`: no token. */
  readonly token: string | undefined;
  /** Host names (without port) to accept in `Host`, in addition to loopback names. */
  readonly allowedHosts: readonly string[];
  /** Origins (`https://app.example`) or their host names to accept in `Origin`, in addition to loopback origins. */
  readonly allowedOrigins: readonly string[];
  /** Messages name command-line flags instead of program options. */
  readonly flags: boolean;
}

/** SHA-256 of a text. Node's own takes 2 µs, the web-standard one 90. */
export type Digest = (text: string) => Uint8Array | Promise<Uint8Array>;

export type Admission =
  /** `headers` are added to the response. */
  | { readonly admitted: true; readonly authInfo?: AuthInfo; readonly headers: Headers }
  | { readonly admitted: false; readonly answer: PlainAnswer };

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Checks a request by its head, before reading its body: first where it comes from, then its path, then its token.
 *
 * @throws ServeError if the token is empty
 */
export function createGate(
  options: GateOptions,
  digest: Digest = webDigest,
): (head: RequestHead) => Promise<Admission> {
  if (options.token === '') throw emptyToken(options);
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  const expected = options.token === undefined ? undefined : digest(options.token);
  const means = options.flags
    ? { host: '--allowed-host', origin: '--allowed-origin' }
    : { host: 'the option allowedHosts', origin: 'the option allowedOrigins' };
  return async (head) => {
    if (head.host !== null && !AUTHORITY.test(head.host))
      return refused(400, 'The Host header of this request is not valid.');
    if (head.origin !== null && head.origin !== 'null' && !SERIALISED_ORIGIN.test(head.origin)) {
      return refused(400, 'The Origin header of this request is not valid.');
    }
    if (!isAllowedHost(head.host, hosts)) {
      return refused(403, `The Host of this request is not allowed. Allow it with ${means.host}.`);
    }
    const named = isNamedOrigin(head.origin, origins);
    if (!named && !isOwnOrigin(head.origin)) {
      return refused(403, `The Origin of this request is not allowed. Allow it with ${means.origin}.`);
    }
    if (head.path === '/healthz') return health(head.method);
    if (head.path !== options.path) return refused(404, 'Not found.');
    // For allowed origins only. Loopback origins are let through, but need no CORS headers.
    const headers = named && head.origin !== null ? corsHeaders(head.origin) : {};
    if (named && head.method === 'OPTIONS') {
      // Sent by the browser itself, before it has a token from the page.
      return refused(204, '', { ...headers, ...preflightHeaders(head.requestedHeaders) });
    }
    if (!expected) return { admitted: true, headers };
    const token = bearerToken(head.authorization);
    if (token !== undefined && equal(await digest(token), await expected)) {
      return { admitted: true, authInfo: HOLDER, headers };
    }
    const challenge = { ...headers, 'WWW-Authenticate': 'Bearer' };
    return refused(401, 'This server requires a bearer token: Authorization: Bearer <token>.', challenge);
  };
}

/** An empty variable was probably set by mistake: reject it instead of serving without a token. */
const emptyToken = ({ flags }: GateOptions) =>
  new ServeError(
    'TOKEN_REQUIRED',
    `The token is empty. ${flags ? 'Set OPENAPI_MCP_TOKEN to a secret, or unset it' : 'Pass a secret, or undefined for no token'}.`,
  );

/** The caller with the static token. The token itself is not passed on. */
const HOLDER: AuthInfo = { token: '', clientId: 'token-holder', scopes: [] };

/**
 * RFC 9110 §7.2: a single host, optionally with a port; no user name, path or fragment, which a URL parser would accept
 * and drop. Stricter than RFC 3986 §3.2.2: rejects characters that no host name has.
 */
const HOST = String.raw`(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?`;
const AUTHORITY = new RegExp(`^${HOST}$`, 'i');
/** RFC 6454 §6.2: a scheme and an authority, nothing else. Pages outside the web have other forms. */
const SERIALISED_ORIGIN = new RegExp(`^[a-z][a-z0-9+.-]*://${HOST}$`, 'i');

/** A page whose host name resolves to this machine (DNS rebinding) still sends that name in `Host`. */
function isAllowedHost(header: string | null, allowed: ReadonlySet<string>): boolean {
  const host = urlOf(`http://${header ?? ''}`)?.hostname;
  return host !== undefined && (isLoopback(host) || allowed.has(host) || allowed.has(unbracketed(host)));
}

function isNamedOrigin(header: string | null, named: ReadonlySet<string>): boolean {
  const host = header === null ? undefined : urlOf(header)?.hostname;
  return host !== undefined && host !== '' && (named.has(host) || named.has(String(header).toLowerCase()));
}

/** Only browsers send `Origin`; `null`, the origin of sandboxed pages, is never allowed. */
function isOwnOrigin(header: string | null): boolean {
  return header === null || isLoopback(urlOf(header)?.hostname ?? '');
}

const urlOf = (text: string) => (URL.canParse(text) ? new URL(text) : undefined);

const unbracketed = (host: string) => (host.startsWith('[') ? host.slice(1, -1) : host);

/** RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1). */
function bearerToken(authorization: string | null): string | undefined {
  const [scheme, token, ...rest] = (authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && rest.length === 0 ? token : undefined;
}

const webDigest: Digest = async (text) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** Constant-time comparison. Compares digests, so their length reveals nothing either. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function health(method: string): Admission {
  if (method === 'GET' || method === 'HEAD') return refused(200, 'ok');
  return refused(405, 'Only GET and HEAD are supported here.', { Allow: 'GET, HEAD' });
}

function refused(status: number, text: string, headers: Headers = {}): Admission {
  return { admitted: false, answer: { status, text, headers: { ...PLAIN, ...headers } } };
}

const PLAIN = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
