import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach } from 'vitest';
import {
  type Browser,
  type IdentityProvider,
  type IdentityProviderOptions,
  startBrowser,
  startIdentityProvider,
  type Visit,
} from '../identity-provider.test.fixture.ts';
import {
  createOAuthProxy,
  InvalidTokenError,
  memoryStore,
  type OAuthProxy,
  type OAuthProxyOptions,
  type OAuthProxyStore,
  type TokenVerifier,
  type UpstreamOptions,
  VerifierUnavailableError,
} from './index.ts';

export const CLIENT_REDIRECT = 'http://127.0.0.1:1/callback';
export const SECRET = 'a passphrase of more than 32 characters';
export const UPSTREAM_SECRET = 'the secret:of the upstream/client';

const API = 'https://api.example.com';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A provider that clients can neither register with nor show a document to; it knows one client: the proxy. */
export function startUpstream(options: Partial<IdentityProviderOptions> = {}): Promise<IdentityProvider> {
  return startIdentityProvider({
    resource: API,
    defaultResource: true,
    scopes: ['read', 'write'],
    accessTokenFormat: 'opaque',
    registration: false,
    cimd: false,
    ...options,
    clients: [
      {
        client_id: 'the-proxy',
        client_secret: UPSTREAM_SECRET,
        // Native: with any port.
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/auth/callback'],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
  });
}

/** How a proxy reaches it. */
export const upstreamOf = (idp: IdentityProvider) => ({
  authorizationEndpoint: idp.authorizationEndpoint,
  tokenEndpoint: idp.tokenEndpoint,
  revocationEndpoint: idp.revocationEndpoint,
  issuer: idp.issuer,
  clientId: 'the-proxy',
  clientSecret: UPSTREAM_SECRET,
  scopes: ['openid', 'read', 'write'],
});

export interface StartOptions extends Partial<Omit<OAuthProxyOptions, 'upstream'>> {
  readonly upstream?: Partial<UpstreamOptions>;
}

export interface StartedProxy {
  readonly proxy: OAuthProxy;
  readonly baseUrl: string;
  readonly resource: string;
  readonly store: OAuthProxyStore;
  readonly errors: Error[];
  /** The clock of the proxy. */
  readonly clock: { now: number };
}

export async function startProxy(idp: IdentityProvider, options: StartOptions = {}): Promise<StartedProxy> {
  const errors: Error[] = [];
  const clock = { now: Date.now() };
  let listener = (_request: Request): Promise<Response> => Promise.reject(new Error('not started'));
  const server = createServer(getRequestListener((request) => listener(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const resource = `${baseUrl}/mcp`;
  const store = options.store ?? memoryStore();
  const proxy = createOAuthProxy({
    baseUrl,
    resource,
    verifier: introspection(idp),
    secret: SECRET,
    now: () => clock.now,
    onError: (error) => errors.push(error),
    ...options,
    store,
    upstream: { ...upstreamOf(idp), ...options.upstream },
  });
  listener = async (request) =>
    proxy.handler(new URL(request.url).pathname)?.(request) ?? new Response('Not found.', { status: 404 });
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await proxy.close();
  });
  return { proxy, baseUrl, resource, store, errors, clock };
}

/** Asks the provider about each token (RFC 7662), so that revocations show at once. */
export function introspection(idp: IdentityProvider): TokenVerifier {
  return {
    authorizationServers: [idp.issuer],
    claims: () => true,
    async verify(token) {
      const response = await fetch(idp.introspectionEndpoint, {
        method: 'POST',
        body: new URLSearchParams({ token }),
        headers: { authorization: `Basic ${btoa(`the-proxy:${encodeURIComponent(UPSTREAM_SECRET)}`)}` },
      }).catch((cause) => {
        throw new VerifierUnavailableError('The provider cannot be reached.', { cause });
      });
      if (response.status !== 200) throw new VerifierUnavailableError('The provider failed.');
      const claims = (await response.json()) as Record<string, unknown>;
      if (claims.active !== true) throw new InvalidTokenError('The token is not active.');
      return {
        issuer: idp.issuer,
        subject: String(claims.sub),
        scopes: String(claims.scope ?? '').split(' '),
        expiresAt: Number(claims.exp),
        claims,
      };
    },
  };
}

export async function register(baseUrl: string, metadata: object = {}): Promise<string> {
  const response = await fetch(`${baseUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'A client', redirect_uris: [CLIENT_REDIRECT], ...metadata }),
  });
  const { client_id: id } = (await response.json()) as { client_id: string };
  return id;
}

/** An authorization request, whose parameters can be overridden; `undefined` leaves one out. */
export function authorization({ baseUrl, resource }: StartedProxy, given: Record<string, string | undefined>) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = {
    response_type: 'code',
    redirect_uri: CLIENT_REDIRECT,
    scope: 'read',
    state: 'state-of-the-client',
    resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...given,
  };
  const defined = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { url: `${baseUrl}/authorize?${new URLSearchParams(defined)}`, verifier };
}

export const visit: Visit = { stopAt: (url) => url.port === '1' };

export interface TokenResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>> & { readonly access_token: string; readonly refresh_token: string };
}

export async function post(url: string, fields: Record<string, string>): Promise<TokenResponse> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : {} };
}

export interface LoginOptions {
  readonly clientId?: string;
  readonly visit?: Partial<Visit>;
  readonly browser?: Browser;
  readonly parameters?: Record<string, string | undefined>;
}

/** A client's way to a code: registration, consent, login at the upstream. */
export async function codeFor(started: StartedProxy, options: LoginOptions = {}) {
  const clientId = options.clientId ?? (await register(started.baseUrl));
  const { url, verifier } = authorization(started, { client_id: clientId, ...options.parameters });
  const back = await (options.browser ?? startBrowser()).browse(url, { ...visit, ...options.visit });
  const redeem = (fields: Record<string, string> = {}) =>
    post(`${started.baseUrl}/token`, {
      grant_type: 'authorization_code',
      client_id: clientId,
      code: back.searchParams.get('code') ?? '',
      redirect_uri: options.parameters?.redirect_uri ?? CLIENT_REDIRECT,
      code_verifier: verifier,
      resource: started.resource,
      ...fields,
    });
  return { back, clientId, redeem };
}

/** A logged-in client. */
export async function logIn(started: StartedProxy, options: LoginOptions = {}) {
  const { clientId, redeem } = await codeFor(started, options);
  const { json } = await redeem();
  const refresh = (token: string, fields: Record<string, string> = {}) =>
    post(`${started.baseUrl}/token`, {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: token,
      ...fields,
    });
  return { clientId, accessToken: json.access_token, refreshToken: json.refresh_token, json, refresh, redeem };
}
