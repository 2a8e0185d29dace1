import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Consent, type IdentityProvider, startBrowser } from '../identity-provider.test.fixture.ts';
import type { AuthFetch } from './index.ts';
import {
  authorization,
  CLIENT_REDIRECT,
  codeFor,
  introspection,
  logIn,
  post,
  register,
  startProxy,
  startUpstream,
  UPSTREAM_SECRET,
  visit,
} from './proxy.test.fixture.ts';

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startUpstream();
});
afterAll(() => idp.close());

const DOCUMENT = 'https://client.example/oauth/client.json';
const documents: AuthFetch = async (url) =>
  url === DOCUMENT
    ? Response.json({ client_id: DOCUMENT, client_name: 'A client', redirect_uris: [CLIENT_REDIRECT] })
    : new Response('Not found.', { status: 404 });

describe('the way of a client', () => {
  test.each(['registered', 'document'])(
    'a %s client gets consent, code and token, refreshes and revokes',
    async (kind) => {
      const started = await startProxy(idp, { publicFetch: documents });
      const { proxy, baseUrl, resource } = started;
      const clientId = kind === 'document' ? DOCUMENT : await register(baseUrl);

      const { back, redeem } = await codeFor(started, { clientId, visit: { login: 'carol' } });
      expect(back.searchParams.get('state')).toBe('state-of-the-client');
      expect(back.searchParams.get('iss')).toBe(baseUrl);
      const { status, headers, json } = await redeem();
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read' });

      expect(proxy.claims(json.access_token)).toBe(true);
      const token = await proxy.verify(json.access_token);
      expect(token).toMatchObject({ issuer: idp.issuer, subject: 'carol', clientId, scopes: ['read'] });
      expect(token.claims).toMatchObject({ iss: baseUrl, aud: resource, upstream: { sub: 'carol', active: true } });

      const refreshed = await post(`${baseUrl}/token`, {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: json.refresh_token,
      });
      expect(refreshed.json.scope).toBe('read');
      await proxy.verify(refreshed.json.access_token);

      const revoked = await post(`${baseUrl}/revoke`, { client_id: clientId, token: refreshed.json.refresh_token });
      expect(revoked.status).toBe(200);
      await expect(proxy.verify(refreshed.json.access_token)).rejects.toThrow('has ended');
      await expect(proxy.verify(json.access_token)).rejects.toThrow('has ended');
    },
  );

  test('its tokens are JWTs for the resource, and contain nothing of the upstream token', async () => {
    const started = await startProxy(idp);
    const { accessToken, json } = await logIn(started);
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({
      iss: started.baseUrl,
      aud: started.resource,
      upstream_iss: idp.issuer,
      sub: 'alice',
    });
    const upstream = await started.proxy.upstreamToken(await started.proxy.verify(accessToken));
    expect(JSON.stringify(json)).not.toContain(upstream);
    expect(await introspection(idp).verify(upstream)).toMatchObject({ subject: 'alice' });
  });

  test('every login asks for consent, also of a client that had it before', async () => {
    const started = await startProxy(idp);
    const browser = startBrowser();
    const clientId = await register(started.baseUrl);
    const pages: string[] = [];
    const counting = {
      visit: {
        consent(page: URL): Consent {
          pages.push(page.pathname);
          return 'accept';
        },
      },
      browser,
      clientId,
    };
    await logIn(started, counting);
    await logIn(started, counting);
    expect(pages.filter((path) => path === '/authorize')).toHaveLength(2);
  });

  test('consent that is denied goes back to the client as an error, and the upstream is not asked', async () => {
    const started = await startProxy(idp);
    const asked = idp.requests.get('/auth') ?? 0;
    const { back } = await codeFor(started, { visit: { consent: 'deny' } });
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The user denied the request.',
      state: 'state-of-the-client',
      iss: started.baseUrl,
    });
    expect(idp.requests.get('/auth') ?? 0).toBe(asked);
  });

  test('a login that is denied upstream goes back to the client, with its text made safe', async () => {
    const started = await startProxy(idp);
    const { back } = await codeFor(started, {
      visit: { consent: (page) => (page.origin === started.baseUrl ? 'accept' : 'deny') },
    });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('error_description')).toContain('End-User aborted interaction');
  });

  test('a browser client in another origin may use the token endpoint, but no page', async () => {
    const { baseUrl } = await startProxy(idp);
    for (const path of ['/token', '/register', '/revoke', '/.well-known/oauth-authorization-server']) {
      const preflight = await fetch(`${baseUrl}${path}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example' },
      });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    }
    for (const path of ['/authorize', '/consent', '/auth/callback']) {
      const response = await fetch(`${baseUrl}${path}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example' },
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('metadata', () => {
  test('is at the root and at the path of the resource', async () => {
    const { baseUrl, proxy } = await startProxy(idp, { publicFetch: documents });
    for (const path of ['', '/mcp']) {
      const response = await fetch(`${baseUrl}/.well-known/oauth-authorization-server${path}`);
      expect(await response.json()).toEqual({
        issuer: baseUrl,
        authorization_endpoint: `${baseUrl}/authorize`,
        token_endpoint: `${baseUrl}/token`,
        registration_endpoint: `${baseUrl}/register`,
        revocation_endpoint: `${baseUrl}/revoke`,
        scopes_supported: ['read', 'write'],
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['RS256', 'ES256', 'EdDSA']),
        revocation_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
        revocation_endpoint_auth_signing_alg_values_supported: expect.not.arrayContaining(['HS256', 'none']),
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      });
    }
    expect(proxy.authorizationServers).toEqual([baseUrl]);
    expect(proxy.handler('/mcp')).toBeUndefined();
    expect(proxy.handler('/')).toBeUndefined();
  });

  test('of a server below a path is at the path of its issuer', async () => {
    const { proxy } = await startProxy(idp, {
      baseUrl: 'https://example.com/mcp-auth/',
      resource: 'https://example.com/',
    });
    const response = await proxy.handler('/.well-known/oauth-authorization-server/mcp-auth')?.(
      new Request('https://example.com/.well-known/oauth-authorization-server/mcp-auth'),
    );
    expect(await response?.json()).toMatchObject({
      issuer: 'https://example.com/mcp-auth',
      token_endpoint: 'https://example.com/mcp-auth/token',
      token_endpoint_auth_methods_supported: ['none'],
      client_id_metadata_document_supported: false,
    });
    expect(proxy.handler('/mcp-auth/token')).toBeDefined();
    expect(proxy.handler('/token')).toBeUndefined();
  });
});

describe('registration', () => {
  test('makes every client a public one, and gives out nothing of the upstream client', async () => {
    const { baseUrl } = await startProxy(idp);
    const response = await fetch(`${baseUrl}/register`, {
      method: 'POST',
      body: JSON.stringify({
        client_name: 'Mine',
        redirect_uris: [CLIENT_REDIRECT],
        token_endpoint_auth_method: 'client_secret_basic',
        client_id: 'the-proxy',
      }),
    });
    expect(response.status).toBe(201);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      client_name: 'Mine',
      redirect_uris: [CLIENT_REDIRECT],
      token_endpoint_auth_method: 'none',
    });
    expect(text).not.toContain('the-proxy');
    expect(text).not.toContain(UPSTREAM_SECRET);
    expect(text).not.toContain('client_secret');
  });

  test.each([
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a redirect URI that is not https', { redirect_uris: ['http://app.example/cb'] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['a private scheme that is not allowed', { redirect_uris: ['cursor://cb'] }, 'invalid_redirect_uri'],
    [
      'eleven redirect URIs',
      { redirect_uris: Array.from({ length: 11 }, (_, i) => `https://app.example/${i}`) },
      'invalid_redirect_uri',
    ],
    [
      'long redirect URIs',
      { redirect_uris: Array.from({ length: 4 }, (_, i) => `https://app.example/${'x'.repeat(450)}${i}`) },
      'invalid_redirect_uri',
    ],
    ['a large body', { redirect_uris: [CLIENT_REDIRECT], padding: 'x'.repeat(20_000) }, 'invalid_client_metadata'],
  ])('refuses %s', async (_, metadata, error) => {
    const { baseUrl } = await startProxy(idp);
    const response = await fetch(`${baseUrl}/register`, { method: 'POST', body: JSON.stringify(metadata) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
  });

  test('a registration outlives a restart, but not another secret', async () => {
    const first = await startProxy(idp);
    const clientId = await register(first.baseUrl);
    const { baseUrl, resource } = first;
    const page = async (secret?: string) => {
      const { proxy } = await startProxy(idp, { baseUrl, resource, ...(secret && { secret }) });
      const { url } = authorization(first, { client_id: clientId });
      return (await proxy.handler('/authorize')?.(new Request(url)))?.status;
    };
    expect(await page()).toBe(200);
    expect(await page('another passphrase of more than 32 characters')).toBe(400);
  });
});

describe('an authorization request', () => {
  test.each([
    ['without PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for another resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
    ['for a token', { response_type: 'token' }, 'unsupported_response_type'],
    ['for unknown scopes', { scope: 'admin' }, 'invalid_scope'],
    ['with a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ])('%s is refused with a redirect that names the issuer', async (_, parameters, error) => {
    const started = await startProxy(idp);
    const { url } = authorization(started, { client_id: await register(started.baseUrl), ...parameters });
    const back = await startBrowser().browse(url, visit);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error,
      state: 'state-of-the-client',
      iss: started.baseUrl,
    });
  });

  test.each([
    ['an unknown client', { client_id: 'unknown' }],
    ['the upstream client', { client_id: 'the-proxy' }],
    ['no client', { client_id: undefined }],
    ['a foreign redirect URI', { redirect_uri: 'https://evil.example/' }],
    ['no redirect URI', { redirect_uri: undefined }],
  ])('of %s ends on a page', async (_, parameters) => {
    const started = await startProxy(idp);
    const { url } = authorization(started, { client_id: await register(started.baseUrl), ...parameters });
    const response = await startBrowser().request(url);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test('repeated parameters are refused', async () => {
    const started = await startProxy(idp);
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    const back = await startBrowser().browse(`${url}&scope=write`, visit);
    expect(back.searchParams.get('error')).toBe('invalid_request');
    expect((await startBrowser().request(`${url}&redirect_uri=${CLIENT_REDIRECT}`)).status).toBe(400);
  });

  test('without scopes is for all of them; the upstream decides what is granted', async () => {
    const started = await startProxy(idp, {
      scopesSupported: ['read', 'write'],
      upstream: { scopes: ['openid', 'read', 'write'] },
    });
    const { json } = await logIn(started, { parameters: { scope: undefined } });
    expect(json.scope).toBe('read write');
    const narrow = await startProxy(idp, { upstream: { scopes: ['openid', 'read', 'unknown-upstream'] } });
    expect((await logIn(narrow, { parameters: { scope: undefined } })).json.scope).toBe('read');
    // Nobody would get it: users cannot grant themselves what the upstream knows nothing of.
    const made = startProxy(idp, { scopesSupported: ['tools'], upstream: { scopes: ['openid', 'read'] } });
    await expect(made).rejects.toThrow('"tools" is not among the scopes that are requested upstream');
  });
});
