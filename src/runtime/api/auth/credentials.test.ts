import { describe, expect, test } from 'vitest';
import type { AuthScheme } from '../../../model/index.ts';
import { credentialsFromEnvironment, credentialVariables } from './credentials.ts';

const apiKey: AuthScheme = { kind: 'apiKey', in: 'header', name: 'X-Key' };
const basic: AuthScheme = { kind: 'basic' };
const bearer: AuthScheme = { kind: 'bearer' };
const oauth: AuthScheme = { kind: 'oauth2', clientCredentials: { tokenUrl: 'https://t.test', scopes: [] } };
const implicit: AuthScheme = { kind: 'oauth2' };
const oidc: AuthScheme = { kind: 'openIdConnect', discoveryUrl: 'https://t.test' };

const metadata: AuthScheme = { kind: 'oauth2', metadataUrl: 'https://t.test/.well-known/oauth-authorization-server' };

const optional = (scheme: string, prefix = '') =>
  [
    'SCOPES',
    'CLIENT_AUTH',
    'KEY_ID',
    'ALGORITHM',
    'ASSERTION_AUDIENCE',
    'AUDIENCE',
    'RESOURCE',
    'TOKEN_PARAMETERS',
  ].map((kind) => `${prefix}OAUTH_${kind}_${scheme}`);
/** The text decides what it is; nothing here signs. */
const PEM = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
const JWK = '{"kty":"OKP","crv":"Ed25519","x":"eA","d":"sec","kid":"k1"}';

describe('credentialVariables', () => {
  test.each<[string, AuthScheme, string | undefined, object]>([
    ['api_key', apiKey, undefined, { alternatives: [['API_KEY_API_KEY']], optional: [] }],
    ['petstore.auth-2', bearer, undefined, { alternatives: [['BEARER_TOKEN_PETSTORE_AUTH_2']], optional: [] }],
    ['b', basic, 'SHOP', { alternatives: [['SHOP_BASIC_USERNAME_B', 'SHOP_BASIC_PASSWORD_B']], optional: [] }],
    [
      'o',
      oauth,
      undefined,
      {
        alternatives: [
          ['BEARER_TOKEN_O'],
          ['OAUTH_CLIENT_ID_O', 'OAUTH_CLIENT_SECRET_O'],
          ['OAUTH_CLIENT_ID_O', 'OAUTH_PRIVATE_KEY_O'],
        ],
        optional: optional('O'),
      },
    ],
    ['o', implicit, undefined, { alternatives: [['BEARER_TOKEN_O']], optional: [] }],
    [
      'o',
      oidc,
      'A',
      {
        alternatives: [
          ['A_BEARER_TOKEN_O'],
          ['A_OAUTH_CLIENT_ID_O', 'A_OAUTH_CLIENT_SECRET_O'],
          ['A_OAUTH_CLIENT_ID_O', 'A_OAUTH_PRIVATE_KEY_O'],
        ],
        optional: optional('O', 'A_'),
      },
    ],
    ['m', { kind: 'mutualTls' }, undefined, { alternatives: [], optional: [] }],
    ['d', { kind: 'otherHttp', scheme: 'digest' }, undefined, { alternatives: [], optional: [] }],
  ])('%s, %j, %s', (name, scheme, prefix, want) => {
    expect(credentialVariables(name, scheme, prefix)).toEqual(want);
  });
});

describe('credentialsFromEnvironment', () => {
  test.each<[AuthScheme, Record<string, string>, object | undefined]>([
    [apiKey, { API_KEY_S: 'k' }, { kind: 'apiKey', value: 'k' }],
    [apiKey, { API_KEY_S: '' }, undefined],
    [apiKey, { API_KEY_S: ' \t' }, undefined],
    [apiKey, { BEARER_TOKEN_S: 'k' }, undefined],
    [bearer, { BEARER_TOKEN_S: 't' }, { kind: 'bearer', token: 't' }],
    [oauth, { BEARER_TOKEN_S: 't' }, { kind: 'bearer', token: 't' }],
    [oidc, { BEARER_TOKEN_S: 't' }, { kind: 'bearer', token: 't' }],
    [implicit, { BEARER_TOKEN_S: 't' }, { kind: 'bearer', token: 't' }],
    [implicit, { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 's' }, undefined],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 's' },
      { kind: 'clientCredentials', clientId: 'i', clientSecret: 's' },
    ],
    [
      oidc,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 's', OAUTH_SCOPES_S: ' a  b:c ' },
      { kind: 'clientCredentials', clientId: 'i', clientSecret: 's', scopes: ['a', 'b:c'] },
    ],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 's', BEARER_TOKEN_S: 't' },
      { kind: 'bearer', token: 't' },
    ],
    [
      oauth,
      {
        OAUTH_CLIENT_ID_S: 'i',
        OAUTH_PRIVATE_KEY_S: PEM,
        OAUTH_AUDIENCE_S: 'api',
        OAUTH_TOKEN_PARAMETERS_S: 'a=b&c=d+e',
      },
      {
        kind: 'clientCredentials',
        clientId: 'i',
        privateKey: { text: PEM },
        parameters: { a: 'b', c: 'd e', audience: 'api' },
      },
    ],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_PRIVATE_KEY_S: PEM.replaceAll('\n', '\\n'), OAUTH_KEY_ID_S: 'k' },
      { kind: 'clientCredentials', clientId: 'i', privateKey: { text: PEM, keyId: 'k' } },
    ],
    [
      metadata,
      {
        OAUTH_CLIENT_ID_S: 'i',
        OAUTH_PRIVATE_KEY_S: JWK,
        OAUTH_ALGORITHM_S: 'EdDSA',
        OAUTH_ASSERTION_AUDIENCE_S: 'https://t.test',
        OAUTH_RESOURCE_S: 'https://api.test',
      },
      {
        kind: 'clientCredentials',
        clientId: 'i',
        privateKey: { text: JWK, algorithm: 'EdDSA', audience: 'https://t.test' },
        parameters: { resource: 'https://api.test' },
      },
    ],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_AUTH_S: 'tls_client_auth' },
      { kind: 'clientCredentials', clientId: 'i', clientAuth: 'tls_client_auth' },
    ],
    [oauth, { OAUTH_CLIENT_ID_S: 'i' }, undefined],
    [oauth, { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: ' ' }, undefined],
    [basic, { BASIC_USERNAME_S: 'u', BASIC_PASSWORD_S: 'p' }, { kind: 'basic', username: 'u', password: 'p' }],
    [basic, { BASIC_USERNAME_S: 'key', BASIC_PASSWORD_S: '' }, { kind: 'basic', username: 'key', password: '' }],
    [basic, { BASIC_USERNAME_S: '', BASIC_PASSWORD_S: 'p' }, { kind: 'basic', username: '', password: 'p' }],
    [basic, { BASIC_USERNAME_S: 'u' }, undefined],
    [basic, { BASIC_USERNAME_S: '', BASIC_PASSWORD_S: ' ' }, undefined],
    [{ kind: 'mutualTls' }, {}, undefined],
  ])('%j from %j: %j', (scheme, env, want) => {
    expect(credentialsFromEnvironment({ s: scheme }, env)).toEqual(want === undefined ? {} : { s: want });
  });

  test('with a prefix reads the prefixed variables only', () => {
    const env = { API_KEY_S: 'wrong', SHOP_API_KEY_S: 'right' };
    expect(credentialsFromEnvironment({ s: apiKey }, env, 'SHOP')).toEqual({ s: { kind: 'apiKey', value: 'right' } });
  });

  test.each<[AuthScheme, Record<string, string>, string]>([
    [apiKey, { API_KEY_S: 'sec\nret' }, 'API_KEY_S'],
    [bearer, { BEARER_TOKEN_S: 'secret\r' }, 'BEARER_TOKEN_S'],
    [bearer, { BEARER_TOKEN_S: 'secret\0' }, 'BEARER_TOKEN_S'],
    [bearer, { BEARER_TOKEN_S: 'secret→' }, 'BEARER_TOKEN_S'],
    [apiKey, { API_KEY_S: 'secret→' }, 'API_KEY_S'],
    [oauth, { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 'secret\n' }, 'OAUTH_CLIENT_SECRET_S'],
    [basic, { BASIC_USERNAME_S: 'sec:ret', BASIC_PASSWORD_S: 'p' }, 'BASIC_USERNAME_S'],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 'planted', OAUTH_CLIENT_AUTH_S: 'post' },
      'OAUTH_CLIENT_AUTH_S',
    ],
    [oauth, { OAUTH_CLIENT_ID_S: 'i', OAUTH_PRIVATE_KEY_S: 'sec' }, 'neither PEM (PKCS #8) nor a private JWK'],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_PRIVATE_KEY_S: '-----BEGIN RSA PRIVATE KEY-----\nsec' },
      'openssl pkcs8 -topk8 -nocrypt',
    ],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 'sec', OAUTH_CLIENT_AUTH_S: 'private_key_jwt' },
      'has no private key',
    ],
    [
      oauth,
      { OAUTH_CLIENT_ID_S: 'i', OAUTH_CLIENT_SECRET_S: 'sec', OAUTH_TOKEN_PARAMETERS_S: 'grant_type=password' },
      '"grant_type"',
    ],
  ])('%j: a value that cannot be sent (%j) is an error that names the variable alone', (scheme, env, variable) => {
    const read = () => credentialsFromEnvironment({ s: scheme }, env);
    expect(read).toThrow(variable);
    expect(read).not.toThrow(/\bsec(?:ret)?\b|planted/);
  });

  test('a key for a query or a cookie may contain any character', () => {
    const query: AuthScheme = { kind: 'apiKey', in: 'query', name: 'k' };
    expect(credentialsFromEnvironment({ s: query }, { API_KEY_S: '→' })).toEqual({ s: { kind: 'apiKey', value: '→' } });
  });
});
