import { decodeJwt, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IdentityProvider, startIdentityProvider } from '../../../identity-provider.test.fixture.ts';
import type { AuthScheme } from '../../../model/index.ts';
import type { CallError } from '../../call-error.ts';
import { createNodeSender } from '../../node/send.ts';
import { createAuthoriser } from './authorise.ts';
import { NOBODY_CONNECTS } from './connecting.test.fixture.ts';
import type { ClientCredentials } from './credentials.ts';
import { credentialsFromEnvironment } from './credentials.ts';

// A real authorization server decides whether a client has authenticated.

const API = 'https://api.test/v1';
const HOUR = 3_600_000;
const { send, close } = createNodeSender({ proxy: {}, allowPrivate: true, connections: 8, connectTimeoutMs: 1000 });

let provider: IdentityProvider;
const keys: Record<string, { pem: string; jwk: JWK; publicJwk: JWK }> = {};
beforeAll(async () => {
  for (const algorithm of ['RS256', 'ES256', 'Ed25519']) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    keys[algorithm] = {
      pem: await exportPKCS8(privateKey),
      jwk: await exportJWK(privateKey),
      publicJwk: await exportJWK(publicKey),
    };
  }
  const client = (client_id: string, metadata: Partial<ClientMetadata>): ClientMetadata => ({
    client_id,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    ...metadata,
  });
  const withKey = (algorithm: string): Partial<ClientMetadata> => ({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...keys[algorithm]?.publicJwk, kid: `the-${algorithm}` }] },
  });
  provider = await startIdentityProvider({
    resource: API,
    scopes: ['read'],
    clients: [
      client('basic', { client_secret: 's&cret/+:%-0123456789', token_endpoint_auth_method: 'client_secret_basic' }),
      client('post', { client_secret: 's&cret/+:%-0123456789', token_endpoint_auth_method: 'client_secret_post' }),
      ...Object.keys(keys).map((algorithm) => client(`key-${algorithm}`, withKey(algorithm))),
    ],
  });
});
afterAll(async () => {
  await provider.close();
  await close();
});

const oauth2 = (): AuthScheme => ({
  kind: 'oauth2',
  clientCredentials: { tokenUrl: provider.tokenEndpoint, scopes: [] },
});
const openId = (): AuthScheme => ({
  kind: 'openIdConnect',
  discoveryUrl: `${provider.issuer}/.well-known/openid-configuration`,
});
const metadata = (): AuthScheme => ({
  kind: 'oauth2',
  metadataUrl: `${provider.issuer}/.well-known/oauth-authorization-server`,
});

/** The token for the environment variables of a scheme `s`, without their endings. */
async function token(environment: Record<string, string | undefined>, scheme = oauth2(), now = Date.now()) {
  const named = Object.entries(environment).map(([name, value]) => [`${name}_S`, value]);
  const credentials = credentialsFromEnvironment({ s: scheme }, Object.fromEntries(named));
  const { authorise } = createAuthoriser({
    auth: { s: scheme },
    credentials,
    headers: [],
    hasClientCertificate: false,
    credentialOrigins: undefined,
    allowedOrigins: ['https://api.test'],
    allowPrivate: true,
    send,
    now: () => now,
    timeoutMs: 5000,
    connecting: NOBODY_CONNECTS,
  });
  const request = { method: 'GET', target: API, query: [], headers: [], cookies: [] };
  const auth = [{ schemes: [{ scheme: 's', scopes: ['read'] }] }];
  const { tokens } = await authorise({ auth }, request, { signal: new AbortController().signal });
  return decodeJwt(tokens.s ?? '');
}

const failure = (call: Promise<unknown>): Promise<CallError> =>
  call.then(
    () => Promise.reject(new Error('The call succeeded.')),
    (error) => error,
  );

const SECRET = { OAUTH_CLIENT_SECRET: 's&cret/+:%-0123456789', OAUTH_RESOURCE: API };

describe('a client with a secret', () => {
  test.each([
    ['basic', undefined],
    ['basic', 'client_secret_basic'],
    ['post', undefined],
    ['post', 'client_secret_post'],
  ])('"%s" with OAUTH_CLIENT_AUTH %s gets a token for the resource', async (id, method) => {
    const claims = await token({ ...SECRET, OAUTH_CLIENT_ID: id, OAUTH_CLIENT_AUTH: method });
    expect(claims).toMatchObject({ sub: id, aud: API, scope: 'read' });
  });

  test.each([
    ['client_secret_basic', 1],
    ['client_secret_post', 1],
    [undefined, 2],
  ])('that is wrong is sent with OAUTH_CLIENT_AUTH %s in %i ways', async (method, ways) => {
    const before = provider.requests.get('/token') ?? 0;
    const wrong = { OAUTH_CLIENT_ID: 'post', OAUTH_CLIENT_SECRET: 'wrong', OAUTH_CLIENT_AUTH: method };
    expect(await failure(token(wrong))).toMatchObject({
      code: 'CREDENTIAL_REFUSED',
      message: expect.stringContaining('invalid_client'),
    });
    expect((provider.requests.get('/token') ?? 0) - before).toBe(ways);
  });
});

describe('a client with a private key', () => {
  test.each(['RS256', 'ES256', 'Ed25519'])('%s as PEM: the algorithm is that of the key', async (algorithm) => {
    const claims = await token({
      OAUTH_CLIENT_ID: `key-${algorithm}`,
      OAUTH_PRIVATE_KEY: keys[algorithm]?.pem,
      OAUTH_RESOURCE: API,
    });
    expect(claims).toMatchObject({ sub: `key-${algorithm}`, aud: API });
  });

  test.each(['RS256', 'ES256', 'Ed25519'])('%s as JWK, with its kid and by discovery', async (algorithm) => {
    const jwk = { ...keys[algorithm]?.jwk, kid: `the-${algorithm}` };
    const environment = {
      OAUTH_CLIENT_ID: `key-${algorithm}`,
      OAUTH_PRIVATE_KEY: JSON.stringify(jwk),
      OAUTH_RESOURCE: API,
    };
    expect(await token(environment, openId())).toMatchObject({ aud: API });
    expect(await token(environment, metadata())).toMatchObject({ aud: API });
  });

  test('uses the algorithm and the audience that are set', async () => {
    const environment = {
      OAUTH_CLIENT_ID: 'key-RS256',
      OAUTH_PRIVATE_KEY: keys.RS256?.pem,
      OAUTH_ALGORITHM: 'PS256',
      OAUTH_ASSERTION_AUDIENCE: provider.issuer,
      OAUTH_KEY_ID: 'the-RS256',
      OAUTH_RESOURCE: API,
    };
    expect(await token(environment)).toMatchObject({ aud: API });
    const error = await failure(token({ ...environment, OAUTH_ASSERTION_AUDIENCE: 'https://other.test' }));
    expect(error.hint).toContain('set OAUTH_ASSERTION_AUDIENCE');
  });

  test('that is not registered: the message says what to check, without the key', async () => {
    const environment = { OAUTH_CLIENT_ID: 'key-RS256', OAUTH_PRIVATE_KEY: keys.ES256?.pem, OAUTH_RESOURCE: API };
    const error = await failure(token(environment));
    expect(error).toMatchObject({
      code: 'CREDENTIAL_REFUSED',
      message: expect.stringContaining('returned no token for "s": invalid_client'),
      hint: expect.stringContaining('the public key is registered'),
    });
    const [, line = ''] = keys.ES256?.pem.split('\n') ?? [];
    expect(line.length).toBeGreaterThan(30);
    expect(JSON.stringify([error.message, error.hint])).not.toContain(line);
  });

  test('with a clock that is an hour behind: the message says so', async () => {
    const environment = { OAUTH_CLIENT_ID: 'key-ES256', OAUTH_PRIVATE_KEY: keys.ES256?.pem, OAUTH_RESOURCE: API };
    const error = await failure(token(environment, oauth2(), Date.now() - HOUR));
    const hint = 'The clock of this machine is 60 minutes behind that of the server. Set the clock.';
    expect(error).toMatchObject({ code: 'CREDENTIAL_REFUSED', hint });
  });

  test.each<[string, Partial<Record<string, string>>, string]>([
    [
      'a damaged key',
      { OAUTH_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----' },
      'damaged',
    ],
    ['another type of key', { OAUTH_ALGORITHM: 'RS256' }, 'cannot be used with RS256'],
    ['an unknown algorithm', { OAUTH_ALGORITHM: 'none' }, 'cannot be used with none'],
  ])('%s: the message says so', async (_, environment, want) => {
    const client = { OAUTH_CLIENT_ID: 'key-ES256', OAUTH_PRIVATE_KEY: keys.ES256?.pem };
    const error = await failure(token({ ...client, ...environment }));
    expect(error).toMatchObject({ code: 'CREDENTIAL_REFUSED', message: expect.stringContaining(want) });
  });
});

describe('where the user chooses no method, the metadata of the server decides', () => {
  const withMethods = (methods: readonly string[] | undefined) =>
    provider.replace('/.well-known/openid-configuration', (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          token_endpoint: `${provider.issuer}/stub`,
          token_endpoint_auth_methods_supported: methods,
          mtls_endpoint_aliases: { token_endpoint: `${provider.issuer}/mtls` },
        }),
      );
    });
  const sentFor = async (client: Partial<ClientCredentials>) => {
    const sent: { path: string; authorization: string | undefined; form: Record<string, string> }[] = [];
    for (const path of ['/stub', '/mtls']) {
      provider.replace(path, async (request, response) => {
        let text = '';
        for await (const chunk of request) text += chunk;
        const { authorization } = request.headers;
        sent.push({ path, authorization, form: Object.fromEntries(new URLSearchParams(text)) });
        response.end('{"access_token":"t"}');
      });
    }
    const { authorise } = createAuthoriser({
      auth: { s: openId() },
      credentials: { s: { kind: 'clientCredentials', clientId: 'c', ...client } },
      headers: [],
      hasClientCertificate: true,
      credentialOrigins: undefined,
      allowedOrigins: ['https://api.test'],
      allowPrivate: true,
      send,
      now: Date.now,
      timeoutMs: 5000,
      connecting: NOBODY_CONNECTS,
    });
    const request = { method: 'GET', target: API, query: [], headers: [], cookies: [] };
    await authorise({ auth: [{ schemes: [{ scheme: 's', scopes: [] }] }] }, request, {
      signal: new AbortController().signal,
    });
    return sent[0];
  };
  const both = () => ({ clientSecret: 'secret', privateKey: { text: keys.ES256?.pem ?? '' } });

  test('of a client with key and secret it takes what is supported', async () => {
    withMethods(['client_secret_post']);
    expect((await sentFor(both()))?.form).toMatchObject({ client_id: 'c', client_secret: 'secret' });
    withMethods(['client_secret_basic', 'client_secret_post']);
    expect((await sentFor(both()))?.authorization).toBe(`Basic ${btoa('c:secret')}`);
    withMethods(['private_key_jwt', 'client_secret_basic']);
    expect((await sentFor(both()))?.form).toMatchObject({
      client_id: 'c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    withMethods(undefined);
    expect((await sentFor({ clientSecret: 'secret' }))?.authorization).toBe(`Basic ${btoa('c:secret')}`);
  });

  test('an assertion is for the token endpoint, valid for a minute, and used once', async () => {
    withMethods(['private_key_jwt']);
    const assertions = [await sentFor(both()), await sentFor(both())].map((sent) =>
      decodeJwt(sent?.form.client_assertion ?? ''),
    );
    const [one, other] = assertions;
    expect(one).toMatchObject({ iss: 'c', sub: 'c', aud: `${provider.issuer}/stub` });
    expect((one?.exp ?? 0) - (one?.iat ?? 0)).toBeLessThanOrEqual(60);
    expect(one?.jti).not.toBe(other?.jti);
  });

  test('tls_client_auth states the client id, at the endpoint for certificates, with the extra parameters', async () => {
    withMethods(['tls_client_auth']);
    const sent = await sentFor({ clientAuth: 'tls_client_auth', parameters: { audience: 'api', tenant: 'a b' } });
    expect(sent).toEqual({
      path: '/mtls',
      authorization: undefined,
      form: { client_id: 'c', grant_type: 'client_credentials', audience: 'api', tenant: 'a b' },
    });
  });
});
