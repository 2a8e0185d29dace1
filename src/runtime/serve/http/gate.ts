import { asError } from '../../errors.ts';
import type { InboundAuth } from '../auth/inbound-auth.ts';
import { type Admission, refused } from './admission.ts';
import type { Authentication } from './authentication.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { isLoopback } from './loopback.ts';
import type { RequestHead } from './request-head.ts';

export interface GateOptions {
  /** The path of the MCP endpoint. */
  readonly path: string;
  /** Authenticates the callers of `path`; `undefined`: anyone may call. */
  readonly authentication: Authentication | undefined;
  /** Host names (without port) to accept in `Host`, in addition to loopback names. */
  readonly allowedHosts: readonly string[];
  /** Origins (`https://app.example`) or their host names to accept in `Origin`, in addition to loopback origins. */
  readonly allowedOrigins: readonly string[];
  /** Other pages of this server, by path. They decide themselves who may see them. Default: none. */
  readonly pages?: ((path: string) => ((request: Request) => Promise<Response>) | undefined) | undefined;
  /** Whether calls can be served now, for `/readyz`. Default: always. */
  readonly ready?: (() => Promise<boolean>) | undefined;
  /** Messages name command-line flags instead of program options. */
  readonly flags: boolean;
  readonly onError: (error: Error) => void;
}

/** Checks a request by its head, before reading its body: first where it comes from, then its path, then its caller. */
export function createGate(options: GateOptions): (head: RequestHead) => Promise<Admission> {
  const { authentication } = options;
  const authenticated = afterOpening(options);
  const hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase()));
  const means = options.flags
    ? { host: '--allowed-host', origin: '--allowed-origin' }
    : { host: 'the option allowedHosts', origin: 'the option allowedOrigins' };
  /** Valid and allowed: nearly every request has the same. */
  const passed = new Set<string>();
  const isPassed = (host: string | null) => {
    if (host !== null && passed.has(host)) return true;
    if (!isAllowedHost(host, hosts)) return false;
    if (passed.size >= MOST_PASSED) passed.clear();
    if (host !== null) passed.add(host);
    return true;
  };
  return async (head) => {
    // Probes come to the address of a pod and have no token. They learn nothing else.
    if (HEALTH_PATHS.includes(head.path)) return health(head, options.ready);
    if (head.host !== null && !passed.has(head.host) && !AUTHORITY.test(head.host))
      return refused(400, 'The Host header of this request is not valid.');
    if (head.origin !== null && head.origin !== 'null' && !SERIALISED_ORIGIN.test(head.origin)) {
      return refused(400, 'The Origin header of this request is not valid.');
    }
    if (!isPassed(head.host)) {
      return refused(403, `The Host of this request is not allowed. Allow it with ${means.host}.`);
    }
    const named = isNamedOrigin(head.origin, origins);
    if (!named && !isOwnOrigin(head.origin)) {
      return refused(403, `The Origin of this request is not allowed. Allow it with ${means.origin}.`);
    }
    if (head.path !== options.path) {
      const respond = options.pages?.(head.path);
      if (respond) return { kind: 'page', respond };
      return (await authenticated((auth) => pageOf(auth, head.path))) ?? refused(404, 'Not found.');
    }
    // For allowed origins only. Loopback origins are let through, but need no CORS headers.
    const headers = named && head.origin !== null ? corsHeaders(head.origin) : {};
    if (named && head.method === 'OPTIONS') {
      // Sent by the browser itself, before it has a token from the page.
      return refused(204, '', { ...headers, ...preflightHeaders(head.requestedHeaders) });
    }
    if (!authentication) return { kind: 'admitted', headers };
    return withHeaders((await authenticated((auth) => auth.authenticate(head))) ?? refused(404, 'Not found.'), headers);
  };
}

const MOST_PASSED = 100;

/** A provider that cannot be reached at the first request says nothing about the token: 503, neither 401 nor 500. */
function afterOpening({ authentication, onError }: GateOptions) {
  let reported: unknown;
  return async (
    decide: (auth: InboundAuth) => Promise<Admission> | Admission | undefined,
  ): Promise<Admission | undefined> => {
    let auth: InboundAuth | undefined;
    try {
      auth = await authentication?.();
    } catch (error) {
      // Once, not for each of the requests that wait for the next attempt.
      if (error !== reported) onError(asError(error));
      reported = error;
      return refused(503, 'Callers cannot be authenticated at the moment. Try again later.', { 'Retry-After': '10' });
    }
    return auth && decide(auth);
  };
}

function pageOf(auth: InboundAuth, path: string): Admission | undefined {
  const respond = auth.handler(path);
  return respond && { kind: 'page', respond };
}

/** Pages must be able to read the response, including a challenge. */
function withHeaders(admission: Admission, headers: Readonly<Record<string, string>>): Admission {
  switch (admission.kind) {
    case 'admitted':
      return { ...admission, headers: { ...headers, ...admission.headers } };
    case 'refused':
      return { ...admission, answer: { ...admission.answer, headers: { ...headers, ...admission.answer.headers } } };
    case 'page':
      return admission;
  }
}

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

/** Whether the process runs, and whether it can serve calls now. */
export const HEALTH_PATHS: readonly string[] = ['/healthz', '/readyz'];

async function health({ method, path }: RequestHead, ready: GateOptions['ready']): Promise<Admission> {
  if (method !== 'GET' && method !== 'HEAD')
    return refused(405, 'Only GET and HEAD are supported here.', { Allow: 'GET, HEAD' });
  const isReady = path === '/healthz' || !ready || (await ready());
  return isReady ? refused(200, 'ok') : refused(503, 'not ready', { 'Retry-After': '1' });
}
