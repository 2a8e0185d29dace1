import { describe, expect, test } from 'vitest';
import { jwtVerifier } from '../jwt-verifier.ts';
import { startTokenIssuer } from '../token-issuer.test.fixture.ts';
import { AUTH_PRESETS } from './index.ts';
import type { AuthPreset } from './preset.ts';
import { resolvePreset } from './resolve-preset.ts';

const written = ({ name, account }: AuthPreset) => (account ? `${name}:${account.example}` : name);

describe.each(AUTH_PRESETS)('$title', (preset) => {
  test('has a complete set of https URLs for its example account', () => {
    const resolved = resolvePreset(written(preset), { clientId: 'our-id' });
    const text = JSON.stringify(resolved);
    expect(text).not.toMatch(/\{(?:account|clientId)/);
    const { issuer, tokens, upstream } = resolved;
    const urls = [
      issuer,
      tokens.kind === 'opaque' ? tokens.info.url : (tokens.jwksUri ?? issuer),
      ...(upstream ? [upstream.authorizationEndpoint, upstream.tokenEndpoint] : []),
    ];
    for (const url of urls) expect(new URL(url).protocol).toBe('https:');
  });

  test('says what to do about registration', () => {
    expect(preset.notes.length).toBeGreaterThan(0);
  });
});

test.each([
  ['https://login.example.com/realms/a', 'https://login.example.com/realms/a'],
  ['oidc:https://login.example.com/', 'https://login.example.com/'],
  ['auth0:acme.eu.auth0.com', 'https://acme.eu.auth0.com/'],
  ['auth0:acme.eu.auth0.com/', 'https://acme.eu.auth0.com/'],
  ['keycloak:https://id.example.com/realms/main', 'https://id.example.com/realms/main'],
  ['cognito:eu-central-1/eu-central-1_Ab', 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab'],
  ['supabase:https://a.supabase.co', 'https://a.supabase.co/auth/v1'],
  ['okta:acme.okta.com/oauth2/aus1', 'https://acme.okta.com/oauth2/aus1'],
])('%s has the issuer %s', (provider, issuer) => {
  expect(resolvePreset(provider).issuer).toBe(issuer);
});

test.each([
  ['github:acme', 'The preset "github" takes nothing after its name'],
  ['okta', 'Okta needs the host and the id of a custom authorization server after its name'],
  ['auth0:a b', '"a b" is not the domain of the tenant.'],
  ['kecloak:https://x', 'Did you mean "keycloak"?'],
])('%s is refused: %s', (provider, message) => {
  expect(() => resolvePreset(provider)).toThrow(message);
});

/** Tokens as the providers issue them, and others of the same provider that must not be accepted. */
const SHAPES: readonly {
  readonly preset: string;
  readonly audience: string;
  readonly good: Readonly<Record<string, unknown>>;
  readonly scopes: readonly string[];
  readonly bad: readonly Readonly<Record<string, unknown>>[];
}[] = [
  {
    preset: 'entra:tenant',
    audience: 'our-id',
    good: { aud: 'our-id', scp: 'read write', scope: undefined, roles: ['admin'], azp: 'client' },
    scopes: ['read', 'write', 'admin'],
    // The second one is an ID token of somebody with an app role.
    bad: [
      { aud: 'our-id', scope: undefined },
      { aud: 'our-id', scope: undefined, roles: ['admin'], preferred_username: 'ada@example.com' },
    ],
  },
  {
    preset: 'cognito:r/p',
    audience: 'our-id',
    good: { aud: undefined, client_id: 'our-id', token_use: 'access', scope: 'api/read', 'cognito:groups': ['ops'] },
    scopes: ['api/read', 'ops'],
    bad: [
      { aud: undefined, client_id: 'other', token_use: 'access' },
      { aud: 'our-id', client_id: 'our-id', token_use: 'id' },
      { aud: undefined, client_id: 'our-id' },
    ],
  },
  {
    preset: 'keycloak:https://id.example.com/realms/main',
    audience: 'https://mcp.example.com/mcp',
    good: {
      aud: ['account', 'https://mcp.example.com/mcp'],
      typ: 'Bearer',
      realm_access: { roles: ['ops'] },
      scope: 'read',
    },
    scopes: ['read', 'ops'],
    bad: [{ aud: 'https://mcp.example.com/mcp', typ: 'ID' }, { aud: 'account' }],
  },
  {
    preset: 'auth0:acme.auth0.com',
    audience: 'https://mcp.example.com/mcp',
    good: {
      aud: ['https://mcp.example.com/mcp', 'https://acme.auth0.com/userinfo'],
      permissions: ['write'],
      scope: 'read',
    },
    scopes: ['read', 'write'],
    bad: [{ aud: 'https://acme.auth0.com/userinfo' }],
  },
  {
    preset: 'okta:acme.okta.com/oauth2/a',
    audience: 'https://mcp.example.com/mcp',
    good: { aud: 'https://mcp.example.com/mcp', scope: undefined, scp: ['read'] },
    scopes: ['read'],
    bad: [{ aud: 'api://default' }],
  },
  {
    preset: 'supabase:https://a.supabase.co',
    audience: 'authenticated',
    good: { aud: 'authenticated', client_id: 'c', scope: 'email' },
    scopes: ['email'],
    bad: [{ aud: 'authenticated', client_id: undefined }],
  },
];

test.each(SHAPES)('tokens of $preset', async ({ preset, audience, good, scopes, bad }) => {
  const issuer = await startTokenIssuer({ audience });
  const { tokens } = resolvePreset(preset);
  if (tokens.kind !== 'jwt') throw new Error('not JWTs');
  const { kind: _, jwksUri: __, audience: ___, ...rules } = tokens;
  const verifier = jwtVerifier({ ...rules, issuer: issuer.issuer, jwksUri: issuer.jwksUri, audience: [audience] });
  expect((await verifier.verify(await issuer.token(good))).scopes).toEqual(scopes);
  for (const claims of bad) await expect(verifier.verify(await issuer.token(claims))).rejects.toThrow();
  await issuer.close();
});
