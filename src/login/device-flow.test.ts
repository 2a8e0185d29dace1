import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../runtime/api/auth/server-metadata.ts';
import type { HttpRequest, HttpSender } from '../runtime/api/http.ts';
import { type DevicePrompt, deviceFlow } from './device-flow.ts';

const SERVER: AuthorizationServer = {
  issuer: 'https://issuer.test',
  tokenEndpoint: 'https://issuer.test/token',
  deviceAuthorizationEndpoint: 'https://issuer.test/device',
  codeChallengeMethods: undefined,
  sendsIssuer: false,
  authMethods: ['none'],
  scopes: [],
  readsClientMetadata: false,
};
const STARTED = {
  device_code: 'device-secret',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://issuer.test/enter',
  expires_in: 60,
  interval: 2,
};
const TOKEN = { access_token: 't' };
const PENDING = { error: 'authorization_pending' };

/** A login at a server that answers in this order; `lost`: not at all. The pauses, in seconds. */
async function login(answers: readonly (object | 'lost')[], server = SERVER) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  const prompts: DevicePrompt[] = [];
  const send: HttpSender = async (request) => {
    requests.push(request);
    const answer = answers[requests.length - 1] ?? PENDING;
    if (answer === 'lost') throw new Error('is not there.');
    const body = (async function* () {
      yield new TextEncoder().encode(JSON.stringify(answer));
    })();
    return { status: 'error' in answer ? 400 : 200, headers: [], body };
  };
  const result = await deviceFlow({
    server,
    access: { send, allowPrivate: false, signal: new AbortController().signal },
    client: async () => ({ clientId: 'c', authentication: 'none' }),
    scopes: ['a'],
    parameters: {},
    onPrompt: (prompt) => prompts.push(prompt),
    sleep: async (ms) => pauses.push(ms / 1000),
  }).catch((error: { code: string; message: string }) => ({ code: error.code, message: error.message }));
  return { result, requests, pauses, prompts };
}

test('the person gets the URL and the code, and the server is asked at its interval', async () => {
  const { result, pauses, prompts, requests } = await login([STARTED, PENDING, PENDING, TOKEN]);
  expect(result).toMatchObject({ token: { value: 't' } });
  expect(pauses).toEqual([2, 2, 2]);
  expect(prompts).toEqual([{ url: 'https://issuer.test/enter', userCode: 'ABCD-EFGH' }]);
  expect(new URLSearchParams(String(requests[1]?.body)).get('device_code')).toBe('device-secret');
});

test('a server that is asked too often is asked 5 seconds later from then on', async () => {
  const slow = { error: 'slow_down' };
  expect((await login([STARTED, slow, PENDING, slow, TOKEN])).pauses).toEqual([2, 7, 7, 12]);
});

test('without an interval the pause is 5 seconds', async () => {
  const { interval: _, ...started } = STARTED;
  expect((await login([started, TOKEN])).pauses).toEqual([5]);
});

test('after a lost connection the pause doubles', async () => {
  expect((await login([STARTED, 'lost', 'lost', TOKEN])).pauses).toEqual([2, 4, 8]);
});

test('polling ends when the code expires', async () => {
  const { result, pauses } = await login([{ ...STARTED, expires_in: 6 }]);
  expect(result).toMatchObject({ code: 'LOGIN_TIMEOUT' });
  expect(pauses).toEqual([2, 2, 2]);
  expect((await login([STARTED, { error: 'expired_token' }])).result).toMatchObject({ code: 'LOGIN_TIMEOUT' });
});

test.each([
  ['a denied login', [STARTED, { error: 'access_denied' }], 'LOGIN_REFUSED', 'access_denied'],
  ['a refused client', [{ error: 'unauthorized_client' }], 'LOGIN_REFUSED', 'unauthorized_client'],
  ['a server that is not there', ['lost'], 'LOGIN_UNREACHABLE', 'cannot be reached'],
  ['a page that is a script', [{ ...STARTED, verification_uri: 'javascript:x' }], 'LOGIN_METADATA_INVALID', 'https'],
  ['an echo of the code', [STARTED, { error: 'x', error_description: 'device-secret' }], 'LOGIN_REFUSED', 'credential'],
] as const)('%s ends the login', async (_, answers, code, message) => {
  const { result } = await login(answers);
  expect(result).toEqual({ code, message: expect.stringContaining(message) });
  expect(JSON.stringify(result)).not.toContain('device-secret');
});

test('without an endpoint there is no device flow', async () => {
  const { deviceAuthorizationEndpoint: _, ...server } = SERVER;
  expect((await login([], server)).result).toMatchObject({ code: 'LOGIN_UNSUPPORTED' });
});
