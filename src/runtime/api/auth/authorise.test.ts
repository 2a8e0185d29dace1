import { describe, expect, test } from 'vitest';
import type { AuthRequirement, AuthScheme } from '../../../model/index.ts';
import type { CallError } from '../../call-error.ts';
import { type BuiltRequest, requestUrl } from '../http.ts';
import { type AuthoriserOptions, createAuthoriser } from './authorise.ts';
import { NOBODY_CONNECTS } from './connecting.test.fixture.ts';
import type { Credentials } from './credentials.ts';
import { describeCredentials } from './satisfied.ts';

const AUTH: Readonly<Record<string, AuthScheme>> = {
  head: { kind: 'apiKey', in: 'header', name: 'X-Key' },
  query: { kind: 'apiKey', in: 'query', name: 'api key' },
  cookie: { kind: 'apiKey', in: 'cookie', name: 'SID' },
  basic: { kind: 'basic' },
  bearer: { kind: 'bearer' },
  oauth: { kind: 'oauth2' },
  digest: { kind: 'otherHttp', scheme: 'digest' },
  mtls: { kind: 'mutualTls' },
};
const ALL: Credentials = {
  head: { kind: 'apiKey', value: 'h' },
  query: { kind: 'apiKey', value: "k&y=1'" },
  cookie: { kind: 'apiKey', value: 'a;b, c%20' },
  basic: { kind: 'basic', username: 'üser', password: 'p:ä' },
  bearer: { kind: 'bearer', token: 't' },
};
const only = (...names: string[]): Credentials =>
  Object.fromEntries(Object.entries(ALL).filter(([name]) => names.includes(name)));

const needs = (...schemes: string[]): AuthRequirement => ({
  schemes: schemes.map((scheme) => ({ scheme, scopes: [] })),
});

const options = (rest: Partial<AuthoriserOptions>): AuthoriserOptions => ({
  auth: AUTH,
  credentials: {},
  headers: [],
  hasClientCertificate: false,
  credentialOrigins: undefined,
  allowedOrigins: ['https://api.test'],
  allowPrivate: true,
  send: () => Promise.reject(new Error('nothing is sent here')),
  now: Date.now,
  timeoutMs: 1000,
  connecting: NOBODY_CONNECTS,
  ...rest,
});
const REQUEST: BuiltRequest = {
  method: 'GET',
  target: 'https://api.test/v1/a',
  query: ['q=1'],
  headers: [['Accept', '*/*']],
  cookies: ['theme=dark'],
};
const authorise = (auth: readonly AuthRequirement[], rest: Partial<AuthoriserOptions>, request = REQUEST) =>
  createAuthoriser(options(rest)).authorise({ auth }, request, { signal: new AbortController().signal });

describe('each kind of credential', () => {
  test.each<[string, Partial<BuiltRequest>]>([
    [
      'head',
      {
        headers: [
          ['Accept', '*/*'],
          ['X-Key', 'h'],
        ],
      },
    ],
    ['query', { query: ['q=1', 'api%20key=k%26y%3D1%27'] }],
    ['cookie', { cookies: ['theme=dark', 'SID=a%3Bb%2C%20c%20'] }],
    // RFC 7617 §2.1: UTF-8
    [
      'basic',
      {
        headers: [
          ['Accept', '*/*'],
          ['Authorization', 'Basic w7xzZXI6cDrDpA=='],
        ],
      },
    ],
    [
      'bearer',
      {
        headers: [
          ['Accept', '*/*'],
          ['Authorization', 'Bearer t'],
        ],
      },
    ],
  ])('%s', async (scheme, want) => {
    const { request } = await authorise([needs(scheme)], { credentials: ALL });
    expect(request).toEqual({ ...REQUEST, ...want });
  });

  test('a ready token serves oauth2', async () => {
    const { request } = await authorise([needs('oauth')], { credentials: { oauth: { kind: 'bearer', token: 'o' } } });
    expect(request.headers).toContainEqual(['Authorization', 'Bearer o']);
  });

  test('a parameter of the same name gives way', async () => {
    const given: BuiltRequest = {
      ...REQUEST,
      query: ['api%20key=mine', 'q=1'],
      headers: [['x-key', 'mine']],
      cookies: ['SID=mine', 'SIDE=x'],
    };
    const { request } = await authorise([needs('head', 'query', 'cookie')], { credentials: ALL }, given);
    expect(request).toMatchObject({
      query: ['q=1', 'api%20key=k%26y%3D1%27'],
      headers: [['X-Key', 'h']],
      cookies: ['SIDE=x', 'SID=a%3Bb%2C%20c%20'],
    });
  });

  test('the query pair that contains a credential is returned', async () => {
    const { secretQuery } = await authorise([needs('query')], { credentials: ALL });
    expect(secretQuery).toEqual(['api%20key=k%26y%3D1%27']);
  });
});

describe('of several requirements', () => {
  const sent = async (auth: readonly AuthRequirement[], rest: Partial<AuthoriserOptions>) => {
    const { request } = await authorise(auth, rest);
    const { headers, cookies } = request;
    return [...headers.map(([name]) => name), requestUrl(request).includes('api%20key') ? 'query' : '', ...cookies]
      .filter((name) => !['Accept', '', 'theme=dark'].includes(name))
      .map((name) => name.split('=')[0]);
  };

  test.each<[string, AuthRequirement[], string[], string[]]>([
    ['the first', [needs('head'), needs('bearer')], ['head', 'bearer'], ['X-Key']],
    ['the first that can be satisfied', [needs('head'), needs('bearer')], ['bearer'], ['Authorization']],
    ['all schemes of one', [needs('head', 'query', 'cookie')], ['head', 'query', 'cookie'], ['X-Key', 'query', 'SID']],
    ['none that lacks a part', [needs('head', 'bearer'), needs('query')], ['head', 'query'], ['query']],
    ['one before the empty one', [needs(), needs('head')], ['head'], ['X-Key']],
    ['the empty one where no other will do', [needs('head'), needs()], [], []],
    ['none where none is listed', [], ['head', 'bearer'], []],
  ])('%s is used', async (_, auth, given, want) => {
    expect(await sent(auth, { credentials: only(...given) })).toEqual(want);
  });
});

describe('a header of the user’s own', () => {
  test.each(['basic', 'bearer', 'oauth', 'digest'])(
    'named Authorization satisfies %s, and is not replaced',
    async (scheme) => {
      const headers = [['authorization', 'Custom x']] as const;
      const { request } = await authorise([needs(scheme)], { headers, credentials: ALL });
      expect(request.headers).toEqual([
        ['Accept', '*/*'],
        ['authorization', 'Custom x'],
      ]);
    },
  );

  test('satisfies the key of the same name', async () => {
    const { request } = await authorise([needs('head')], { headers: [['x-key', 'mine']], credentials: ALL });
    expect(request.headers).toEqual([
      ['Accept', '*/*'],
      ['x-key', 'mine'],
    ]);
  });

  test('does not satisfy another key', async () => {
    await expect(authorise([needs('query')], { headers: [['api key', 'x']] })).rejects.toMatchObject({
      code: 'MISSING_CREDENTIAL',
    });
  });

  test('is sent if no credential is required, and replaces one of the request', async () => {
    const { request } = await authorise([], {
      headers: [
        ['X-Tenant', 'a'],
        ['accept', 'text/x'],
      ],
    });
    expect(request.headers).toEqual([
      ['X-Tenant', 'a'],
      ['accept', 'text/x'],
    ]);
  });
});

test('a client certificate satisfies mutual TLS', async () => {
  expect((await authorise([needs('mtls')], { hasClientCertificate: true })).request).toEqual(REQUEST);
  await expect(authorise([needs('mtls')], {})).rejects.toMatchObject({ code: 'MISSING_CREDENTIAL' });
});

describe('a missing credential', () => {
  const message = (auth: readonly AuthRequirement[], rest: Partial<AuthoriserOptions> = {}) =>
    authorise(auth, rest).then(
      () => undefined,
      (error: CallError) => [error.code, error.message],
    );

  test.each<[AuthRequirement[], Partial<AuthoriserOptions>, string]>([
    [[needs('head')], {}, 'Needs an API key in header X-Key for "head" (set API_KEY_HEAD).'],
    [[needs('head')], { prefix: 'SHOP' }, 'Needs an API key in header X-Key for "head" (set SHOP_API_KEY_HEAD).'],
    [
      [needs('head'), needs('basic')],
      {},
      'Needs one of: an API key in header X-Key for "head" (set API_KEY_HEAD); or a user name and password for "basic" (set BASIC_USERNAME_BASIC and BASIC_PASSWORD_BASIC).',
    ],
    [
      [needs('head', 'bearer', 'query')],
      { credentials: only('head') },
      'Needs a bearer token for "bearer" (set BEARER_TOKEN_BEARER) and an API key in query api key for "query" (set API_KEY_QUERY).',
    ],
    [[needs('mtls')], {}, 'Needs a client certificate for "mtls" (pass --cert and --key).'],
    [
      [needs('digest')],
      {},
      'Needs a digest authorization for "digest" (give --header \'Authorization: …\', or an auth handler).',
    ],
    [[needs('ghost')], {}, 'Needs "ghost", which the document does not define.'],
  ])('%j with %j', async (auth, rest, want) => {
    expect(await message(auth, rest)).toEqual(['MISSING_CREDENTIAL', want]);
  });

  test('names both ways to an OAuth token', async () => {
    const auth = { o: { kind: 'oauth2', clientCredentials: { tokenUrl: 'https://t.test', scopes: [] } } } as const;
    expect((await message([needs('o')], { auth }))?.[1]).toContain(
      'set BEARER_TOKEN_O, or OAUTH_CLIENT_ID_O and OAUTH_CLIENT_SECRET_O, or OAUTH_CLIENT_ID_O and OAUTH_PRIVATE_KEY_O)',
    );
  });

  test('is the certificate of a client that authenticates by it', async () => {
    const auth = { o: { kind: 'oauth2', clientCredentials: { tokenUrl: 'https://t.test', scopes: [] } } } as const;
    const credentials = { o: { kind: 'clientCredentials', clientId: 'i', clientAuth: 'tls_client_auth' } } as const;
    expect((await message([needs('o')], { auth, credentials }))?.[1]).toContain('(pass --cert and --key)');
  });

  test('is known before a call', () => {
    const { missing } = createAuthoriser(options({ credentials: only('head') }));
    expect(missing([needs('head')])).toBeUndefined();
    expect(missing([])).toBeUndefined();
    expect(missing([needs('bearer'), needs()])).toBeUndefined();
    expect(missing([needs('bearer')])).toEqual(['a bearer token for "bearer" (set BEARER_TOKEN_BEARER)']);
  });
});

test.each(['https://evil.test/v1', 'http://api.test/v1', 'https://api.test:8443/v1', 'https://api.test.evil.test/'])(
  'no credential goes to %s, another origin than the API’s',
  async (target) => {
    const call = authorise([], { headers: [['X-Secret', 's']] }, { ...REQUEST, target });
    await expect(call).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
  },
);

test('describeCredentials lists what was found, without values', () => {
  const { auth, credentials, headers, hasClientCertificate } = options({ credentials: only('head', 'basic') });
  expect(describeCredentials({ auth, credentials, headers, hasClientCertificate, prefix: 'P' })).toEqual([
    {
      scheme: 'head',
      kind: 'API key in header X-Key',
      variables: ['P_API_KEY_HEAD'],
      alternatives: [['P_API_KEY_HEAD']],
      found: true,
      set: ['P_API_KEY_HEAD'],
    },
    {
      scheme: 'query',
      kind: 'API key in query api key',
      variables: ['P_API_KEY_QUERY'],
      alternatives: [['P_API_KEY_QUERY']],
      found: false,
      set: [],
    },
    {
      scheme: 'cookie',
      kind: 'API key in cookie SID',
      variables: ['P_API_KEY_COOKIE'],
      alternatives: [['P_API_KEY_COOKIE']],
      found: false,
      set: [],
    },
    {
      scheme: 'basic',
      kind: 'user name and password',
      variables: ['P_BASIC_USERNAME_BASIC', 'P_BASIC_PASSWORD_BASIC'],
      alternatives: [['P_BASIC_USERNAME_BASIC', 'P_BASIC_PASSWORD_BASIC']],
      found: true,
      set: ['P_BASIC_USERNAME_BASIC', 'P_BASIC_PASSWORD_BASIC'],
    },
    {
      scheme: 'bearer',
      kind: 'bearer token',
      variables: ['P_BEARER_TOKEN_BEARER'],
      alternatives: [['P_BEARER_TOKEN_BEARER']],
      found: false,
      set: [],
    },
    {
      scheme: 'oauth',
      kind: 'OAuth 2.0 token',
      variables: ['P_BEARER_TOKEN_OAUTH'],
      alternatives: [['P_BEARER_TOKEN_OAUTH']],
      found: false,
      set: [],
    },
    { scheme: 'digest', kind: 'digest authorization', variables: [], alternatives: [], found: false, set: [] },
    { scheme: 'mtls', kind: 'client certificate', variables: [], alternatives: [], found: false, set: [] },
  ]);
});
