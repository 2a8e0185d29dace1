import {
  either,
  func,
  listOf,
  number,
  type OptionKind,
  pattern,
  recordOf,
  required,
  shape,
  text,
  texts,
  withMethods,
} from '../../options/option-kinds.ts';
import { SCOPE_RULES } from '../../transforms/scope-rules.ts';
import type {
  AuthOptions,
  BrowserLoginOptions,
  IntrospectionOptions,
  JwtOptions,
  ProviderAuth,
  StaticKey,
  VerifierOptions,
} from './auth-options.ts';

const audience = either('a string, or a list of strings', text, texts);
const url = pattern('a URL such as https://login.example.com', /^https?:\/\//);

const PROVIDER_KINDS = {
  provider: text,
  audience,
  clientId: text,
  clientSecret: text,
} satisfies { readonly [Name in keyof ProviderAuth]: OptionKind };

const STATIC_KEY = shape<StaticKey>(
  { name: required(text), key: required(text), scopes: texts },
  { expected: 'a key such as { name: "ci", key: process.env.CI_KEY, scopes: ["read"] }' },
);

const VERIFIER = either(
  'a verifier such as { provider: "https://login.example.com" }',
  withMethods('a token verifier', 'claims', 'verify'),
  shape<VerifierOptions>({
    ...PROVIDER_KINDS,
    jwt: shape<JwtOptions>({ issuer: required(url), jwksUri: required(url), audience, algorithms: texts }),
    introspection: shape<IntrospectionOptions>({
      url: required(url),
      issuer: url,
      clientId: required(text),
      clientSecret: required(text),
      audience,
    }),
  }),
);

/** The option `auth` of every way to serve over HTTP. */
export const AUTH_KIND = shape<AuthOptions>(
  {
    ...PROVIDER_KINDS,
    publicUrl: url,
    requiredScopes: texts,
    allow: recordOf('values by claim', texts),
    scopesSupported: texts,
    verifiers: listOf('verifiers', VERIFIER),
    keys: listOf('keys', STATIC_KEY),
    scopes: SCOPE_RULES,
    login: shape<BrowserLoginOptions>({ clientId: text, clientSecret: text, scopes: texts }),
    proxy: withMethods('createOAuthProxy()', 'claims', 'verify', 'handler'),
    cacheSeconds: number({ min: 0, max: 3_600 }),
    clockTolerance: number({ min: 0, max: 300 }),
    fetch: func,
  },
  {
    expected: 'an object such as { provider: "https://login.example.com" }',
    hints: {
      issuer: 'Write "provider", with the issuer URL.',
      preset: 'Write "provider", with the name of the preset.',
      resource: 'Write "publicUrl".',
      apiKeys: 'Write "keys".',
      scope: 'Write "requiredScopes", or "scopes" for rules.',
    },
  },
);
