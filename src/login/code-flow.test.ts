import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LoginError } from '../runtime/api/auth/login-error.ts';
import type { AuthorizationServer } from '../runtime/api/auth/server-metadata.ts';
import type { HttpRequest, HttpSender } from '../runtime/api/http.ts';
import { codeFlow } from './code-flow.ts';

const SERVER: AuthorizationServer = {
  issuer: 'https://issuer.test',
  tokenEndpoint: 'https://issuer.test/token',
  authorizationEndpoint: 'https://issuer.test/authorize?tenant=a',
  codeChallengeMethods: ['plain', 'S256'],
  sendsIssuer: true,
  authMethods: ['none'],
  scopes: [],
  readsClientMetadata: false,
};

/** A login whose browser comes back with these parameters, and the right state. */
async function login(
  parameters: Readonly<Record<string, string>>,
  { server = SERVER, answers = [] as readonly object[], secret = '', extra = {} } = {},
) {
  const requests: HttpRequest[] = [];
  const opened: URL[] = [];
  const send: HttpSender = async (request) => {
    requests.push(request);
    const answer = answers[requests.length - 1] ?? {};
    const body = [new TextEncoder().encode(JSON.stringify(answer))];
    return {
      status: 'error' in answer ? 400 : 200,
      headers: [],
      body: (async function* () {
        yield* body;
      })(),
    };
  };
  const result = await codeFlow({
    server,
    access: { send, allowPrivate: false, signal: new AbortController().signal },
    client: async () =>
      secret === ''
        ? { clientId: 'c', authentication: 'none' }
        : { clientId: 'c', clientSecret: secret, authentication: 'basic' },
    scopes: ['a', 'b'],
    parameters: extra,
    timeoutMs: 20_000,
    onUrl(url) {
      opened.push(new URL(url));
      const query = new URLSearchParams({ ...parameters, state: new URL(url).searchParams.get('state') ?? '' });
      fetch(`${new URL(url).searchParams.get('redirect_uri')}?${query}`);
    },
  }).catch((error: unknown) => error);
  return { result, requests, url: opened[0] };
}

test('the code is exchanged once, with the verifier of its challenge', async () => {
  const answers = [{ access_token: 't', refresh_token: 'r', expires_in: 60, scope: 'a' }];
  const { result, requests, url } = await login({ code: 'k', iss: SERVER.issuer }, { answers });
  expect(result).toMatchObject({ token: { value: 't', refreshToken: 'r', expiresIn: 60, scopes: ['a'] } });
  const sent = new URLSearchParams(String(requests[0]?.body));
  const verifier = sent.get('code_verifier') ?? '';
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    tenant: 'a',
    response_type: 'code',
    client_id: 'c',
    redirect_uri: sent.get('redirect_uri'),
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    scope: 'a b',
  });
  expect([sent.get('code'), sent.get('client_id'), requests.length]).toEqual(['k', 'c', 1]);
});

test('additional parameters are part of both requests', async () => {
  const extra = { resource: 'https://api.test', audience: 'api' };
  const answers = [{ access_token: 't' }];
  const { requests, url } = await login({ code: 'k', iss: SERVER.issuer }, { answers, extra });
  expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject(extra);
  expect(Object.fromEntries(new URLSearchParams(String(requests[0]?.body)))).toMatchObject(extra);
});

test('a secret that is understood only in the body is sent there', async () => {
  const answers = [{ error: 'invalid_client' }, { access_token: 't' }];
  const { result, requests } = await login({ code: 'k', iss: SERVER.issuer }, { answers, secret: 's' });
  expect(result).toMatchObject({ client: { authentication: 'body' } });
  expect(new URLSearchParams(String(requests[1]?.body)).get('client_secret')).toBe('s');
});

describe('nothing is exchanged', () => {
  const { issuer } = SERVER;
  test.each([
    ['from another issuer', { code: 'k', iss: 'https://attacker.test' }, 'did not come from'],
    ['from an issuer with a slash more', { code: 'k', iss: `${issuer}/` }, 'did not come from'],
    ['without the issuer that is promised', { code: 'k' }, 'did not come from'],
    [
      'with an error of another issuer',
      { error: 'text-of-attacker', iss: 'https://attacker.test' },
      'did not come from',
    ],
    ['with an error', { error: 'access_denied', error_description: 'No.', iss: issuer }, 'access_denied: No.'],
    ['without a code', { iss: issuer }, 'sent no code'],
  ])('of a response %s', async (_, parameters, message) => {
    const { result, requests } = await login(parameters);
    expect(result).toBeInstanceOf(LoginError);
    expect(String(result)).toContain(message);
    expect(String(result)).not.toContain('text-of-attacker');
    expect(requests).toEqual([]);
  });

  test('if the metadata has no S256', async () => {
    const { result, url } = await login({}, { server: { ...SERVER, codeChallengeMethods: ['plain'] } });
    expect([result, url]).toEqual([expect.objectContaining({ code: 'LOGIN_UNSUPPORTED' }), undefined]);
  });
});

test('what the server says about a refused code does not repeat the code or the secret', async () => {
  const answers = [{ error: 'invalid_grant', error_description: 'code-1234 of secret-5678' }];
  const { result } = await login({ code: 'code-1234', iss: SERVER.issuer }, { answers, secret: 'secret-5678' });
  expect(String(result)).toContain('invalid_grant');
  expect(String(result)).not.toMatch(/1234|5678/);
});
