import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, type IdentityProvider, startBrowser } from '../identity-provider.test.fixture.ts';
import { type AuthFetch, memoryStore, type OAuthProxyStore, openPublicFetch } from './index.ts';
import {
  authorization,
  CLIENT_REDIRECT,
  codeFor,
  logIn,
  register,
  type StartedProxy,
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
afterEach(() => idp.replace('/token'));

const decode = (html: string) => html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

/** The consent page in a browser, and its form. */
async function consentForm(started: StartedProxy, browser: Browser, given: Record<string, string> = {}) {
  const clientId = given.client_id ?? (await register(started.baseUrl));
  const { url } = authorization(started, { client_id: clientId, ...given });
  const response = await browser.request(url);
  const html = await response.text();
  const field = (name: string) => decode(new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '');
  const form = { request: field('request'), csrf: field('csrf'), decision: 'allow' };
  const submit = (fields: Record<string, string>, headers: Record<string, string> = { origin: started.baseUrl }) =>
    browser.request(`${started.baseUrl}/consent`, { method: 'POST', body: new URLSearchParams(fields), headers });
  return { response, html, form, submit };
}

describe('row 35: a redirect URI that differs from the registered one ends on a page with 400', () => {
  const registered = ['https://app.example/cb', 'http://127.0.0.1:5000/cb'];
  test.each([
    ['path', 'https://app.example/cb/../evil'],
    ['path suffix', 'https://app.example/cb/x'],
    ['query', 'https://app.example/cb?next=evil'],
    ['port of a host', 'https://app.example:8443/cb'],
    ['user name', 'https://app.example@evil.example/cb'],
    ['user name before the host', 'https://user@app.example/cb'],
    ['case of the path', 'https://app.example/CB'],
    ['case of the host', 'https://App.example/cb'],
    ['scheme', 'http://app.example/cb'],
    ['fragment', 'https://app.example/cb#x'],
    ['backslash', 'https://app.example\\@evil.example/cb'],
    ['path of a loopback address', 'http://127.0.0.1:5000/other'],
    ['name of a loopback address', 'http://localhost:5000/cb'],
    ['scheme of a loopback address', 'https://127.0.0.1:5000/cb'],
    ['user name at a loopback address', 'http://127.0.0.1:5000@evil.example/cb'],
  ])('in its %s', async (_, redirectUri) => {
    const started = await startProxy(idp);
    const clientId = await register(started.baseUrl, { redirect_uris: registered });
    const { url } = authorization(started, { client_id: clientId, redirect_uri: redirectUri });
    const response = await startBrowser().request(url);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  test('except in the port of a loopback address (RFC 8252)', async () => {
    const started = await startProxy(idp);
    const clientId = await register(started.baseUrl, { redirect_uris: registered });
    const { url } = authorization(started, { client_id: clientId, redirect_uri: 'http://127.0.0.1:1/cb' });
    const back = await startBrowser().browse(url, visit);
    expect(back.href.startsWith('http://127.0.0.1:1/cb?code=')).toBe(true);
  });
});

describe('row 36: a forged or framed consent form', () => {
  test.each([
    ['without a CSRF token', (form: Record<string, string>) => ({ ...form, csrf: '' })],
    ['with an invented CSRF token', (form: Record<string, string>) => ({ ...form, csrf: 'x'.repeat(43) })],
    ['with a changed request', (form: Record<string, string>) => ({ ...form, request: `${form.request}x` })],
    ['without a request', (form: Record<string, string>) => ({ decision: form.decision ?? '' })],
  ])('is refused with 403 %s', async (_, change) => {
    const started = await startProxy(idp);
    const { form, submit } = await consentForm(started, startBrowser());
    const response = await submit(change(form));
    expect([response.status, response.headers.get('location')]).toEqual([403, null]);
  });

  test('is refused with 403 if the form was made for the browser of the attacker', async () => {
    const started = await startProxy(idp);
    const { form } = await consentForm(started, startBrowser());
    const { submit } = await consentForm(started, startBrowser());
    expect((await submit(form)).status).toBe(403);
    const withoutCookie = await fetch(`${started.baseUrl}/consent`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    expect(withoutCookie.status).toBe(403);
  });

  test('cannot be framed, has no script, and its cookie is bound to the host', async () => {
    const started = await startProxy(idp);
    const { response } = await consentForm(started, startBrowser());
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('set-cookie')).toMatch(
      /^mcp-login-\d+=[^;]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    );
    const { proxy } = await startProxy(idp, { baseUrl: 'https://mcp.example', resource: 'https://mcp.example/mcp' });
    const registered = await proxy.handler('/register')?.(
      new Request('https://mcp.example/register', {
        method: 'POST',
        body: JSON.stringify({ redirect_uris: [CLIENT_REDIRECT] }),
      }),
    );
    const { client_id: id } = JSON.parse((await registered?.text()) ?? '{}');
    const { url } = authorization(
      { ...started, baseUrl: 'https://mcp.example', resource: 'https://mcp.example/mcp' },
      {
        client_id: id,
      },
    );
    const secure = await proxy.handler('/authorize')?.(new Request(url));
    expect(secure?.headers.get('set-cookie')).toMatch(
      /^__Host-mcp-login=[^;]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  test('expires after ten minutes', async () => {
    const started = await startProxy(idp);
    const { form, submit } = await consentForm(started, startBrowser());
    started.clock.now += 601_000;
    expect((await submit(form)).status).toBe(400);
  });
});

describe('row 37: the address of the upstream, moved to another browser', () => {
  test('ends with 403, and the login cannot be continued', async () => {
    const started = await startProxy(idp);
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    const attacker = startBrowser();
    const upstream = await attacker.browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
    const victim = startBrowser();
    await expect(victim.browse(upstream, { ...visit, login: 'victim' })).rejects.toThrow('responded with 403');
    const callback = victim.visited.at(-1) ?? '';
    expect(callback).toContain('/auth/callback?code=');
    expect((await attacker.request(callback)).status).toBe(400);
  });

  test('a browser that has another login of its own is another browser, too', async () => {
    const started = await startProxy(idp);
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    const upstream = await startBrowser().browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
    const victim = startBrowser();
    await victim.request(url);
    await expect(victim.browse(upstream, visit)).rejects.toThrow('responded with 403');
  });

  test('a state is used once, and for ten minutes', async () => {
    const started = await startProxy(idp);
    const browser = startBrowser();
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    await browser.browse(url, visit);
    const callback = browser.visited.findLast((one) => one.includes('/auth/callback')) ?? '';
    const exchanges = idp.requests.get('/token');
    expect((await browser.request(callback)).status).toBe(400);
    expect((await browser.request(`${started.baseUrl}/auth/callback?code=x`)).status).toBe(400);
    expect(idp.requests.get('/token')).toBe(exchanges);
    const upstream = await browser.browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
    started.clock.now += 601_000;
    await expect(browser.browse(upstream, visit)).rejects.toThrow('responded with 400');
  });
});

describe('row 38: a hostile client_id URL is refused', () => {
  const page = async (clientId: string, publicFetch: AuthFetch) => {
    const started = await startProxy(idp, { publicFetch });
    const { url } = authorization(started, { client_id: clientId });
    const response = await startBrowser().request(url);
    return { status: response.status, text: decode(await response.text()), errors: started.errors };
  };

  test('to a private address, without a connection', async () => {
    let connections = 0;
    const server = createServer().on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const opened = openPublicFetch({ environment: {} });
    const hosts = ['127.0.0.1', 'localhost', '[::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::ffff:127.0.0.1]'];
    for (const host of [...hosts, '10.0.0.1', '169.254.169.254']) {
      const { href } = new URL(`https://${host}:${port}/client.json`);
      const { status, text } = await page(href, opened.fetch);
      expect([status, text.includes('could not be fetched')]).toEqual([400, true]);
    }
    await opened.close();
    await new Promise((resolve) => server.close(resolve));
    expect(connections).toBe(0);
  });

  const ID = 'https://client.example/client.json';
  const metadata = { client_id: ID, client_name: 'C', redirect_uris: [CLIENT_REDIRECT] };
  test.each<[string, () => Response, string]>([
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://127.0.0.1/' } }),
      'is not there',
    ],
    ['1 MB', () => Response.json({ ...metadata, padding: 'x'.repeat(1_000_000) }), 'larger than'],
    ['another client_id', () => Response.json({ ...metadata, client_id: `${ID}?` }), 'another client_id'],
    ['no client_id', () => Response.json({ redirect_uris: [CLIENT_REDIRECT] }), 'another client_id'],
    ['no JSON', () => new Response('{', { headers: { 'content-type': 'application/json' } }), 'not JSON'],
    ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 'not served as'],
    ['a secret', () => Response.json({ ...metadata, client_secret: 's' }), 'client secret'],
    [
      'a secret method',
      () => Response.json({ ...metadata, token_endpoint_auth_method: 'client_secret_post' }),
      'client secret',
    ],
    [
      'a script as its redirect URI',
      () => Response.json({ ...metadata, redirect_uris: ['javascript:x'] }),
      'no redirect URI',
    ],
  ])('that serves %s', async (_, respond, message) => {
    const { status, text } = await page(ID, async () => respond());
    expect(status).toBe(400);
    expect(text).toContain(message);
  });

  test.each([
    ['http', 'http://client.example/client.json'],
    ['a user name', 'https://a@client.example/client.json'],
    ['a fragment', 'https://client.example/client.json#x'],
    ['no path', 'https://client.example/'],
    ['dot segments', 'https://client.example/a/../client.json'],
    ['an upper-case host', 'https://Client.example/client.json'],
    ['600 characters', `https://client.example/${'x'.repeat(600)}`],
  ])('with %s, without a request', async (_, clientId) => {
    let requests = 0;
    const { status } = await page(clientId, async () => {
      requests++;
      return Response.json({});
    });
    expect([status, requests]).toEqual([400, 0]);
  });

  test('a document is fetched once for several requests', async () => {
    let requests = 0;
    const started = await startProxy(idp, {
      publicFetch: async (_, { redirect, signal }) => {
        requests++;
        // Not followed, and not waited for without end.
        expect([redirect, signal instanceof AbortSignal]).toEqual(['manual', true]);
        return Response.json(metadata);
      },
    });
    const { url } = authorization(started, { client_id: ID });
    const browser = startBrowser();
    const responses = await Promise.all([url, url, url].map((one) => browser.request(one)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(requests).toBe(1);
    started.clock.now += 301_000;
    await browser.request(url);
    expect(requests).toBe(2);
  });
});

describe('row 39: a stolen code or refresh token', () => {
  test.each([
    ['with a foreign PKCE verifier', { code_verifier: 'x'.repeat(43) }],
    ['without a PKCE verifier', { code_verifier: '' }],
    ['by another client', { client_id: 'another' }],
    ['with another redirect URI', { redirect_uri: 'http://127.0.0.1:2/callback' }],
  ])('a code is refused %s, and used up', async (_, fields) => {
    const { redeem } = await codeFor(await startProxy(idp));
    const { status, json } = await redeem(fields);
    expect([status, json.error]).toEqual([400, 'invalid_grant']);
    expect((await redeem()).json.error).toBe('invalid_grant');
  });

  test('a code that is used twice ends the login that it began, also upstream', async () => {
    const { proxy, ...started } = await startProxy(idp);
    const { redeem } = await codeFor({ proxy, ...started });
    const { json } = await redeem();
    const upstream = await proxy.upstreamToken(await proxy.verify(json.access_token));
    expect((await redeem()).json.error).toBe('invalid_grant');
    await expect(proxy.verify(json.access_token)).rejects.toThrow('has ended');
    expect(upstream).not.toBe('');
    expect(idp.requests.get('/token/revocation')).toBeGreaterThan(0);
  });

  test('a code that is used again while it is being exchanged ends the login, too', async () => {
    const memory = memoryStore();
    let release = () => {};
    const replayed = new Promise<void>((resolve) => {
      release = resolve;
    });
    const store: OAuthProxyStore = {
      ...memory,
      async put(key, ...rest) {
        if (key.startsWith('grant:')) await replayed;
        await memory.put(key, ...rest);
      },
    };
    const { redeem } = await codeFor(await startProxy(idp, { store }));
    const [first, second] = [redeem(), redeem()];
    expect((await Promise.race([first, second])).json.error).toBe('invalid_grant');
    release();
    expect((await Promise.all([first, second])).map(({ json }) => json.error)).toEqual([
      'invalid_grant',
      'invalid_grant',
    ]);
  });

  test('a code expires after five minutes', async () => {
    const started = await startProxy(idp);
    const { redeem } = await codeFor(started);
    started.clock.now += 301_000;
    expect((await redeem()).json.error).toBe('invalid_grant');
  });

  test('an invented code ends no login', async () => {
    const started = await startProxy(idp);
    const { accessToken, redeem } = await logIn(started);
    const { claims } = await started.proxy.verify(accessToken);
    const invented = `${claims.sid}.${'x'.repeat(43)}.${'x'.repeat(43)}`;
    expect((await redeem({ code: invented })).json.error).toBe('invalid_grant');
    await started.proxy.verify(accessToken);
  });

  test('an old refresh token ends the login', async () => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    const { json } = await refresh(refreshToken);
    expect((await refresh(refreshToken)).json.error).toBe('invalid_grant');
    expect((await refresh(json.refresh_token)).json.error).toBe('invalid_grant');
    await expect(started.proxy.verify(json.access_token)).rejects.toThrow('has ended');
  });

  test('of two concurrent uses of a refresh token at most one succeeds, and the login has ended', async () => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    const won = both.filter(({ status }) => status === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const { json } of won) {
      await expect(started.proxy.verify(json.access_token)).rejects.toThrow('has ended');
      expect((await refresh(json.refresh_token)).status).toBe(400);
    }
  });

  test('a refresh token of another client is refused, and stays valid for its own', async () => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    const other = await register(started.baseUrl, { client_name: 'Other' });
    expect((await refresh(refreshToken, { client_id: other })).json.error).toBe('invalid_grant');
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('a refresh token gives no scope that was not granted', async () => {
    const started = await startProxy(idp);
    const { refreshToken, refresh } = await logIn(started);
    expect((await refresh(refreshToken, { scope: 'read write' })).json.error).toBe('invalid_scope');
  });

  test('a token for another resource of the same server is refused', async () => {
    const one = await startProxy(idp);
    const { baseUrl, store } = one;
    const two = await startProxy(idp, { baseUrl, store, resource: `${baseUrl}/mcp2` });
    const { accessToken } = await logIn(one);
    await expect(two.proxy.verify(accessToken)).rejects.toThrow('not valid');
  });

  test('a token of another server with the same secret is refused', async () => {
    const [one, two] = [await startProxy(idp), await startProxy(idp)];
    const { accessToken } = await logIn(one);
    expect(two.proxy.claims(accessToken)).toBe(false);
    await expect(two.proxy.verify(accessToken)).rejects.toThrow('not valid');
  });
});

describe('row 40: what a client says about itself is text', () => {
  test('in its name, redirect URI and scopes', async () => {
    const attack = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e`;
    const started = await startProxy(idp, { upstream: { scopes: ['<b>read</b>'] } });
    const clientId = await register(started.baseUrl, {
      client_name: attack,
      redirect_uris: ["https://app.example/'onclick='x"],
    });
    const { html } = await consentForm(started, startBrowser(), {
      client_id: clientId,
      redirect_uri: "https://app.example/'onclick='x",
      scope: '<b>read</b>',
    });
    expect(html).not.toMatch(/<script|<img|<b>|onclick='/);
    expect(html).not.toContain('\u202e');
    expect(decode(html)).toContain('<script>alert(1)</script>');
    expect(html.match(/name="decision"/g)).toHaveLength(2);
  });

  test('in parameters that an error page shows', async () => {
    const started = await startProxy(idp);
    const { url } = authorization(started, {
      client_id: await register(started.baseUrl),
      redirect_uri: 'https://evil.example/<script>alert(1)</script>',
    });
    const response = await startBrowser().request(url);
    expect(await response.text()).not.toContain('<script>');
  });

  test('in an error of the upstream, which reaches the client without control characters and quotes', async () => {
    const started = await startProxy(idp);
    const browser = startBrowser();
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    const upstream = await browser.browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
    const error = new URLSearchParams({
      state: upstream.searchParams.get('state') ?? '',
      error: '<script>',
      error_description: '"\r\nSet-Cookie: a=b\\',
    });
    const response = await browser.request(`${started.baseUrl}/auth/callback?${error}`);
    const back = new URL(response.headers.get('location') ?? '');
    expect(back.searchParams.get('error')).toBe('server_error');
    expect(back.searchParams.get('error_description')).toBe(
      "The identity provider responded: <script>: '  Set-Cookie: a=b ",
    );
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('of a response from another provider nothing is used (RFC 9207)', async () => {
    const started = await startProxy(idp);
    const browser = startBrowser();
    const { url } = authorization(started, { client_id: await register(started.baseUrl) });
    const upstream = await browser.browse(url, { stopAt: ({ origin }) => origin === idp.issuer });
    const parameters = new URLSearchParams({
      state: upstream.searchParams.get('state') ?? '',
      error: 'access_denied',
      error_description: 'Call this number',
      iss: 'https://evil.example',
    });
    const response = await browser.request(`${started.baseUrl}/auth/callback?${parameters}`);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(await response.text()).not.toContain('Call this number');
  });
});

describe('row 41: a token endpoint that redirects', () => {
  test('is not followed: neither code nor secret reach the other address', async () => {
    const received: string[] = [];
    const other = createServer((request, response) => {
      received.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    idp.replace('/token', (_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/token` }).end();
    });
    const started = await startProxy(idp);
    await expect(codeFor(started)).rejects.toThrow('responded with 503');
    await new Promise((resolve) => other.close(resolve));
    expect(received).toEqual([]);
    expect(started.errors.map(({ message }) => message).join()).toContain('status 307, which is not followed');
    expect(started.errors.map(String).join()).not.toContain(UPSTREAM_SECRET);
  });
});

describe('row 46: a foreign Host or Origin at the consent page', () => {
  test('gets 403', async () => {
    const started = await startProxy(idp);
    const { form, submit } = await consentForm(started, startBrowser());
    for (const origin of ['https://evil.example', 'null', started.baseUrl.replace('http:', 'https:')]) {
      expect((await submit(form, { origin })).status).toBe(403);
    }
    for (const path of ['/authorize', '/consent', '/auth/callback']) {
      const method = path === '/consent' ? 'POST' : 'GET';
      const request = new Request(`http://evil.example${path}`, { method, headers: { host: 'evil.example' } });
      expect((await started.proxy.handler(path)?.(request))?.status).toBe(403);
    }
    expect((await submit(form)).status).toBe(303);
  });

  test('except a Host that is allowed', async () => {
    const { proxy } = await startProxy(idp, { allowedHosts: ['internal:8000'] });
    const request = new Request('http://internal:8000/authorize', { headers: { host: 'internal:8000' } });
    expect((await proxy.handler('/authorize')?.(request))?.status).toBe(400);
  });
});
