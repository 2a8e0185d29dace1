import { describe, expect, test } from 'vitest';
import type { ApiModel, Operation, ServerChoice } from '../../../model/index.ts';
import {
  isPrivateUrl,
  mayReachPrivate,
  operationServerUrl,
  serverOrigins,
  serverUrl,
  tokenOrigins,
  unknownVariables,
} from './server-url.ts';

const server = (url: string, rest: Partial<ServerChoice> = {}): ServerChoice => ({ url, variables: {}, ...rest });
const NOTHING = { variables: {} };

describe('serverUrl', () => {
  test.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/', 'https://api.example.com/v1'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com', 'https://api.example.com'],
    ['HTTP://API.example.com:80/A', 'http://api.example.com/A'],
    ['http://127.0.0.1:8080/a%20b', 'http://127.0.0.1:8080/a%20b'],
    ['https://h/a%2Fb/%7Bx%7D', 'https://h/a%2Fb/%7Bx%7D'],
    ['https://h/ä b', 'https://h/%C3%A4%20b'],
    ['https://h/a#b', 'https://h/a'],
  ])('%s → %s', (url, want) => {
    expect(serverUrl({ ...NOTHING, servers: [server(url)] })).toEqual({ url: want });
  });

  // RFC 3986 §5.2
  test.each([
    ['/api/v3', 'https://h:8443/api/v3'],
    ['./v4', 'https://h:8443/docs/v4'],
    ['../v6', 'https://h:8443/v6'],
    ['v5', 'https://h:8443/docs/v5'],
    ['v5/', 'https://h:8443/docs/v5'],
    ['.', 'https://h:8443/docs'],
    ['/', 'https://h:8443'],
    ['', 'https://h:8443/docs/openapi.json'],
    ['//other/x', 'https://other/x'],
    ['/a%20b', 'https://h:8443/a%20b'],
    ['https://absolute/x', 'https://absolute/x'],
  ])('%s, in a document from https://h:8443/docs/openapi.json → %s', (url, want) => {
    const documentUrl = 'https://h:8443/docs/openapi.json';
    expect(serverUrl({ ...NOTHING, servers: [server(url)], documentUrl })).toEqual({ url: want });
  });

  test.each([
    ['/api', 'relative'],
    ['api.example.com/v1', 'relative'],
    ['ftp://h/x', 'not an http or https URL'],
    ['localhost:3000/v1', 'not an http or https URL'],
    ['https://', 'not a URL'],
    ['https://h/api?key=1', 'has a query'],
  ])('%s is a problem: %s', (url, problem) => {
    const result = serverUrl({ ...NOTHING, servers: [server(url)] });
    expect(result).toEqual({ problem: expect.stringContaining(problem) });
    expect(result).toEqual({ problem: expect.stringContaining('--base-url') });
  });

  test('a password in a URL is a problem that does not repeat it', () => {
    expect(serverUrl({ ...NOTHING, servers: [server('https://me:secret@h/x')] })).toEqual({
      problem: 'The server at h has a user name or password in its URL. Pass them as credentials.',
    });
  });
});

describe('variables', () => {
  const servers = [
    server('https://{region}.h/{v}/{region}', {
      variables: { region: { default: 'eu', enum: ['eu', 'us'] }, v: { default: 'v1' } },
    }),
  ];
  test.each([
    [{}, { url: 'https://eu.h/v1/eu' }],
    [{ region: 'us' }, { url: 'https://us.h/v1/us' }],
    [{ v: 'a/b' }, { url: 'https://eu.h/a/b/eu' }],
    [{ region: 'mars' }, { problem: 'Server variable "region" cannot be "mars". Allowed: eu, us.' }],
  ])('%j → %j', (variables, want) => {
    expect(serverUrl({ servers, variables })).toEqual(want);
  });

  test('one that nothing defines must be given', () => {
    const given = { servers: [server('https://{tenant}.h')] };
    const problem =
      'The server https://{tenant}.h requires a value for {tenant}: pass --server-var tenant=… or --base-url.';
    expect(serverUrl({ ...given, variables: {} })).toEqual({ problem });
    expect(serverUrl({ ...given, variables: { tenant: 'acme' } })).toEqual({ url: 'https://acme.h' });
    expect(serverUrl({ servers: [server('https://h/{toString}')], variables: {} })).toHaveProperty('problem');
  });

  test('one instead of the scheme or the complete URL', () => {
    const whole = server('{url}', { variables: { url: { default: 'http://h/x' } } });
    const scheme = server('{scheme}://h', { variables: { scheme: { default: 'https' } } });
    expect(serverUrl({ servers: [whole], variables: {} })).toEqual({ url: 'http://h/x' });
    expect(serverUrl({ servers: [scheme], variables: {} })).toEqual({ url: 'https://h' });
  });
});

describe('choice', () => {
  const servers = [
    server('https://{v}.prod', { description: 'Production', variables: { v: { default: 'a' } } }),
    server('https://staging', { name: 'stage', description: 'For tests' }),
    server('https://three', { name: '0' }),
  ];
  test.each([
    ['0', 'https://three'],
    ['1', 'https://staging'],
    ['https://{v}.prod', 'https://a.prod'],
    ['https://a.prod/', 'https://a.prod'],
    ['production', 'https://a.prod'],
    ['stage', 'https://staging'],
    ['for tests', 'https://staging'],
  ])('%s → %s', (choice, url) => {
    expect(serverUrl({ servers, variables: {}, choice })).toEqual({ url });
  });

  test('an unknown one lists those there are', () => {
    expect(serverUrl({ servers, variables: {}, choice: '7' })).toEqual({
      problem:
        'Unknown server "7". Choose one of these with --server: 0: https://{v}.prod Production; 1: stage https://staging For tests; 2: 0 https://three.',
    });
  });
});

describe('baseUrl', () => {
  test('overrides every server', () => {
    const given = { servers: [server('nonsense://')], variables: {}, choice: '9' };
    expect(serverUrl({ ...given, baseUrl: 'http://localhost:3000/v2/' })).toEqual({ url: 'http://localhost:3000/v2' });
    expect(
      operationServerUrl({ servers: [] }, [server('https://own')], { variables: {}, baseUrl: 'http://x' }),
    ).toEqual({
      url: 'http://x',
    });
  });

  test.each(['/v2', 'localhost:3000', 'ftp://h', 'https://h?x=1'])('%s is a problem', (baseUrl) => {
    expect(serverUrl({ servers: [], variables: {}, baseUrl })).toEqual({
      problem: expect.stringContaining('-base-url'),
    });
  });
});

describe('operationServerUrl', () => {
  const model = { servers: [server('https://prod'), server('https://staging', { name: 'staging' })] };
  test.each([
    ['api', undefined, 'https://prod'],
    ['api', 'staging', 'https://staging'],
    [[server('https://own')], undefined, 'https://own'],
    [[server('https://own')], 'staging', 'https://own'],
    [[server('https://own'), server('https://own.staging', { name: 'staging' })], 'staging', 'https://own.staging'],
  ] as const)('%j with --server %s → %s', (servers, choice, url) => {
    const settings = { variables: {}, ...(choice === undefined ? {} : { choice }) };
    expect(operationServerUrl(model, servers, settings)).toEqual({ url });
  });

  test('a choice that an operation with several servers does not have is a problem, not a guess', () => {
    const own = [server('https://own/a'), server('https://own/b')];
    expect(operationServerUrl(model, own, { variables: {}, choice: 'staging' })).toHaveProperty('problem');
  });
});

describe('a model', () => {
  const operation = (servers: 'api' | readonly ServerChoice[]): Operation =>
    // Only the request's servers are read here.
    ({ request: { servers } }) as unknown as Operation;
  const model: ApiModel = {
    format: 1,
    name: 'a',
    title: 'A',
    version: '1',
    servers: [server('https://a.test/v1'), server('https://{x}.unused.test')],
    auth: {
      bearer: { kind: 'bearer' },
      oauth: { kind: 'oauth2', clientCredentials: { tokenUrl: '/token', scopes: [] } },
      oidc: { kind: 'openIdConnect', discoveryUrl: 'https://id.test/.well-known/openid-configuration' },
    },
    schemas: {},
    operations: [
      operation('api'),
      operation('api'),
      operation([server('https://b.test:8443/x')]),
      operation([server('/rel')]),
    ],
  };

  test('lists every origin that requests go to, once', () => {
    expect(serverOrigins(model, NOTHING)).toEqual(['https://a.test', 'https://b.test:8443']);
    expect(serverOrigins(model, { variables: {}, baseUrl: 'http://x/y' })).toEqual(['http://x']);
  });

  test('lists every origin that secrets go to for tokens', () => {
    expect(tokenOrigins(model, 'https://a.test/v1')).toEqual(['https://a.test', 'https://id.test']);
  });

  test('knows the variables of its servers', () => {
    expect(unknownVariables(model, { variables: { x: '1', y: '2' } })).toEqual(['y']);
  });
});

test.each([
  [{ documentOrigin: 'https://api.example.com', allowPrivate: false }, false],
  [{ documentOrigin: 'https://api.example.com', allowPrivate: true }, true],
  [{ documentOrigin: 'https://api.example.com', baseUrl: 'http://localhost', allowPrivate: false }, true],
  [{ documentOrigin: 'http://localhost:3000', allowPrivate: false }, true],
  [{ documentOrigin: 'http://10.1.2.3', allowPrivate: false }, true],
  [{ documentOrigin: 'http://intranet', allowPrivate: false }, true],
  [{ allowPrivate: false }, true],
])('mayReachPrivate %j → %s', (given, want) => {
  expect(mayReachPrivate(given)).toBe(want);
});

test.each([
  ['http://127.0.0.1/x', true],
  ['http://2130706433/', true],
  ['https://[::1]:8443', true],
  ['https://api.example.com', false],
  ['not a URL', false],
])('isPrivateUrl %s → %s', (url, want) => {
  expect(isPrivateUrl(url)).toBe(want);
});
