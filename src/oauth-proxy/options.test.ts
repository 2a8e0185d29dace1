import { describe, expect, test } from 'vitest';
import { createOAuthProxy, memoryStore, OAuthProxyOptionError, type OAuthProxyOptions } from './index.ts';
import { settle } from './options.ts';

const options: OAuthProxyOptions = {
  baseUrl: 'https://mcp.example.com',
  resource: 'https://mcp.example.com/mcp',
  upstream: {
    authorizationEndpoint: 'https://idp.example/authorize',
    tokenEndpoint: 'https://idp.example/token',
    clientId: 'the-proxy',
    clientSecret: 'secret',
    scopes: ['openid', 'email', 'read'],
  },
  verifier: { authorizationServers: [], claims: () => true, verify: () => Promise.reject(new Error('unused')) },
  store: memoryStore(),
  secret: 'x'.repeat(32),
  onError: () => {},
};

test('defaults: Basic, PKCE, the scopes of the upstream without those of OpenID Connect', () => {
  const { upstream, scopesSupported, callbackUrl, secure } = settle(options);
  expect(upstream).toMatchObject({ clientAuthentication: 'basic', pkce: true });
  expect(scopesSupported).toEqual(['read']);
  expect(callbackUrl).toBe('https://mcp.example.com/auth/callback');
  expect(secure).toBe(true);
  const { clientSecret: _, ...open } = options.upstream;
  expect(settle({ ...options, upstream: open }).upstream.clientAuthentication).toBe('none');
  expect(settle({ ...options, baseUrl: 'http://localhost:8000/' }).issuer).toBe('http://localhost:8000');
});

describe('an invalid option is named', () => {
  const upstream = (change: Partial<OAuthProxyOptions['upstream']>) => ({
    upstream: { ...options.upstream, ...change },
  });
  test.each<[string, Partial<OAuthProxyOptions>]>([
    ['baseUrl: is not an absolute URL.', { baseUrl: 'mcp.example.com' }],
    ['baseUrl: must be https, or http on a loopback address.', { baseUrl: 'http://mcp.example.com' }],
    ['baseUrl: has a query or fragment.', { baseUrl: 'https://mcp.example.com/?a' }],
    ['baseUrl: contains a user name.', { baseUrl: 'https://a@mcp.example.com' }],
    ['resource: has a fragment.', { resource: 'https://mcp.example.com/mcp#a' }],
    [
      'upstream.tokenEndpoint: must be https, or http on a loopback address.',
      upstream({ tokenEndpoint: 'http://a.example' }),
    ],
    ['upstream.clientId: is empty.', upstream({ clientId: '' })],
    ['upstream.clientSecret: is empty: pass the secret, or leave it out.', upstream({ clientSecret: '' })],
    [
      'upstream.authorizeParameters.state: is set by the proxy: leave it out.',
      upstream({ authorizeParameters: { state: 'x' } }),
    ],
    ['upstream.tokenParameters.code: is set by the proxy: leave it out.', upstream({ tokenParameters: { code: 'x' } })],
    ['secret: has 5 characters, at least 32 are required. Create one: openssl rand -base64 32.', { secret: 'short' }],
    [
      'secret: has 16 bytes, at least 32 are required. Create one: openssl rand -base64 32.',
      { secret: new Uint8Array(16) },
    ],
    [
      'allowedRedirectUris: "https://*.example/cb" has * in its host; * is only valid in the path, or as a loopback port.',
      { allowedRedirectUris: ['https://*.example/cb'] },
    ],
  ])('%s', (message, change) => {
    expect(() => createOAuthProxy({ ...options, ...change })).toThrow(new OAuthProxyOptionError(message));
  });

  test('a secret is required for client_secret_post', () => {
    const { clientSecret: _, ...open } = options.upstream;
    expect(() => settle({ ...options, upstream: { ...open, clientAuthentication: 'post' } })).toThrow(
      'upstream.clientSecret: is required for clientAuthentication "post".',
    );
  });
});
