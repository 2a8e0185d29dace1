import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityProvider, type Listener, startBrowser } from '../identity-provider.test.fixture.ts';
import { memoryStore, type OAuthProxyStore, VerifierUnavailableError } from './index.ts';
import {
  authorization,
  codeFor,
  introspection,
  logIn,
  register,
  startProxy,
  startUpstream,
  UPSTREAM_SECRET,
  visit,
} from './proxy.test.fixture.ts';

let idp: IdentityProvider;
let before: number;
beforeAll(async () => {
  idp = await startUpstream({ accessTokenTtl: 600 });
});
beforeEach(() => {
  before = idp.requests.get('/token') ?? 0;
});
afterEach(() => {
  for (const path of ['/token', '/token/revocation']) idp.replace(path);
});
afterAll(() => idp.close());

/** Requests to the token endpoint of the upstream in this test. */
const exchanges = () => (idp.requests.get('/token') ?? 0) - before;

const FAILURES: readonly (readonly [string, Listener])[] = [
  ['that cannot be reached', (_, response) => response.destroy()],
  ['that responds with 500', (_, response) => answer(response, 500, {})],
  ['that responds with 429', (_, response) => answer(response, 429, { error: 'slow_down' })],
  ['that responds with HTML', (_, response) => response.end('<html>')],
  ['that gives no token', (_, response) => answer(response, 200, {})],
  ['with a response of 1 MB', (_, response) => response.end('x'.repeat(1_000_000))],
];

function answer(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

describe('nothing is lost with an upstream', () => {
  test.each(FAILURES)('%s at the end of a login: the page can be reloaded', async (_, listener) => {
    const started = await startProxy(idp);
    const browser = startBrowser();
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    idp.replace('/token', listener);
    await expect(browser.browse(url, visit)).rejects.toThrow('responded with 503');
    const callback = browser.visited.at(-1) ?? '';
    expect((await browser.request(callback)).headers.get('retry-after')).toBe('10');
    idp.replace('/token');
    expect((await browser.browse(callback, visit)).searchParams.get('code')).toEqual(expect.any(String));
  });

  test.each(FAILURES)('%s at a refresh: the refresh token stays valid', async (_, listener) => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    idp.replace('/token', listener);
    const failed = await refresh(refreshToken);
    expect([failed.status, failed.json.error]).toEqual([503, 'temporarily_unavailable']);
    expect(failed.headers.get('retry-after')).toBe('10');
    idp.replace('/token');
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('whose verifier fails: neither the code nor the rotated refresh token of the upstream', async () => {
    const verifier = introspection(idp);
    let down = true;
    const started = await startProxy(idp, {
      verifier: {
        ...verifier,
        async verify(token) {
          if (down) throw new VerifierUnavailableError('down');
          return verifier.verify(token);
        },
      },
    });
    const browser = startBrowser();
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    await expect(browser.browse(url, visit)).rejects.toThrow('responded with 503');
    expect(exchanges()).toBe(1);
    down = false;
    const back = await browser.browse(browser.visited.at(-1) ?? '', visit);
    expect(back.searchParams.has('code')).toBe(true);
    expect(exchanges()).toBe(1);

    const { refreshToken, refresh } = await logIn(started);
    down = true;
    expect((await refresh(refreshToken)).status).toBe(503);
    down = false;
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('while the store fails: 503, and the operator learns why', async () => {
    const memory = memoryStore();
    let failing = false;
    const store: OAuthProxyStore = {
      ...memory,
      get: async (key) => {
        if (failing) throw new Error('disk full');
        return memory.get(key);
      },
    };
    const started = await startProxy(idp, { store });
    const { accessToken, refreshToken, refresh } = await logIn(started);
    failing = true;
    await expect(started.proxy.verify(accessToken)).rejects.toThrow(VerifierUnavailableError);
    expect((await refresh(refreshToken)).status).toBe(503);
    expect(started.errors.map(({ message }) => message)).toContain('disk full');
    failing = false;
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});

describe('a login that has ended upstream', () => {
  test('ends at the next refresh', async () => {
    const started = await startProxy(idp);
    const { accessToken, refreshToken, refresh } = await logIn(started, { visit: { login: 'dave' } });
    await idp.revoke('dave');
    expect((await refresh(refreshToken)).json.error).toBe('invalid_grant');
    await expect(started.proxy.verify(accessToken)).rejects.toThrow('has ended');
  });

  test('ends at the next refresh also without an upstream refresh token, because the verifier is asked', async () => {
    idp.replace('/token', (_, response) => answer(response, 200, { access_token: 'opaque', token_type: 'bearer' }));
    let active = true;
    const verifier = {
      ...introspection(idp),
      async verify() {
        if (!active) throw Object.assign(new Error('gone'), { name: 'InvalidTokenError' });
        return { issuer: 'github', subject: '7', scopes: [], claims: {} };
      },
    };
    const started = await startProxy(idp, { verifier });
    const { refreshToken, refresh } = await logIn(started);
    const { json } = await refresh(refreshToken);
    expect(json.access_token).toEqual(expect.any(String));
    active = false;
    expect((await refresh(json.refresh_token)).json.error).toBe('invalid_grant');
  });

  test('has no refresh token if the upstream gave none and its token expires', async () => {
    idp.replace('/token', (_, response) =>
      answer(response, 200, { access_token: 'opaque', token_type: 'bearer', expires_in: '300' }),
    );
    const verify = async () => ({ issuer: 'google', subject: '7', scopes: [], claims: {} });
    const started = await startProxy(idp, { verifier: { ...introspection(idp), verify } });
    const { json } = await logIn(started);
    expect(json).toMatchObject({ expires_in: 300 });
    expect(json).not.toHaveProperty('refresh_token');
    const token = await started.proxy.verify(json.access_token);
    expect(await started.proxy.upstreamToken(token)).toBe('opaque');
    started.clock.now += 301_000;
    await expect(started.proxy.upstreamToken(token)).rejects.toThrow('has ended');
    await expect(started.proxy.verify(json.access_token)).rejects.toThrow('expired');
  });

  test('ends if the account is another one after a refresh', async () => {
    let subject = '7';
    const verify = async () => ({ issuer: 'idp', subject, scopes: [], claims: {} });
    const started = await startProxy(idp, { verifier: { ...introspection(idp), verify } });
    const { refreshToken, refresh } = await logIn(started);
    subject = '8';
    expect((await refresh(refreshToken)).json.error).toBe('invalid_grant');
  });

  test('a scope that the upstream has withdrawn from the user is gone at the next refresh', async () => {
    idp.replace('/token', (_, response) => answer(response, 200, { access_token: 'opaque', token_type: 'bearer' }));
    let roles = ['read', 'write'];
    const verify = async () => ({ issuer: 'idp', subject: '7', scopes: roles, claims: {} });
    const started = await startProxy(idp, { verifier: { ...introspection(idp), verify } });
    const { json, refreshToken, refresh } = await logIn(started, { parameters: { scope: 'read write' } });
    expect(json.scope).toBe('read write');
    roles = ['read'];
    const refreshed = await refresh(refreshToken, { scope: 'read write' });
    expect(refreshed.json.scope).toBe('read');
    expect((await started.proxy.verify(refreshed.json.access_token)).scopes).toEqual(['read']);
  });

  test('an account that the verifier refuses gets no access', async () => {
    const verify = async () => {
      throw Object.assign(new Error('other tenant'), { name: 'InvalidTokenError' });
    };
    const started = await startProxy(idp, { verifier: { ...introspection(idp), verify } });
    const { back } = await codeFor(started);
    expect(back.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the upstream token', () => {
  test('limits the lifetime of ours, and is refreshed once for many callers', async () => {
    const started = await startProxy(idp);
    const { json, accessToken } = await logIn(started);
    expect(json.expires_in).toBeGreaterThan(590);
    expect(json.expires_in).toBeLessThanOrEqual(600);
    const token = await started.proxy.verify(accessToken);
    const first = await started.proxy.upstreamToken(token);
    expect(await started.proxy.upstreamToken(token)).toBe(first);
    expect(exchanges()).toBe(1);
    started.clock.now += 580_000;
    const later = await Promise.all(Array.from({ length: 20 }, () => started.proxy.upstreamToken(token)));
    expect(new Set(later).size).toBe(1);
    expect(later[0]).not.toBe(first);
    expect(exchanges()).toBe(2);
  });

  test('is refreshed once for several processes with one store', async () => {
    const store = memoryStore();
    const one = await startProxy(idp, { store });
    const { accessToken } = await logIn(one);
    const { baseUrl, resource } = one;
    const others = await Promise.all([1, 2].map(() => startProxy(idp, { store, baseUrl, resource })));
    const token = await one.proxy.verify(accessToken);
    for (const { clock } of [one, ...others]) clock.now += 580_000;
    const tokens = await Promise.all([one, ...others].map(({ proxy }) => proxy.upstreamToken(token)));
    expect(new Set(tokens).size).toBe(1);
    expect(exchanges()).toBe(2);
  });

  test('of a process that stopped during a refresh is lost, and the user logs in again', async () => {
    const memory = memoryStore();
    const started = await startProxy(idp, { store: memory });
    const { accessToken } = await logIn(started);
    const token = await started.proxy.verify(accessToken);
    started.clock.now += 580_000;
    const { baseUrl, resource } = started;
    const stopped = await startProxy(idp, {
      baseUrl,
      resource,
      store: {
        ...memory,
        put: () => {
          throw new Error('stopped');
        },
      },
    });
    stopped.clock.now += 580_000;
    await expect(stopped.proxy.upstreamToken(token)).rejects.toThrow();
    await expect(started.proxy.upstreamToken(token)).rejects.toThrow('has ended');
  });

  test('is given for the user of the login only', async () => {
    const started = await startProxy(idp);
    const [alice, bob] = [
      await logIn(started, { visit: { login: 'alice' } }),
      await logIn(started, { visit: { login: 'bob' } }),
    ];
    const [ours, theirs] = [await started.proxy.verify(alice.accessToken), await started.proxy.verify(bob.accessToken)];
    // As a caller is passed on: `iss` is then that of the subject.
    const passedOn = { ...ours, claims: { ...ours.claims, iss: ours.issuer } };
    expect(await started.proxy.upstreamToken(passedOn)).toBe(await started.proxy.upstreamToken(ours));
    for (const forged of [
      { ...ours, claims: theirs.claims },
      { ...ours, issuer: 'x' },
      { ...ours, claims: { sid: 'x' } },
    ]) {
      await expect(started.proxy.upstreamToken(forged)).rejects.toThrow('has ended');
    }
    await expect(started.proxy.upstreamToken({ ...ours, claims: {} })).rejects.toThrow('not one of this OAuth proxy');
  });
});

describe('an error of the upstream', () => {
  test('that repeats the code and the secret shows neither to the client nor to the operator', async () => {
    idp.replace('/token', (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { code } = Object.fromEntries(new URLSearchParams(body));
        answer(response, 400, { error: 'bad code', error_description: `AADSTS1: ${code} ${UPSTREAM_SECRET}` });
      });
    });
    const started = await startProxy(idp);
    const { back } = await codeFor(started);
    expect(back.searchParams.get('error')).toBe('server_error');
    expect(back.searchParams.get('error_description')).toBe('The identity provider refused the login: unknown_error.');
    expect(started.errors.map(({ message }) => message)).toEqual([
      'The identity provider refused the code of a login: unknown_error: AADSTS1: … …',
    ]);
  });

  test('with status 200, as GitHub sends it, is an error', async () => {
    idp.replace('/token', (_, response) => answer(response, 200, { error: 'bad_verification_code' }));
    const { back } = await codeFor(await startProxy(idp));
    expect(back.searchParams.get('error')).toBe('server_error');
  });

  test('about the client at a refresh does not end logins', async () => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    idp.replace('/token', (_, response) => answer(response, 401, { error: 'invalid_client' }));
    expect((await refresh(refreshToken)).status).toBe(503);
    expect(started.errors.map(({ message }) => message).join()).toContain('invalid_client');
    idp.replace('/token');
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('at a revocation is reported, and the login has ended here', async () => {
    const started = await startProxy(idp);
    const { clientId, accessToken } = await logIn(started);
    idp.replace('/token/revocation', (_, response) => answer(response, 500, {}));
    const revoke = (fields: Record<string, string>) =>
      fetch(`${started.baseUrl}/revoke`, { method: 'POST', body: new URLSearchParams(fields) });
    expect((await revoke({ client_id: 'other', token: accessToken })).status).toBe(400);
    await started.proxy.verify(accessToken);
    expect((await revoke({ client_id: clientId, token: accessToken })).status).toBe(200);
    await expect(started.proxy.verify(accessToken)).rejects.toThrow('has ended');
    expect(started.errors.map(({ message }) => message).join()).toContain('could not be revoked upstream');
    expect((await revoke({ client_id: clientId, token: 'unknown' })).status).toBe(200);
    expect((await revoke({ client_id: clientId })).status).toBe(400);
  });
});

test.each([
  ['post', UPSTREAM_SECRET],
  ['basic', UPSTREAM_SECRET],
  ['none', undefined],
] as const)('the client authenticates with %s', async (clientAuthentication, clientSecret) => {
  const sent: { authorization: string | undefined; body: string }[] = [];
  idp.replace('/token', (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      sent.push({ authorization: request.headers.authorization, body });
      answer(response, 200, { access_token: 'a', token_type: 'Bearer' });
    });
  });
  const verify = async () => ({ issuer: 'idp', subject: '7', scopes: [], claims: {} });
  const started = await startProxy(idp, {
    verifier: { ...introspection(idp), verify },
    upstream: {
      clientAuthentication,
      ...(clientSecret && { clientSecret }),
      forwardResource: true,
      tokenParameters: { audience: 'api' },
    },
  });
  // The upstream does not know the resource, so its part is played here.
  const browser = startBrowser();
  const { url } = authorization(started, { client_id: await register(started.baseUrl) });
  const upstream = await browser.browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
  expect(upstream.searchParams.get('resource')).toBe(started.resource);
  await browser.request(`${started.baseUrl}/auth/callback?code=c&state=${upstream.searchParams.get('state')}`);
  const [{ authorization: header, body } = { authorization: undefined, body: '' }] = sent;
  const fields = Object.fromEntries(new URLSearchParams(body));
  expect(fields).toMatchObject({ grant_type: 'authorization_code', resource: started.resource, audience: 'api' });
  expect(fields.code_verifier).toHaveLength(43);
  const encoded = btoa('the-proxy:the+secret%3Aof+the+upstream%2Fclient');
  expect(header).toBe(clientAuthentication === 'basic' ? `Basic ${encoded}` : undefined);
  expect(fields.client_id).toBe(clientAuthentication === 'basic' ? undefined : 'the-proxy');
  expect(fields.client_secret).toBe(clientAuthentication === 'post' ? UPSTREAM_SECRET : undefined);
});
