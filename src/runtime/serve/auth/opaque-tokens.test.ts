import { afterEach, describe, expect, test } from 'vitest';
import { browse, startIdentityProvider } from '../../../identity-provider.test.fixture.ts';
import { serveHttp } from '../http/node-http.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';
import type { AuthFetch } from './auth-fetch.ts';
import type { AuthOptions } from './auth-options.ts';
import { openAuth } from './open-auth.ts';

const RESOURCE = 'https://mcp.example.com/mcp';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('rows 24–25: introspection at a real provider (RFC 7662)', () => {
  const CLIENT = { client_id: 'app', client_secret: 'app-secret' };

  async function opened(more: Partial<AuthOptions> = {}, resource: string | readonly string[] = RESOURCE) {
    const identity = await startIdentityProvider({
      resource,
      scopes: ['read'],
      accessTokenFormat: 'opaque',
      clients: [{ ...CLIENT, redirect_uris: ['http://127.0.0.1:1/cb'], grant_types: ['authorization_code'] }],
    });
    const introspection = {
      url: identity.introspectionEndpoint,
      issuer: identity.issuer,
      clientId: CLIENT.client_id,
      clientSecret: CLIENT.client_secret,
    };
    const server = await serveHttp(fixtureProvider(), {
      port: 0,
      auth: { publicUrl: RESOURCE, verifiers: [{ introspection }], cacheSeconds: 0, ...more },
      onError: () => {},
    });
    cleanups.push(
      () => identity.close(),
      () => server.close(),
    );
    return { identity, server };
  }

  async function tokenFor(
    { authorizationEndpoint, tokenEndpoint }: Awaited<ReturnType<typeof opened>>['identity'],
    resource: string,
  ) {
    const verifier = 'v'.repeat(43);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    const back = await browse(
      `${authorizationEndpoint}?${new URLSearchParams({
        client_id: 'app',
        response_type: 'code',
        redirect_uri: 'http://127.0.0.1:1/cb',
        scope: 'read',
        resource,
        code_challenge: Buffer.from(digest).toString('base64url'),
        code_challenge_method: 'S256',
      })}`,
      { login: 'ada', stopAt: ({ port }) => port === '1' },
    );
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('app:app-secret')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: 'http://127.0.0.1:1/cb',
        code_verifier: verifier,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  const status = async (url: string, token: string) =>
    (
      await fetch(url, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
    ).status;

  test('row 24: a token is accepted until it is revoked', async () => {
    const { identity, server } = await opened();
    const token = await tokenFor(identity, RESOURCE);
    expect(await status(server.url, token)).toBe(200);
    await identity.revoke('ada');
    expect(await status(server.url, token)).toBe(401);
    expect(await status(server.url, 'made-up')).toBe(401);
  });

  test('row 25: a token for another resource of the same provider is refused', async () => {
    const other = 'https://other.example.com/mcp';
    const { identity, server } = await opened({}, [RESOURCE, other]);
    expect(await status(server.url, await tokenFor(identity, other))).toBe(401);
    expect(await status(server.url, await tokenFor(identity, RESOURCE))).toBe(200);
  });

  test('between two introspections, a verified token is trusted', async () => {
    const { identity, server } = await opened({ cacheSeconds: 60 });
    const token = await tokenFor(identity, RESOURCE);
    for (let call = 0; call < 5; call++) expect(await status(server.url, token)).toBe(200);
    expect(identity.requests.get('/token/introspection')).toBe(1);
  });

  test('wrong credentials of ours, and a provider that is down, are not the caller’s fault', async () => {
    const { identity, server } = await opened();
    const token = await tokenFor(identity, RESOURCE);
    identity.replace('/token/introspection', (_, response) => response.writeHead(401).end('{}'));
    expect(await status(server.url, token)).toBe(503);
    await identity.close();
    expect(await status(server.url, token)).toBe(503);
    cleanups.shift();
  });
});

describe('presets with endpoints of their own', () => {
  interface Sent {
    url: string;
    method: string | undefined;
    authorization: string | undefined;
    body: string | undefined;
  }

  async function authenticated(options: Partial<AuthOptions>, answer: object, status = 200) {
    const sent: Sent[] = [];
    const fetch: AuthFetch = async (url, { method, headers, body }) => {
      sent.push({ url, method, authorization: headers?.Authorization, body });
      return new Response(JSON.stringify(answer), { status });
    };
    const auth = await openAuth(
      { clientId: 'our-id', clientSecret: 'our-secret', publicUrl: RESOURCE, ...options, fetch },
      { url: RESOURCE, name: 'test', flags: false, onError: () => {} },
    );
    const head = { method: 'POST', path: '/mcp', host: null, origin: null, requestedHeaders: null };
    const admission = await auth.authenticate({ ...head, authorization: 'Bearer token-of-ada' });
    return { sent, admission };
  }

  const caller = async (options: Partial<AuthOptions>, answer: object) => {
    const { admission } = await authenticated(options, answer);
    if (admission.kind !== 'admitted') return admission.kind === 'refused' ? admission.answer.status : undefined;
    const { extra, scopes, clientId } = admission.authInfo ?? {};
    return { iss: extra?.iss, sub: extra?.sub, scopes, clientId };
  };

  const BASIC = `Basic ${btoa('our-id:our-secret')}`;

  test('GitHub: asks about the token as our application, so that no other one’s is accepted', async () => {
    const answer = {
      token: 'token-of-ada',
      app: { client_id: 'our-id' },
      user: { id: 7 },
      scopes: ['read:user', 'repo'],
      expires_at: null,
    };
    const { sent } = await authenticated({ provider: 'github' }, answer);
    expect(sent).toEqual([
      {
        url: 'https://api.github.com/applications/our-id/token',
        method: 'POST',
        authorization: BASIC,
        body: '{"access_token":"token-of-ada"}',
      },
    ]);
    expect(JSON.stringify((await authenticated({ provider: 'github' }, answer)).admission)).not.toContain(
      'token-of-ada',
    );
    expect(await caller({ provider: 'github' }, answer)).toEqual({
      iss: 'https://github.com/login/oauth',
      sub: '7',
      scopes: ['read:user', 'repo'],
      clientId: 'our-id',
    });
    expect(await caller({ provider: 'github' }, { ...answer, app: { client_id: 'other' } })).toBe(401);
    expect((await authenticated({ provider: 'github' }, {}, 404)).admission).toMatchObject({ answer: { status: 401 } });
  });

  test('Google: the audience is our client', async () => {
    const answer = { aud: 'our-id', sub: '1', scope: 'openid email', expires_in: '3599' };
    const { sent } = await authenticated({ provider: 'google' }, answer);
    expect(sent[0]).toMatchObject({ url: 'https://oauth2.googleapis.com/tokeninfo?access_token=token-of-ada' });
    expect(await caller({ provider: 'google' }, answer)).toMatchObject({ sub: '1', scopes: ['openid', 'email'] });
    expect(await caller({ provider: 'google' }, { ...answer, aud: 'other' })).toBe(401);
    expect(await caller({ provider: 'google' }, { ...answer, expires_in: '0' })).toBe(401);
  });

  test('Discord: the application is ours', async () => {
    const expires = new Date(Date.now() + 60_000).toISOString();
    const answer = { application: { id: 'our-id' }, user: { id: '9' }, scopes: ['identify'], expires };
    const { sent } = await authenticated({ provider: 'discord' }, answer);
    expect(sent[0]).toMatchObject({ method: 'GET', authorization: 'Bearer token-of-ada' });
    expect(await caller({ provider: 'discord' }, answer)).toMatchObject({ sub: '9', scopes: ['identify'] });
    expect(await caller({ provider: 'discord' }, { ...answer, application: { id: 'x' } })).toBe(401);
    expect(await caller({ provider: 'discord' }, { ...answer, expires: '2020-01-01T00:00:00Z' })).toBe(401);
  });

  test('Clerk: introspection, for our client only', async () => {
    const answer = { active: true, sub: 'u', client_id: 'our-id', scope: 'openid' };
    expect(await caller({ provider: 'clerk:clerk.example.com' }, answer)).toMatchObject({ sub: 'u' });
    expect(await caller({ provider: 'clerk:clerk.example.com' }, { ...answer, active: false })).toBe(401);
    expect(await caller({ provider: 'clerk:clerk.example.com' }, { ...answer, client_id: 'other' })).toBe(401);
  });

  test('many requests with one made-up token ask once, and too many tokens at once are not asked about', async () => {
    let [asked, answersAfterMs] = [0, 20];
    const auth = await openAuth(
      {
        provider: 'discord',
        clientId: 'our-id',
        publicUrl: RESOURCE,
        fetch: async () => {
          asked += 1;
          await new Promise((resolve) => setTimeout(resolve, answersAfterMs));
          return new Response('{}', { status: 401 });
        },
      },
      { url: RESOURCE, name: 'test', flags: false, onError: () => {} },
    );
    const head = { method: 'POST', path: '/mcp', host: null, origin: null, requestedHeaders: null };
    const statuses = async (tokens: readonly string[]) => {
      const admissions = await Promise.all(
        tokens.map((token) => auth.authenticate({ ...head, authorization: `Bearer ${token}` })),
      );
      return admissions.map((admission) => (admission.kind === 'refused' ? admission.answer.status : 200));
    };
    expect(new Set(await statuses(Array.from({ length: 50 }, () => 'made-up')))).toEqual(new Set([401]));
    expect(await statuses(['made-up'])).toEqual([401]);
    expect(asked).toBe(1);
    // After all of them have arrived, on a busy machine too.
    answersAfterMs = 1_000;
    const flood = await statuses(Array.from({ length: 200 }, (_, index) => `made-up-${index}`));
    expect(asked).toBe(51);
    expect(new Set(flood)).toEqual(new Set([401, 503]));
  });

  test('a failure never shows the token, which may be in the URL', async () => {
    const errors: string[] = [];
    const auth = await openAuth(
      {
        provider: 'google',
        clientId: 'our-id',
        publicUrl: RESOURCE,
        fetch: async () => {
          throw new Error('connection reset');
        },
      },
      { url: RESOURCE, name: 'test', flags: false, onError: ({ message }) => errors.push(message) },
    );
    const head = { method: 'POST', path: '/mcp', host: null, origin: null, requestedHeaders: null };
    const admission = await auth.authenticate({ ...head, authorization: 'Bearer token-of-ada' });
    expect(admission).toMatchObject({ answer: { status: 503 } });
    expect(errors).toEqual(['https://oauth2.googleapis.com/tokeninfo did not respond: connection reset']);
  });
});
