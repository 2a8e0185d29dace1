import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import { ended, fromRoot, type Started, start } from './started.test.fixture.ts';

// Who may call a server that `run` serves over HTTP.

const AUDIENCE = 'https://mcp.example.com/mcp';
const PETSTORE = fromRoot('test-specs/petstore.yaml');
let issuer: TokenIssuer;
let folder: string;
let running: Started | undefined;

beforeAll(async () => {
  issuer = await startTokenIssuer({ audience: AUDIENCE });
  folder = mkdtempSync(join(tmpdir(), 'callers-'));
});
afterEach(async () => {
  running?.kill();
  await running?.ended;
  running = undefined;
});
afterAll(async () => {
  await issuer.close();
  rmSync(folder, { recursive: true });
});

function configFile(name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name, 'openapi-mcp.config.json');
}

async function serving(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  running = start(['run', ...args, '--port', '0', '--no-cache'], { env });
  await running.said('Serving http');
  return /Serving (\S+)/.exec(running.stderr())?.[1] ?? '';
}

async function request(url: string, token: string | undefined, method = 'tools/list', params: object = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('run --auth <issuer> --audience <resource>', () => {
  test('serves metadata, challenges, and accepts only tokens that are meant for it', async () => {
    const url = await serving([
      ...[PETSTORE, '--transport', 'http', '--auth', issuer.issuer],
      ...['--audience', AUDIENCE, '--required-scope', 'read'],
    ]);
    const described = {
      resource: AUDIENCE,
      authorization_servers: [issuer.issuer],
      scopes_supported: ['read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Pet shop',
    };
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
      const metadata = await fetch(new URL(path, url));
      expect(await metadata.json()).toEqual(described);
      expect(metadata.headers.get('access-control-allow-origin')).toBe('*');
    }
    const none = await request(url, undefined);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer scope="read", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    ]);
    expect((await request(url, await issuer.token())).status).toBe(200);
    expect((await request(url, await issuer.token({ aud: 'https://other.example' }))).status).toBe(401);
    const weak = await request(url, await issuer.token({ scope: 'write' }));
    expect([weak.status, weak.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('error="insufficient_scope"'),
    ]);
  });

  test('a flood of unknown key ids causes at most two requests for the key set', async () => {
    const own = await startTokenIssuer({ audience: AUDIENCE });
    const url = await serving([PETSTORE, '--transport', 'http', '--auth', own.issuer, '--audience', AUDIENCE]);
    const tokens = Array.from({ length: 100 }, (_, index) => own.token({}, { kid: `k${index}` }));
    const answers = await Promise.all(tokens.map(async (token) => (await request(url, await token)).status));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(own.jwksFetches()).toBeLessThanOrEqual(2);
    await own.close();
  });

  test('the log has no token', async () => {
    const url = await serving([
      ...[PETSTORE, '--transport', 'http', '--auth', issuer.issuer, '--audience', AUDIENCE, '--log-level', 'debug'],
    ]);
    const token = await issuer.token();
    await request(url, token);
    await request(url, `${token}x`);
    running?.kill('SIGTERM');
    const { stderr } = (await running?.ended) ?? { stderr: '' };
    expect(stderr).toContain('tools/list');
    expect(stderr).not.toContain(token.slice(0, 40));
  });
});

describe('the section auth of a config file', () => {
  const config = (mode: string) => {
    const file = configFile(mode);
    const shop = { spec: PETSTORE };
    writeFileSync(
      file,
      JSON.stringify({
        mode,
        transport: 'http',
        prefix: true,
        apis: { shop },
        auth: {
          keys: [
            // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
            { name: 'reader', key: '${READER_KEY}' },
            { name: 'writer', key: 'writer-key-0123456789', scopes: ['write'] },
          ],
          scopes: { tools: { 'shop_add*': ['write'] } },
        },
      }),
    );
    return file;
  };
  const env = { READER_KEY: 'reader-key-0123456789' };
  const call = { name: 'shop_addPet', arguments: { name: 'Rex' } };

  test('gives each caller its own list', async () => {
    const url = await serving([config('tools')], env);
    const [reader, writer] = await Promise.all(
      [env.READER_KEY, 'writer-key-0123456789'].map(async (key) => (await request(url, key)).text),
    );
    expect(reader).toContain('shop_getPet');
    expect(reader).not.toContain('shop_addPet');
    expect(writer).toContain('shop_addPet');
    const refused = await request(url, env.READER_KEY, 'tools/call', call);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('scope="write"'),
    ]);
  });

  test('holds behind search as well', async () => {
    const url = await serving([config('search')], env);
    const inner = { name: 'call_tool', arguments: call };
    expect((await request(url, env.READER_KEY, 'tools/call', inner)).status).toBe(403);
    const found = await request(url, env.READER_KEY, 'tools/call', {
      name: 'search_tools',
      arguments: { query: 'add a pet' },
    });
    expect(found.text).not.toContain('shop_addPet');
  });

  test('restricts items by the names that clients see, after every transform', async () => {
    const file = configFile('renamed');
    const transforms = [{ rename: { tools: { shop_addPet: 'shop_get_new' } } }];
    const auth = {
      keys: [{ name: 'reader', key: env.READER_KEY }],
      scopes: { tools: { 'shop_get*': ['write'] } },
    };
    writeFileSync(
      file,
      JSON.stringify({ transport: 'http', prefix: true, apis: { shop: { spec: PETSTORE } }, transforms, auth }),
    );
    const url = await serving([file]);
    const { text } = await request(url, env.READER_KEY);
    expect(text).toContain('shop_listPets');
    expect(text).not.toContain('shop_get');
    const renamed = { ...call, name: 'shop_get_new' };
    expect((await request(url, env.READER_KEY, 'tools/call', renamed)).status).toBe(403);
  });

  test('is reported, and not applied, over stdio', async () => {
    const { code, stderr, stdout } = await ended(['run', config('tools'), '--transport', 'stdio'], {
      env,
      stdin: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })}\n`,
    });
    expect(code).toBe(0);
    expect(stderr).toContain('The section auth of the config applies to HTTP.');
    expect(stdout).toContain('shop_addPet');
  });

  test('a rule that matches nothing ends the start', async () => {
    const file = configFile('idle');
    const auth = { keys: [{ name: 'a', key: 'a'.repeat(16) }], scopes: { tools: { shop_remove: ['write'] } } };
    writeFileSync(file, JSON.stringify({ transport: 'http', prefix: true, apis: { shop: { spec: PETSTORE } }, auth }));
    const { code, stderr } = await ended(['run', file, '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toContain('auth.scopes');
    expect(stderr).toContain('matches the scope rule "tools.shop_remove", so it protects nothing.');
  });
});

test('a preset whose provider knows no registration says so, and the OAuth proxy is the remedy', async () => {
  const env = {
    OPENAPI_MCP_AUTH_CLIENT_ID: 'our-id',
    OPENAPI_MCP_AUTH_CLIENT_SECRET: 'our-secret',
    PROXY_SECRET: 'p'.repeat(32),
  };
  await serving([PETSTORE, '--transport', 'http', '--auth', 'github'], env);
  expect(running?.stderr()).toContain('MCP clients cannot register at GitHub: add proxy to the section auth');
  running?.kill();
  await running?.ended;
  const file = configFile('proxy');
  const auth = {
    provider: 'github',
    publicUrl: AUDIENCE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    proxy: { secret: '${PROXY_SECRET}', folder: 'logins' },
  };
  writeFileSync(file, JSON.stringify({ transport: 'http', prefix: true, apis: { shop: { spec: PETSTORE } }, auth }));
  const url = await serving([file], env);
  expect(running?.stderr()).not.toContain('cannot register');
  const metadata = await fetch(new URL('/.well-known/oauth-authorization-server', url));
  expect(await metadata.json()).toMatchObject({
    issuer: 'https://mcp.example.com',
    registration_endpoint: 'https://mcp.example.com/register',
    code_challenge_methods_supported: ['S256'],
  });
  const resource = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url));
  expect(await resource.json()).toMatchObject({ authorization_servers: ['https://mcp.example.com'] });
});

describe('what cannot be', () => {
  let lying: TokenIssuer;
  beforeAll(async () => {
    lying = await startTokenIssuer({ audience: AUDIENCE });
    lying.replace('/.well-known/openid-configuration', (_, response) =>
      response.end(JSON.stringify({ issuer: 'https://evil.example', jwks_uri: 'https://evil.example/jwks' })),
    );
  });
  afterAll(() => lying.close());

  const http = ['--transport', 'http', '--port', '0'];
  test.each<[string, number, string, () => readonly string[], Record<string, string>?]>([
    ['an unknown preset', 2, 'There is no preset "auth". Did you mean "auth0"?', () => [...http, '--auth', 'auth:x']],
    [
      'a preset without its account',
      2,
      'Auth0 needs the domain of the tenant after its name',
      () => [...http, '--auth', 'auth0'],
    ],
    ['a preset without its client', 2, 'GitHub needs clientId and clientSecret', () => [...http, '--auth', 'github']],
    [
      'an issuer that names another',
      1,
      'has the issuer "https://evil.example", not',
      () => [...http, '--auth', lying.issuer],
    ],
    [
      'an issuer that is not there',
      3,
      'No discovery document of the issuer http://127.0.0.1:9 could be read',
      () => [...http, '--auth', 'http://127.0.0.1:9'],
    ],
    [
      'an issuer without TLS',
      2,
      '"http://login.example.com" is not an issuer URL.',
      () => [...http, '--auth', 'http://login.example.com'],
    ],
    ['no public URL', 2, 'Set --public-url', () => [...http, '--host', '0.0.0.0', '--auth', issuer.issuer]],
    ['stdio', 2, '--auth <provider> has no effect over stdio', () => ['--auth', issuer.issuer]],
    ['an audience alone', 2, '--audience has no effect without --auth.', () => [...http, '--audience', 'x']],
    [
      'two providers',
      2,
      '--auth names two identity providers.',
      () => [...http, '--auth', issuer.issuer, '--auth', 'github'],
    ],
    [
      'a token as well',
      2,
      'OPENAPI_MCP_TOKEN is one token for all callers',
      () => [...http, '--auth', issuer.issuer],
      { OPENAPI_MCP_TOKEN: 'x' },
    ],
  ])('%s: exit code %i', async (_, code, message, args, env = {}) => {
    const result = await ended(['run', PETSTORE, '--no-cache', ...args()], { env });
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
  });

  test('a credential without its scheme is not repeated', async () => {
    const { code, stderr } = await ended(['run', PETSTORE, ...http, '--auth', 'sk-1234567890abcdef']);
    expect(code).toBe(2);
    expect(stderr).not.toContain('sk-1234567890abcdef');
    expect(stderr).toContain('<scheme>=<credential>');
  });
});
