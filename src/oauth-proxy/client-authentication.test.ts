import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IdentityProvider } from '../identity-provider.test.fixture.ts';
import type { AuthFetch } from './index.ts';
import {
  CLIENT_REDIRECT,
  codeFor,
  post,
  register,
  type StartedProxy,
  startProxy,
  startUpstream,
} from './proxy.test.fixture.ts';

const ID = 'https://client.example/oauth/client.json';
const KEYS = 'https://client.example/oauth/keys.json';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startUpstream();
});
afterAll(() => idp.close());

/** `undefined` leaves a claim out. */
type Claims = Readonly<Record<string, unknown>>;

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } };
}

/** A client with keys, and the web that publishes them. */
async function keyClient(metadata: object = {}) {
  const key = await newKey('one');
  const published = { keys: [key.jwk] };
  const fetched: string[] = [];
  const publicFetch: AuthFetch = async (url) => {
    fetched.push(url);
    if (url === KEYS) return Response.json(published);
    return Response.json({
      client_id: ID,
      redirect_uris: [CLIENT_REDIRECT],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: KEYS,
      ...metadata,
    });
  };
  const assertion = (started: StartedProxy, claims: Claims = {}, { kid, privateKey } = key) =>
    new SignJWT({
      iss: ID,
      sub: ID,
      aud: `${started.baseUrl}/token`,
      jti: crypto.randomUUID(),
      exp: Math.floor(started.clock.now / 1000) + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
  const proof = async (...given: Parameters<typeof assertion>) => ({
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await assertion(...given),
  });
  return { key, published, fetched, publicFetch, proof };
}

test('a client with keys proves that it has them, for its code, its refresh token and a revocation', async () => {
  const { publicFetch, proof } = await keyClient();
  const started = await startProxy(idp, { publicFetch });
  const { redeem } = await codeFor(started, { clientId: ID });
  const { status, json } = await redeem(await proof(started));
  expect(status).toBe(200);
  const fields = { grant_type: 'refresh_token', client_id: ID, refresh_token: json.refresh_token };
  const refused = await post(`${started.baseUrl}/token`, fields);
  expect([refused.status, refused.json.error]).toEqual([401, 'invalid_client']);
  const refreshed = await post(`${started.baseUrl}/token`, { ...fields, ...(await proof(started)) });
  expect(refreshed.status).toBe(200);
  const revocation = { client_id: ID, token: refreshed.json.refresh_token };
  expect((await post(`${started.baseUrl}/revoke`, revocation)).status).toBe(401);
  expect((await post(`${started.baseUrl}/revoke`, { ...revocation, ...(await proof(started)) })).status).toBe(200);
});

test('an unproven request does not use up the code', async () => {
  const { publicFetch, proof } = await keyClient();
  const started = await startProxy(idp, { publicFetch });
  const { redeem } = await codeFor(started, { clientId: ID });
  expect((await redeem()).json.error).toBe('invalid_client');
  expect((await redeem(await proof(started))).status).toBe(200);
});

test.each<[string, (now: number) => Claims]>([
  ['of another audience', () => ({ aud: 'https://other.example/token' })],
  ['of another client', () => ({ sub: 'https://other.example/client.json' })],
  ['of another issuer', () => ({ iss: 'https://other.example/client.json' })],
  ['that has expired', (now) => ({ exp: now - 60 })],
  ['that is valid for a day', (now) => ({ exp: now + 86_400 })],
  ['without an end', () => ({ exp: undefined })],
  ['without an id', () => ({ jti: undefined })],
])('an assertion %s is refused', async (_, claims) => {
  const { publicFetch, proof } = await keyClient();
  const started = await startProxy(idp, { publicFetch });
  const { redeem } = await codeFor(started, { clientId: ID });
  const { status, json } = await redeem(await proof(started, claims(Math.floor(started.clock.now / 1000))));
  expect([status, json.error]).toEqual([401, 'invalid_client']);
});

test('an assertion is refused with a foreign key, the second time, and from a client without keys', async () => {
  const { publicFetch, proof } = await keyClient();
  const started = await startProxy(idp, { publicFetch });
  const foreign = await proof(started, {}, await newKey('one'));
  const first = await codeFor(started, { clientId: ID });
  expect((await first.redeem(foreign)).status).toBe(401);
  const once = await proof(started);
  expect((await first.redeem(once)).status).toBe(200);
  const second = await codeFor(started, { clientId: ID });
  expect((await second.redeem(once)).json.error_description).toContain('used before');
  const registered = await codeFor(started, { clientId: await register(started.baseUrl) });
  expect((await registered.redeem(await proof(started))).status).toBe(401);
});

test('a new key of a client is fetched once it is used, at most every 30 seconds', async () => {
  const { publicFetch, proof, published, fetched } = await keyClient();
  const started = await startProxy(idp, { publicFetch });
  const { redeem } = await codeFor(started, { clientId: ID });
  const next = await newKey('two');
  expect((await redeem(await proof(started, { aud: 'x' }))).status).toBe(401);
  published.keys = [next.jwk];
  expect((await redeem(await proof(started, {}, next))).status).toBe(401);
  expect(fetched.filter((url) => url === KEYS)).toHaveLength(1);
  started.clock.now += 31_000;
  expect((await redeem(await proof(started, {}, next))).status).toBe(200);
  expect(fetched.filter((url) => url === KEYS)).toHaveLength(2);
});

test('keys may stand in the document', async () => {
  const key = await newKey('one');
  const { publicFetch, proof, fetched } = await keyClient({ jwks: { keys: [key.jwk] }, jwks_uri: undefined });
  const started = await startProxy(idp, { publicFetch });
  const { redeem } = await codeFor(started, { clientId: ID });
  expect((await redeem(await proof(started, {}, key))).status).toBe(200);
  expect(fetched).toEqual([ID]);
});

test('while the document cannot be fetched, the code stays valid', async () => {
  const { publicFetch, proof } = await keyClient();
  let down = false;
  const started = await startProxy(idp, {
    publicFetch: (url, init) => (down ? Promise.reject(new Error('down')) : publicFetch(url, init)),
  });
  const { redeem } = await codeFor(started, { clientId: ID });
  down = true;
  const failed = await redeem(await proof(started));
  expect([failed.status, failed.json.error]).toEqual([503, 'temporarily_unavailable']);
  down = false;
  expect((await redeem(await proof(started))).status).toBe(200);
});
