import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import {
  browse,
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
  type Visit,
} from './identity-provider.test.fixture.ts';

const RESOURCE = 'https://mcp.example.com/mcp';
const REDIRECT = 'http://127.0.0.1:1/callback';
const VERIFIER = 'v'.repeat(43);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(options: Partial<IdentityProviderOptions> = {}): Promise<IdentityProvider> {
  const provider = await startIdentityProvider({
    resource: RESOURCE,
    scopes: ['read', 'write'],
    clients: [
      {
        client_id: 'app',
        client_secret: 'app-secret',
        redirect_uris: [REDIRECT],
        grant_types: [
          'authorization_code',
          'refresh_token',
          'client_credentials',
          'urn:ietf:params:oauth:grant-type:device_code',
          'urn:ietf:params:oauth:grant-type:token-exchange',
        ],
      },
    ],
    ...options,
  });
  closers.push(() => provider.close());
  return provider;
}

const authorizationUrl = ({ authorizationEndpoint }: IdentityProvider, clientId = 'app', redirectUri = REDIRECT) => {
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
  return `${authorizationEndpoint}?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid read',
    state: 's',
    resource: RESOURCE,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })}`;
};

const visit: Visit = { stopAt: (url) => url.port === '1' };

async function post(url: string, fields: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { authorization: `Basic ${btoa('app:app-secret')}` },
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : undefined };
}

async function login(provider: IdentityProvider, name = 'alice') {
  const back = await browse(authorizationUrl(provider), { ...visit, login: name });
  const { json } = await post(provider.tokenEndpoint, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
  });
  return json;
}

test('a browser logs in and consents, and the code becomes a JWT for the resource', async () => {
  const provider = await start();
  const { access_token, refresh_token } = await login(provider, 'bob');
  const { payload } = await jwtVerify(access_token, createRemoteJWKSet(new URL(provider.jwksUrl)), {
    issuer: provider.issuer,
    audience: RESOURCE,
  });
  expect(payload).toMatchObject({ sub: 'bob', scope: 'read', client_id: 'app' });
  expect(refresh_token).toEqual(expect.any(String));
  expect(provider.requests.get('/token')).toBe(1);
});

test('consent can be denied', async () => {
  const back = await browse(authorizationUrl(await start()), { ...visit, consent: 'deny' });
  expect(back.searchParams.get('error')).toBe('access_denied');
});

test('refresh tokens rotate, and an old one revokes the grant', async () => {
  const provider = await start();
  const { refresh_token: old } = await login(provider);
  const refresh = (token: string) =>
    post(provider.tokenEndpoint, { grant_type: 'refresh_token', refresh_token: token, resource: RESOURCE });
  const { json } = await refresh(old);
  expect((await refresh(old)).json.error).toBe('invalid_grant');
  expect((await refresh(json.refresh_token)).json.error).toBe('invalid_grant');
});

test('opaque tokens can be introspected until the login is revoked', async () => {
  const provider = await start({ accessTokenFormat: 'opaque', accessTokenTtl: 60 });
  const { access_token: token } = await login(provider);
  const introspect = async () => (await post(provider.introspectionEndpoint, { token })).json;
  expect(await introspect()).toMatchObject({ active: true, sub: 'alice', aud: RESOURCE, scope: 'read' });
  await provider.revoke('alice');
  expect(await introspect()).toEqual({ active: false });
});

test('keys can be rotated while logins continue', async () => {
  const provider = await start();
  const keyIds = async () => {
    const { keys } = (await (await fetch(provider.jwksUrl)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const before = await keyIds();
  const { refresh_token } = await login(provider);
  await provider.rotateKeys({ keepOld: true });
  expect(await keyIds()).toEqual([expect.any(String), ...before]);
  await provider.rotateKeys();
  expect(await keyIds()).toHaveLength(1);
  const { status } = await post(provider.tokenEndpoint, { grant_type: 'refresh_token', refresh_token });
  expect(status).toBe(200);
});

test('clients register themselves, or are known by their document, if that is switched on', async () => {
  const document = 'https://client.example/metadata.json';
  const metadata = { redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none', application_type: 'native' };
  const provider = await start({
    registration: true,
    cimd: true,
    documents: { [document]: { ...metadata, client_id: document, client_name: 'Client' } },
  });
  const registered = await fetch(`${provider.issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  });
  const { client_id: id } = (await registered.json()) as { client_id: string };
  for (const client of [id, document]) {
    const back = await browse(authorizationUrl(provider, client), visit);
    expect(back.searchParams.get('code')).toEqual(expect.any(String));
  }
});

test('client credentials, the device flow and token exchange work', async () => {
  const provider = await start({ resource: [RESOURCE, 'https://api.example.com'] });
  const machine = await post(provider.tokenEndpoint, {
    grant_type: 'client_credentials',
    resource: RESOURCE,
    scope: 'read',
  });
  expect(machine.json).toMatchObject({ token_type: 'Bearer', scope: 'read' });

  const { json: device } = await post(`${provider.issuer}/device/auth`, { scope: 'openid read', resource: RESOURCE });
  const page = browse(device.verification_uri, { ...visit, userCode: device.user_code });
  await expect(page).rejects.toThrow('The device is signed in.');
  const { json: tokens } = await post(provider.tokenEndpoint, {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: device.device_code,
  });

  const exchanged = await post(provider.tokenEndpoint, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: tokens.access_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    resource: 'https://api.example.com',
    scope: 'write',
  });
  const { payload } = await jwtVerify(exchanged.json.access_token, createRemoteJWKSet(new URL(provider.jwksUrl)), {
    audience: 'https://api.example.com',
  });
  expect(payload).toMatchObject({ sub: 'alice', scope: 'write' });
});

test('an endpoint can be replaced', async () => {
  const provider = await start();
  provider.replace('/jwks', (_, response) => response.writeHead(500).end());
  expect((await fetch(provider.jwksUrl)).status).toBe(500);
  provider.replace('/jwks');
  expect((await fetch(provider.jwksUrl)).status).toBe(200);
});
