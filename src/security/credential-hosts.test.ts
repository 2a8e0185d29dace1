import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenedApi, ProxyOptions } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import { network, type Reply } from './network.test.fixture.ts';
import { threeWays, WAYS } from './three-ways.test.fixture.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'openapi-mcp-hosts-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const SECRET = 'ghp_0123456789abcdef';
/** A document that names its scheme like somebody else's, so that it is given that credential. */
const documentFor = (server: string, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  servers: [{ url: server }],
  security: [{ GitHub: [] }],
  components: { securitySchemes: { GitHub: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } },
    '/free': { get: { operationId: 'free', security: [], responses: { 200: { description: 'ok' } } } },
  },
  ...more,
});

const DOCUMENT = 'http://docs.example/api.json';
const replies = (server: string, more: Record<string, Reply> = {}, document = documentFor(server)) => ({
  'docs.example/api.json': { json: document },
  'api.example/a': { json: { at: 'api' } },
  'evil.example/a': { json: { at: 'evil' } },
  'evil.example/free': { json: { at: 'evil' } },
  ...more,
});

async function start(server: string, options: ProxyOptions = {}, document?: object) {
  const net = await network(replies(server, {}, document as ReturnType<typeof documentFor>));
  const api = await net.open(DOCUMENT, {
    cache: true,
    ...options,
    environment: { BEARER_TOKEN_GITHUB: SECRET, HOME: home, XDG_CACHE_HOME: home, ...options.environment },
  });
  const call = async (name: string) =>
    JSON.stringify(await (api as OpenedApi).provider.callTool({ name, arguments: {} }, callContext({})));
  return { ...net, api, call };
}

describe('a document of a public URL', () => {
  test('is said to receive a variable the first time, and not again', async () => {
    const first = await start('http://api.example');
    expect(first.api.notices).toEqual([
      'First use of this document: BEARER_TOKEN_GITHUB is sent to http://api.example. To pin this, pass --credentials-for http://api.example.',
    ]);
    expect(await first.call('a')).toContain('api');
    expect(first.authorizations.at(-1)).toBe(`Bearer ${SECRET}`);
    expect((await start('http://api.example')).api.notices).toEqual([]);
  });

  test('receives none where its servers have moved, until the user confirms it', async () => {
    await start('http://api.example');
    const moved = await start('http://evil.example');
    expect(moved.api.notices).toEqual([
      'No credentials are sent, because the servers in the document have changed: http://evil.example. If you trust them, start once with --credentials-for http://evil.example.',
    ]);
    expect(await moved.call('a')).toMatch(/MISSING_CREDENTIAL.*No credentials are sent to http:\/\/evil\.example/s);
    expect(await moved.call('free')).toContain('evil');
    expect(moved.authorizations).not.toContain(`Bearer ${SECRET}`);
    // Nothing was confirmed by starting it.
    expect((await start('http://evil.example')).api.notices).toHaveLength(1);

    const confirmed = await start('http://evil.example', { credentialsFor: ['http://evil.example'] });
    await confirmed.call('a');
    expect(confirmed.authorizations.at(-1)).toBe(`Bearer ${SECRET}`);
    expect((await start('http://evil.example')).api.notices).toEqual([]);
  });

  test('sends the user’s headers nowhere either where its servers have moved', async () => {
    const headers = [['Authorization', `Bearer ${SECRET}`]] as const;
    const environment = { BEARER_TOKEN_GITHUB: '' };
    await start('http://api.example', { headers, environment });
    const moved = await start('http://evil.example', { headers, environment });
    await moved.call('free');
    expect(moved.asked.at(-1)).toBe('GET evil.example/free');
    expect(moved.authorizations.at(-1)).toBeUndefined();
  });

  test('may move its servers to the host of its own URL, or leave one out', async () => {
    const document = documentFor('http://api.example', { servers: [{ url: 'http://api.example' }] });
    await start('http://api.example', {}, document);
    expect((await start('http://docs.example')).api.notices).toEqual([]);
  });

  test('receives none where its token URL has moved', async () => {
    const withToken = (tokenUrl: string) =>
      documentFor('http://api.example', {
        components: {
          securitySchemes: { GitHub: { type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: {} } } } },
        },
      });
    const environment = { BEARER_TOKEN_GITHUB: '', OAUTH_CLIENT_ID_GITHUB: 'me', OAUTH_CLIENT_SECRET_GITHUB: SECRET };
    const first = await start('', { environment }, withToken('http://login.example/token'));
    expect(first.api.notices[0]).toContain(
      'OAUTH_CLIENT_ID_GITHUB, OAUTH_CLIENT_SECRET_GITHUB are sent to http://api.example, http://login.example.',
    );
    const moved = await start('', { environment }, withToken('http://evil.example/token'));
    expect(await moved.call('a')).toContain('MISSING_CREDENTIAL');
    expect(moved.asked).toEqual(['GET docs.example/api.json']);
  });

  test('what is remembered names no secret', async () => {
    await start('http://api.example');
    const folder = join(home, 'openapi-mcp', 'origins');
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      '["http://api.example"]',
    ]);
  });
});

describe('--credentials-for', () => {
  test('pins credentials to one origin, and names the others', async () => {
    const pinned = await start('http://evil.example', { credentialsFor: ['http://api.example'] });
    expect(pinned.api.notices).toEqual([
      'No credentials are sent to http://evil.example, because it is not in --credentials-for.',
    ]);
    expect(await pinned.call('a')).toContain('MISSING_CREDENTIAL');
    expect(pinned.asked).toEqual(['GET docs.example/api.json']);
  });

  test('holds for tokens as well: the client secret goes to a named token endpoint only', async () => {
    const flows = { clientCredentials: { tokenUrl: 'http://login.example/token', scopes: {} } };
    const document = documentFor('http://api.example', {
      components: { securitySchemes: { GitHub: { type: 'oauth2', flows } } },
    });
    const environment = { BEARER_TOKEN_GITHUB: '', OAUTH_CLIENT_ID_GITHUB: 'me', OAUTH_CLIENT_SECRET_GITHUB: SECRET };
    const pinned = await start('', { environment, credentialsFor: ['http://api.example'] }, document);
    expect(await pinned.call('a')).toContain('No credentials are sent to http://login.example');
    expect(pinned.asked).toEqual(['GET docs.example/api.json']);
  });

  test.each(['api.example', 'http://api.example/v1', 'ftp://api.example', 'http://me@api.example'])(
    '%s is rejected',
    async (origin) => {
      await expect(start('http://api.example', { credentialsFor: [origin] })).rejects.toMatchObject({
        name: 'OptionError',
        message: `"${origin}" is not an origin such as https://api.example.com (credentialsFor, --credentials-for).`,
      });
    },
  );
});

const openForTwoHosts = threeWays(() => {
  const at = (operationId: string, url: string, more: object = {}) => ({
    get: { operationId, servers: [{ url }], responses: { 200: { description: 'ok' } }, ...more },
  });
  return documentFor('http://api.example', {
    paths: {
      '/a': at('a', 'http://api.example'),
      '/b': at('b', 'http://evil.example'),
      '/free': at('free', 'http://evil.example', { security: [] }),
    },
  });
});
describe.each(WAYS)('credentialsFor, through %s', (way) => {
  test('sends credentials and headers to the named origin and to no other one', async () => {
    const net = await network({ 'api.example/a': { json: {} }, 'evil.example/b': { json: {} } });
    const { provider, tool } = await openForTwoHosts(way, {
      environment: { ...net.environment, BEARER_TOKEN_GITHUB: SECRET },
      headers: [['X-Key', SECRET]],
      credentialsFor: ['http://api.example'],
    });
    const call = async (name: string) =>
      JSON.stringify(await provider.callTool({ name: tool(name), arguments: {} }, callContext()));
    await call('a');
    expect(net.authorizations).toEqual([`Bearer ${SECRET}`]);
    expect(await call('b')).toContain('MISSING_CREDENTIAL');
    await call('free');
    expect(net.asked).toEqual(['GET api.example/a', 'GET evil.example/free']);
    expect(net.authorizations.at(-1)).toBeUndefined();
  });
});

test('a local document is not asked about', async () => {
  const net = await network(replies('http://api.example'));
  const { notices } = await net.open(documentFor('http://api.example'), {
    environment: { BEARER_TOKEN_GITHUB: SECRET, XDG_CACHE_HOME: home },
  });
  expect(notices).toEqual([]);
});
