import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuthScheme } from '../../../model/index.ts';
import type { CallError } from '../../call-error.ts';
import { createNodeSender } from '../../node/send.ts';
import { type AuthoriserOptions, createAuthoriser } from './authorise.ts';
import { NOBODY_CONNECTS } from './connecting.test.fixture.ts';
import type { ClientCredentials } from './credentials.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface TokenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}
interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A token endpoint: what it was sent, and its answer to each request. `undefined`: it never answers. */
async function endpoint(answer: (request: TokenRequest, count: number) => Answer | undefined | Promise<Answer>) {
  const requests: TokenRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { url = '', headers } = request;
    const sent = { url, headers, form: Object.fromEntries(new URLSearchParams(text)) };
    requests.push(sent);
    const given = await answer(sent, requests.length);
    if (given === undefined) return;
    const body = typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
    response.writeHead(given.status ?? 200, given.headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const CLIENT: ClientCredentials = { kind: 'clientCredentials', clientId: 'c id', clientSecret: 's&cret/ü' };
const REQUEST = { method: 'GET', target: 'https://api.test/a', query: [], headers: [], cookies: [] };
const oauth2 = (tokenUrl: string): AuthScheme => ({ kind: 'oauth2', clientCredentials: { tokenUrl, scopes: [] } });

/** Authorises calls that need `scopes`; `token` gives the Authorization header. */
function setup(scheme: AuthScheme, rest: Partial<AuthoriserOptions> & { client?: Partial<ClientCredentials> } = {}) {
  const { send, close } = createNodeSender({ proxy: {}, allowPrivate: true, connections: 8, connectTimeoutMs: 1000 });
  closers.push(close);
  const authoriser = createAuthoriser({
    auth: { o: scheme },
    credentials: { o: { ...CLIENT, ...rest.client } },
    headers: [],
    hasClientCertificate: false,
    credentialOrigins: undefined,
    allowedOrigins: ['https://api.test'],
    allowPrivate: true,
    send,
    now: () => 0,
    timeoutMs: 2000,
    connecting: NOBODY_CONNECTS,
    ...rest,
  });
  const authorise = (scopes: readonly string[] = [], signal = new AbortController().signal) =>
    authoriser.authorise({ auth: [{ schemes: [{ scheme: 'o', scopes }] }] }, REQUEST, { signal });
  const token = async (scopes?: readonly string[], signal?: AbortSignal) =>
    (await authorise(scopes, signal)).request.headers.find(([name]) => name === 'Authorization')?.[1];
  return { ...authoriser, authorise, token };
}

async function* only(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

const failure = (call: Promise<unknown>): Promise<CallError> =>
  call.then(
    () => Promise.reject(new Error('The call succeeded.')),
    (error) => error,
  );

describe('client credentials', () => {
  test('are sent as RFC 6749 §4.4.2 and §2.3.1 say', async () => {
    const { url, requests } = await endpoint(() => ({ body: { access_token: 't', token_type: 'bearer' } }));
    expect(await setup(oauth2(`${url}/token?tenant=1`)).token(['read', 'write'])).toBe('Bearer t');
    const [sent] = requests;
    expect(sent).toMatchObject({
      url: '/token?tenant=1',
      form: { grant_type: 'client_credentials', scope: 'read write' },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        // id and secret are form-encoded first
        authorization: `Basic ${Buffer.from('c+id:s%26cret%2F%C3%BC').toString('base64')}`,
      },
    });
    expect(sent?.form).not.toHaveProperty('client_secret');
  });

  test('without scopes send none; OAUTH_SCOPES replace those of the operation', async () => {
    const { url, requests } = await endpoint(() => ({ body: { access_token: 't' } }));
    await setup(oauth2(url)).token([]);
    await setup(oauth2(url), { client: { scopes: ['mine'] } }).token(['theirs']);
    expect(requests.map(({ form }) => form.scope)).toEqual([undefined, 'mine']);
  });

  test.each<[string, Answer]>([
    ['401 invalid_client', { status: 401, body: { error: 'invalid_client' } }],
    ['400 invalid_client', { status: 400, body: { error: 'invalid_client' } }],
    ['401 without a reason', { status: 401, body: '<html>' }],
    ['400 with another reason', { status: 400, body: { error: 'invalid_request' } }],
  ])('rejected as Basic (%s) are sent in the body, next time immediately', async (_, refusal) => {
    const { url, requests } = await endpoint(({ headers }) =>
      headers.authorization === undefined ? { body: { access_token: 't', expires_in: 0 } } : refusal,
    );
    const { token } = setup(oauth2(url));
    expect([await token(), await token()]).toEqual(['Bearer t', 'Bearer t']);
    expect(
      requests.map(({ headers, form }) => [headers.authorization !== undefined, form.client_id, form.client_secret]),
    ).toEqual([
      [true, undefined, undefined],
      [false, 'c id', 's&cret/ü'],
      [false, 'c id', 's&cret/ü'],
    ]);
  });

  test.each(['invalid_scope', 'unauthorized_client', 'unsupported_grant_type'])(
    'rejected with %s are not sent again',
    async (error) => {
      const { url, requests } = await endpoint(() => ({ status: 400, body: { error } }));
      expect((await failure(setup(oauth2(url)).token())).code).toBe('CREDENTIAL_REFUSED');
      expect(requests).toHaveLength(1);
    },
  );
});

describe('a refusal', () => {
  test('reports the server’s reason, and never the secret', async () => {
    const description = `bad secret s&cret/ü, also as s%26cret%2F%C3%BC ${'x'.repeat(1000)}`;
    const { url } = await endpoint(() => ({
      status: 401,
      body: { error: 'invalid_client', error_description: description },
    }));
    const { code, message } = await failure(setup(oauth2(url)).token());
    expect(code).toBe('CREDENTIAL_REFUSED');
    expect(message).toContain(
      'returned no token for "o": invalid_client: bad secret [credential], also as [credential]',
    );
    expect(message).not.toContain('cret/');
    expect(message.length).toBeLessThan(500);
  });

  test.each<[string, Answer, string]>([
    ['no token', { body: {} }, 'without an access token'],
    ['no JSON', { body: '<html>' }, 'without an access token'],
    ['a token with a line break', { body: { access_token: 'a\r\nb' } }, 'without an access token'],
    ['another type', { body: { access_token: 't', token_type: 'mac' } }, 'whose type is not Bearer'],
    ['a redirect', { status: 302, body: '', headers: { location: '/x' } }, 'status 302'],
    ['a failure', { status: 503, body: 'down' }, 'status 503'],
  ])('%s', async (_, answer, message) => {
    const { url, requests } = await endpoint(() => answer);
    const error = await failure(setup(oauth2(url)).token());
    expect([error.code, error.message]).toEqual(['CREDENTIAL_REFUSED', expect.stringContaining(message)]);
    expect(requests).toHaveLength(1);
  });

  test('is also reported if nothing is listening, or there is no response', async () => {
    const { url } = await endpoint(() => undefined);
    const slow = await failure(setup(oauth2(url), { timeoutMs: 100 }).token());
    expect([slow.code, slow.message]).toEqual([
      'CREDENTIAL_REFUSED',
      'No token for "o": the token endpoint did not respond within 0.1 s.',
    ]);
    await closers.shift()?.();
    const refused = await failure(setup(oauth2(url)).token());
    expect([refused.code, refused.message]).toEqual([
      'CREDENTIAL_REFUSED',
      expect.stringContaining('refused the connection'),
    ]);
  });

  test('is not remembered', async () => {
    const { url } = await endpoint((_, count) =>
      count === 1 ? { status: 500, body: '' } : { body: { access_token: 't' } },
    );
    const { token } = setup(oauth2(url));
    await failure(token());
    expect(await token()).toBe('Bearer t');
  });
});

describe('a token', () => {
  test('is fetched once for fifty concurrent calls', async () => {
    const { url, requests } = await endpoint(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return { body: { access_token: 't', expires_in: 3600 } };
    });
    const { token } = setup(oauth2(url));
    const tokens = await Promise.all(Array.from({ length: 50 }, () => token(['a'])));
    expect(new Set(tokens)).toEqual(new Set(['Bearer t']));
    expect(requests).toHaveLength(1);
  });

  test('is kept for each list of scopes, whatever their order', async () => {
    const { url, requests } = await endpoint(({ form }) => ({ body: { access_token: form.scope?.replace(' ', '+') } }));
    const { token } = setup(oauth2(url));
    expect(await token(['a', 'b'])).toBe('Bearer a+b');
    expect(await token(['b', 'a'])).toBe('Bearer a+b');
    expect(await token(['a'])).toBe('Bearer a');
    expect(requests).toHaveLength(2);
  });

  // Less a tenth of its life, 30 s at most.
  test.each([
    [3600, 3570],
    [100, 90],
    ['100', 90],
    [undefined, 270],
    [0, 0],
    [-5, 0],
  ])('with expires_in %s is used for %s s', async (expiresIn, lifetime) => {
    const { url, requests } = await endpoint((_, count) => ({
      body: { access_token: `t${count}`, expires_in: expiresIn },
    }));
    let seconds = 1_000_000;
    const { token } = setup(oauth2(url), { now: () => seconds * 1000 });
    await token();
    if (lifetime > 0) {
      seconds += lifetime - 1;
      expect(await token()).toBe('Bearer t1');
    }
    seconds += 1;
    expect(await token()).toBe('Bearer t2');
    expect(requests).toHaveLength(2);
  });

  test('goes on being fetched for the others when one caller cancels', async () => {
    const { url, requests } = await endpoint(async () => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      return { body: { access_token: 't' } };
    });
    const { token } = setup(oauth2(url));
    const controller = new AbortController();
    const cancelled = failure(token([], controller.signal));
    const other = token([]);
    setTimeout(() => controller.abort(), 20);
    expect((await cancelled).code).toBe('CANCELLED');
    expect(await other).toBe('Bearer t');
    expect(requests).toHaveLength(1);
  });

  test('that the API rejected is replaced once for all calls that used it', async () => {
    const { url, requests } = await endpoint((_, count) => ({ body: { access_token: `t${count}` } }));
    const { authorise, onUnauthorized, token } = setup(oauth2(url));
    const sent = await Promise.all([authorise(), authorise(), authorise()]);
    expect(onUnauthorized(sent[0])).toBe(true);
    expect(await token()).toBe('Bearer t2');
    // The others come back later: the new token stays.
    expect(sent.slice(1).map(onUnauthorized)).toEqual([true, true]);
    expect(await token()).toBe('Bearer t2');
    expect(requests).toHaveLength(2);
  });

  test('given ready by the user is not replaced', async () => {
    const { authorise, onUnauthorized } = setup(oauth2('https://t.test'), {
      credentials: { o: { kind: 'bearer', token: 'mine' } },
    });
    expect(onUnauthorized(await authorise())).toBe(false);
  });
});

describe('a token URL', () => {
  test('that is relative resolves against the server', async () => {
    const { url, requests } = await endpoint(() => ({ body: { access_token: 't' } }));
    await setup(oauth2('/oauth/token'), { serverUrl: `${url}/v1` }).token();
    expect(requests[0]?.url).toBe('/oauth/token');
  });

  test.each(['/oauth/token', 'file:///etc/passwd', ''])('%s leads nowhere', async (url) => {
    expect((await failure(setup(oauth2(url)).token())).message).toContain('no http(s) token URL for "o"');
  });

  test('at a private address is rejected if that is not allowed', async () => {
    const { url, requests } = await endpoint(() => ({ body: { access_token: 't' } }));
    const error = await failure(setup(oauth2(url), { allowPrivate: false }).token());
    expect([error.code, error.message]).toEqual(['CREDENTIAL_REFUSED', expect.stringContaining('private address')]);
    expect(requests).toEqual([]);
  });
});

describe('OpenID Connect', () => {
  const oidc = (discoveryUrl: string): AuthScheme => ({ kind: 'openIdConnect', discoveryUrl });
  const provider = (document: (base: string) => Answer) => {
    let base = '';
    return endpoint(({ url, headers }) => {
      base = `http://${headers.host}`;
      return url === '/token' ? { body: { access_token: 't', expires_in: 0 } } : document(base);
    });
  };

  test('finds the token endpoint, once', async () => {
    const { url, requests } = await provider((base) => ({ body: { token_endpoint: `${base}/token` } }));
    const { token } = setup(oidc(`${url}/.well-known/openid-configuration`));
    expect([await token(['a']), await token(['a'])]).toEqual(['Bearer t', 'Bearer t']);
    expect(requests.map(({ url: path }) => path)).toEqual(['/.well-known/openid-configuration', '/token', '/token']);
    expect(requests[1]?.headers.authorization).toMatch(/^Basic /);
  });

  test('authenticates the client with the method that the provider supports', async () => {
    const { url, requests } = await provider((base) => ({
      body: { token_endpoint: `${base}/token`, token_endpoint_auth_methods_supported: ['client_secret_post'] },
    }));
    await setup(oidc(url)).token();
    expect(requests[1]?.form.client_secret).toBe('s&cret/ü');
    expect(requests).toHaveLength(2);
  });

  test.each<[string, Answer, string]>([
    ['is not there', { status: 404, body: '' }, 'status 404'],
    ['is not JSON', { body: '<html>' }, 'has no token endpoint'],
    ['names nothing', { body: {} }, 'has no token endpoint'],
    ['names a file', { body: { token_endpoint: 'file:///x' } }, 'not https'],
  ])('a discovery document that %s is rejected', async (_, answer, message) => {
    const { url } = await endpoint(() => answer);
    const error = await failure(setup(oidc(url)).token());
    expect([error.code, error.message]).toEqual(['CREDENTIAL_REFUSED', expect.stringContaining(message)]);
  });

  test.each([
    ['https://id.test/d', 'http://id.test/token', 'not https'],
    ['https://id.test/d', 'https://169.254.169.254/token', 'private address'],
    ['https://10.0.0.1/d', 'https://id.test/token', 'private address'],
  ])('from %s to %s is refused: %s', async (discoveryUrl, tokenEndpoint, message) => {
    const sent: string[] = [];
    const body = new TextEncoder().encode(JSON.stringify({ token_endpoint: tokenEndpoint }));
    const { token } = setup(oidc(discoveryUrl), {
      allowPrivate: false,
      send: async ({ url }) => {
        sent.push(url);
        return { status: 200, headers: [], body: only(body) };
      },
    });
    expect((await failure(token())).message).toContain(message);
    expect(sent).not.toContain(tokenEndpoint);
  });
});
