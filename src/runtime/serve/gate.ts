import type { AuthInfo } from '@modelcontextprotocol/server';
import { isLoopback } from './loopback.ts';

export interface GateOptions {
  /** Where MCP is served. */
  readonly path: string;
  /** The bearer token that every request to `path` must carry; `undefined`: none is asked for. */
  readonly token: string | undefined;
  /** Host names (without port) that may stand in `Host`, beside those of the loopback interface. */
  readonly allowedHosts: readonly string[];
  /** Origins (`https://app.example`) or their host names that may stand in `Origin`, beside loopback ones. */
  readonly allowedOrigins: readonly string[];
}

/** What the gate looks at: the head of a request. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly authorization: string | null;
}

/** SHA-256 of a text. Node's own takes 2 µs, the web's 90. */
export type Digest = (text: string) => Uint8Array | Promise<Uint8Array>;

export type Admission =
  | { readonly admitted: true; readonly authInfo?: AuthInfo }
  | { readonly admitted: false; readonly answer: PlainAnswer };

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Decides about a request by its head alone, before any of its body is read: first where it comes from, then where it
 * goes, then who sends it.
 */
export function createGate(
  options: GateOptions,
  digest: Digest = webDigest,
): (head: RequestHead) => Promise<Admission> {
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  const expected = options.token === undefined ? undefined : digest(options.token);
  return async (head) => {
    if (!isAllowedHost(head.host, hosts)) {
      return refused(403, 'The Host of this request is not allowed here. Allow it with --allowed-host.');
    }
    if (!isAllowedOrigin(head.origin, origins)) {
      return refused(403, 'The Origin of this request is not allowed here. Allow it with --allowed-origin.');
    }
    if (head.path === '/healthz') return health(head.method);
    if (head.path !== options.path) return refused(404, 'Not found.');
    if (!expected) return { admitted: true };
    const token = bearerToken(head.authorization);
    if (token !== undefined && equal(await digest(token), await expected)) return { admitted: true, authInfo: HOLDER };
    return refused(401, 'This server wants its token: Authorization: Bearer <token>.', {
      'WWW-Authenticate': 'Bearer',
    });
  };
}

/** Whoever holds the one static token. The token itself is passed to nobody. */
const HOLDER: AuthInfo = { token: '', clientId: 'token-holder', scopes: [] };

/** A page that makes its own host name resolve to this machine (DNS rebinding) still sends that name in `Host`. */
function isAllowedHost(header: string | null, allowed: ReadonlySet<string>): boolean {
  const host = urlOf(`http://${header ?? ''}`)?.hostname;
  return host !== undefined && (isLoopback(host) || allowed.has(host) || allowed.has(unbracketed(host)));
}

/** Only browsers send `Origin`; `null`, that of sandboxed pages, is nobody's. */
function isAllowedOrigin(header: string | null, allowed: ReadonlySet<string>): boolean {
  if (header === null) return true;
  const url = urlOf(header);
  if (!url?.hostname) return false;
  return isLoopback(url.hostname) || allowed.has(url.hostname) || allowed.has(header.toLowerCase());
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

/** Takes the same time wherever the two differ. Digests, so their length tells nothing either. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function health(method: string): Admission {
  if (method === 'GET' || method === 'HEAD') return refused(200, 'ok');
  return refused(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
}

function refused(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Admission {
  return { admitted: false, answer: { status, text, headers: { ...PLAIN, ...headers } } };
}

const PLAIN = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
