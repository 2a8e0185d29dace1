// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { serve } from '@hono/node-server';
import { Ajv } from 'ajv';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { parse } from 'jsonc-parser';
import { connect } from 'openapi-mcp/client';
import { afterEach, describe, expect, test } from 'vitest';
import { fromRoot } from '../../cli/started.test.fixture.ts';
import { CONFIG } from '../../config/config-spec.ts';
import { MIDDLEWARE } from '../../config/middleware.ts';
import type { ObjectShape, Spec } from '../../config/spec.ts';
import { openApi } from '../../proxy.ts';
import { callContext } from '../../runtime/call-context.ts';
import { createWorker } from '../../worker/index.ts';
import { PETS, packBench } from '../pack.test.fixture.ts';
import { API_KEYS, CALLER_KEYS, MIDDLEWARE_NAMES, WHOLE_KEYS } from '../worker-config.ts';

// wrangler has its own dependencies and binaries, 190 MB of them, so it is not a dependency of ours: the gate installs it
// into a separate folder, and passes the path.
const wrangler = process.env.WRANGLER;
const inWrangler = (path: string) => join(wrangler ?? '', 'node_modules', path);
if (wrangler === undefined) {
  process.stderr.write('Not run in workerd: WRANGLER names no folder with wrangler.\n');
} else if (!existsSync(inWrangler('wrangler'))) throw new Error(`WRANGLER: ${wrangler} has no wrangler.`);

const bench = packBench();
const read = (path: string) => readFileSync(join(bench.folder(), 'out', path), 'utf8');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

type Bindings = Readonly<Record<string, string>>;
const TOKEN = { OPENAPI_MCP_TOKEN: 't-1', API_KEY_SHOP_KEY: 'k-1' };

/** The platforms that the pack runs on, each with its variables: the URL of the Worker. */
const PLATFORMS: Readonly<Record<string, (bindings: Bindings) => Promise<string>>> = {
  'Node, from source': async (bindings) => {
    const config = JSON.parse(read('openapi-mcp.config.json'));
    const models = Object.fromEntries(
      Object.entries<{ spec: string }>(config.apis).map(([namespace, { spec }]) => [namespace, JSON.parse(read(spec))]),
    );
    const worker = createWorker({ config, models });
    const context = { waitUntil: () => {} };
    return new Promise((resolve) => {
      const fetch = (request: Request) => worker.fetch(request, bindings, context);
      const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
        resolve(`http://127.0.0.1:${port}`),
      );
      ends.push(async () => server.close());
    });
  },
  ...(wrangler !== undefined && { 'workerd, as wrangler deploys it': inWorkerd }),
};

async function inWorkerd(bindings: Bindings): Promise<string> {
  const folder = join(bench.folder(), 'out');
  const command = [inWrangler('wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', 'deployed'];
  const env = bench.env({
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_LOG_PATH: join(bench.folder(), 'logs'),
    CI: 'true',
  });
  execFileSync(process.execPath, command, { cwd: folder, env, stdio: 'pipe' });
  const { Miniflare } = await import(pathToFileURL(inWrangler('miniflare/dist/src/index.js')).href);
  const { compatibility_date } = parse(read('wrangler.jsonc'));
  const workerd = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: read('deployed/worker.js') }],
    compatibilityDate: compatibility_date,
    bindings,
  });
  ends.push(() => workerd.dispose());
  return (await workerd.ready).origin;
}

const headers = (token = 't-1') => ({ Authorization: `Bearer ${token}` });

describe.each(Object.entries(PLATFORMS))('in %s', { timeout: 60_000 }, (_, start) => {
  test.each(['auto', 'legacy'] as const)('clients of both eras list, call and read (%s)', async (mode) => {
    expect((await bench.pack('worker')).code).toBe(0);
    const url = await start(TOKEN);
    await using client = await connect({ url: `${url}/mcp`, headers: headers() }, { mode });
    expect((await client.listTools()).map(({ name }) => name)).toContain('addPet');
    const { isError = false, structuredContent } = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
    expect({ isError, structuredContent }).toMatchObject({
      isError: false,
      structuredContent: { name: expect.any(String) },
    });
    const sent = bench.requests().at(-1);
    expect(sent).toMatchObject({ method: 'POST', body: '{"name":"Rex","species":"dog"}' });
    expect(sent?.headers).toMatchObject({ 'x-shop-key': 'k-1', 'content-type': 'application/json' });
    await client.callTool('listPets', { species: ['cat', 'dog'], limit: 5 });
    expect(bench.requests().at(-1)?.url).toBe('/pets?species=cat,dog&limit=5');
    const [first] = await client.listResources();
    expect((await client.readResource(first?.uri ?? '')).contents).toHaveLength(1);
  });

  test('callers need the token, and the host is up to the platform', async () => {
    await bench.pack('worker');
    const url = await start(TOKEN);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
    const post = { method: 'POST', body: '{}' };
    const without = await fetch(`${url}/mcp`, post);
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await fetch(`${url}/mcp`, { ...post, headers: headers('wrong') })).status).toBe(401);
    const foreign = { ...headers(), Origin: 'https://evil.example' };
    expect((await fetch(`${url}/mcp`, { ...post, headers: foreign })).status).toBe(403);
  });

  test('without the token, it says what to do and serves nothing', async () => {
    await bench.pack('worker');
    const response = await fetch(`${await start({ API_KEY_SHOP_KEY: 'k-1' })}/mcp`, { method: 'POST', body: '{}' });
    expect([response.status, await response.text()]).toEqual([
      503,
      'This server requires a token, and has none: npx wrangler secret put OPENAPI_MCP_TOKEN (locally, in .dev.vars).',
    ]);
  });

  test('errors in arguments are those of the program, and no request is sent', async () => {
    await bench.pack('worker');
    await using client = await connect({ url: `${await start(TOKEN)}/mcp`, headers: headers() });
    const { provider } = await openApi(PETS, { cache: false, environment: {}, baseUrl: bench.api() });
    ends.push(() => provider.close());
    const before = bench.requests().length;
    for (const args of [{ name: 1, specis: 'dog' }, { name: 'Rex', species: 'cow' }, {}]) {
      const wanted = await provider.callTool({ name: 'addPet', arguments: args }, callContext());
      expect(wanted.isError).toBe(true);
      expect(await client.callTool('addPet', args)).toMatchObject({ isError: true, content: wanted.content });
    }
    expect(bench.requests()).toHaveLength(before);
    const missing = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
    expect(missing.isError ?? false).toBe(false);
  });

  test('responses that are encoded, redirected or errors reach the caller', async () => {
    const json = { 'Content-Type': 'application/json' };
    const api = createServer(({ url, headers }, response) => {
      if (url === '/moved') response.writeHead(307, { Location: '/encoded?from=moved' }).end();
      else if (url?.startsWith('/encoded')) {
        response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' });
        response.end(gzipSync(JSON.stringify({ url, accepts: headers['accept-encoding'] })));
      } else response.writeHead(404, json).end('{"reason":"gone"}');
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    ends.push(async () => api.close());
    const { port } = api.address() as AddressInfo;
    const get = (operationId: string) => ({ get: { operationId, responses: { 200: { description: 'ok' } } } });
    const document = {
      openapi: '3.1.0',
      info: { title: 'Odd', version: '1' },
      servers: [{ url: `http://127.0.0.1:${port}` }],
      paths: { '/encoded': get('encoded'), '/moved': get('moved'), '/gone': get('gone') },
    };
    writeFileSync(join(bench.folder(), 'odd.json'), JSON.stringify(document));
    await bench.run('pack', 'odd.json', '--target', 'worker', '--out', 'out');
    await using client = await connect({ url: `${await start(TOKEN)}/mcp`, headers: headers() });
    const text = async (name: string) => JSON.stringify(await client.callTool(name, {}));
    expect(await text('encoded')).toContain('gzip, deflate');
    expect(await text('moved')).toContain('/encoded?from=moved');
    expect(await text('gone')).toMatch(/404.*gone/);
    await new Promise((resolve) => {
      api.closeAllConnections();
      api.close(resolve);
    });
    const down = await client.callTool('gone', {});
    expect([down.isError, JSON.stringify(down)]).toEqual([true, expect.stringContaining('cannot be reached')]);
  });

  test.each(['auto', 'legacy'] as const)(
    'a token that one client waits for outlives it, for the next (%s)',
    async (mode) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256');
      const key = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
      let tokens = 0;
      let askedForToken = () => {};
      const asked = new Promise<void>((resolve) => {
        askedForToken = resolve;
      });
      let issueTokens = () => {};
      const issued = new Promise<void>((resolve) => {
        issueTokens = resolve;
      });
      const authorizations: (string | undefined)[] = [];
      const api = createServer(async ({ url, headers: sent }, response) => {
        if (url === '/token') {
          tokens++;
          askedForToken();
          await issued;
        } else if (url === '/a') authorizations.push(sent.authorization);
        const answer =
          url === '/jwks' ? { keys: [key] } : { access_token: 'of-the-server', token_type: 'Bearer', expires_in: 600 };
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      ends.push(async () => api.close());
      const origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      const flows = { clientCredentials: { tokenUrl: `${origin}/token`, scopes: {} } };
      const document = {
        openapi: '3.1.0',
        info: { title: 'Machine', version: '1' },
        servers: [{ url: origin }],
        components: { securitySchemes: { machine: { type: 'oauth2', flows } } },
        paths: { '/a': { get: { operationId: 'a', security: [{ machine: [] }], responses: {} } } },
      };
      const publicUrl = 'https://machine.example/mcp';
      const verifiers = [{ jwt: { issuer: origin, jwksUri: `${origin}/jwks` } }];
      writeFileSync(join(bench.folder(), 'machine.json'), JSON.stringify(document));
      const config = { auth: { publicUrl, verifiers }, apis: { machine: { spec: 'machine.json' } } };
      writeFileSync(join(bench.folder(), 'openapi-mcp.config.json'), JSON.stringify(config));
      expect((await bench.run('pack', '.', '--target', 'worker', '--out', 'out')).code).toBe(0);
      const url = `${await start({ OAUTH_CLIENT_ID_MACHINE: 'id', OAUTH_CLIENT_SECRET_MACHINE: 'secret-of-it' })}/mcp`;

      const token = new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'k' }).setSubject('ada');
      const jwt = await token
        .setIssuer(origin)
        .setAudience(publicUrl)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey);
      const challenge = (await fetch(url, { method: 'POST', body: '{}' })).headers.get('www-authenticate');
      expect(challenge).toContain('https://machine.example/.well-known/oauth-protected-resource/mcp');
      const connected = () => connect({ url, headers: headers(jwt) }, { mode });
      await using first = await connected();
      await using second = await connected();
      const gone = new AbortController();
      const call = expect(first.callTool('a', {}, { signal: gone.signal })).rejects.toThrow();
      await asked;
      gone.abort();
      await call;
      // So that the platform has noticed.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const result = second.callTool('a', {});
      issueTokens();
      // What the API echoes of its credential is hidden, as everywhere.
      expect(JSON.stringify(await result)).toContain('[credential]');
      expect(tokens).toBe(1);
      expect(new Set(authorizations)).toEqual(new Set(['Bearer of-the-server']));
    },
  );

  test('a config file brings its middleware, transforms, mode, variables and keys of callers', async () => {
    const config = {
      mode: 'search',
      pinned: ['add'],
      middleware: ['retry', { responseLimit: { maxBytes: 4000 } }],
      auth: { publicUrl: 'https://pets.example/mcp', keys: [{ name: 'ci', key: '${CI_KEY}' }] },
      apis: {
        pets: {
          spec: PETS,
          baseUrl: '${API}',
          timeout: '${SECONDS:-5}',
          headers: { 'X-Team': '${TEAM}' },
          exclude: ['id:removePet'],
          transforms: [{ fixArguments: { addPet: { species: 'dog' } } }, { rename: { tools: { addPet: 'add' } } }],
        },
      },
    };
    writeFileSync(join(bench.folder(), 'openapi-mcp.config.json'), JSON.stringify(config));
    const variables = { API: bench.api(), TEAM: 'birds', CI_KEY: 'a-key-of-sixteen-or-more' };
    writeFileSync(
      join(bench.folder(), '.env'),
      Object.entries(variables)
        .map((pair) => pair.join('='))
        .join('\n'),
    );
    const packed = await bench.run('pack', '.', '--target', 'worker', '--out', 'out', '--env-file', '.env');
    expect(packed.code, packed.stderr).toBe(0);
    expect(JSON.parse(read('openapi-mcp.config.json')).apis.pets.exclude).toBe(undefined);
    const url = `${await start({ ...variables, API_KEY_SHOP_KEY: 'k-1' })}/mcp`;
    expect((await fetch(url, { method: 'POST', body: '{}', headers: headers('wrong-wrong-wrong') })).status).toBe(401);
    await using client = await connect({ url, headers: headers(variables.CI_KEY) });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(expect.arrayContaining(['add', 'search_tools']));
    expect((await client.callTool('add', { name: 'Rex' })).isError ?? false).toBe(false);
    expect(bench.requests().at(-1)).toMatchObject({
      body: '{"name":"Rex","species":"dog"}',
      headers: { 'x-team': 'birds' },
    });
    const found = await client.callTool('search_tools', { query: 'remove a pet' });
    expect(JSON.stringify(found)).not.toContain('removePet');
  });
});

test.skipIf(wrangler === undefined)('wrangler.jsonc follows the schema of wrangler', async () => {
  await bench.pack('worker');
  const schema = JSON.parse(readFileSync(inWrangler('wrangler/config-schema.json'), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  const valid = ajv.validate(schema, parse(read('wrangler.jsonc')));
  expect({ valid, errors: ajv.errors }).toEqual({ valid: true, errors: null });
});

test('the pack has the names of secrets, and neither their values nor paths of this computer', async () => {
  writeFileSync(join(bench.folder(), '.env'), 'API_KEY_SHOP_KEY=very-secret\n');
  const { stdout } = await bench.pack('worker', '--env-file', '.env', '--json');
  const [{ files, variables }] = JSON.parse(stdout);
  expect(variables).toEqual(['API_KEY_SHOP_KEY']);
  for (const file of files) {
    expect(read(file), file).not.toContain('very-secret');
    expect(read(file), file).not.toContain(bench.folder());
    expect(read(file), file).not.toContain(fromRoot('.'));
  }
  expect(read('.dev.vars.example')).toContain('\nAPI_KEY_SHOP_KEY=\n');
  expect(read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['.dev.vars*', '!.dev.vars.example']));
});

describe('what does not work in a Worker is refused by name', () => {
  const pets = { spec: PETS };
  const flows = { clientCredentials: { tokenUrl: 'https://id.example/token', scopes: {} } };
  const LOGIN = {
    openapi: '3.1.0',
    info: { title: 'Login', version: '1' },
    servers: [{ url: 'https://api.example' }],
    components: { securitySchemes: { login: { type: 'oauth2', flows } } },
    paths: { '/a': { get: { operationId: 'a', security: [{ login: [] }], responses: {} } } },
  };
  const auth = { publicUrl: 'https://pets.example/mcp', keys: [{ name: 'ci', key: '${KEY}' }] };
  test.each([
    ['servers', { apis: { pets }, servers: { docs: { url: 'https://docs.example/mcp' } } }],
    [
      'middleware[0] (rateLimit)',
      { apis: { pets }, middleware: [{ rateLimit: { global: { size: 1, perSecond: 1 } } }] },
    ],
    ['apis.pets.middleware[1] (confirm)', { apis: { pets: { ...pets, middleware: ['logging', 'confirm'] } } }],
    ['apis.pets.allowFileUrls', { apis: { pets: { ...pets, allowFileUrls: ['https://files.example'] } } }],
    ['apis.pets.ca', { apis: { pets: { ...pets, ca: ['ca.pem'] } } }],
    ['mode: code', { apis: { pets }, mode: 'code' }],
    ['apis.pets.transforms[1] (codeMode)', { apis: { pets: { ...pets, transforms: ['readOnly', 'codeMode'] } } }],
    ['auth.scopes', { apis: { pets }, auth: { ...auth, scopes: { tools: { addPet: ['write'] } } } }],
    [
      'apis.pets.auth.login.exchange',
      {
        apis: {
          pets: { spec: 'login.json', auth: { login: { exchange: { clientId: 'a', clientSecret: '${KEY}' } } } },
        },
        auth: { ...auth, provider: 'https://id.example' },
      },
    ],
  ])('%s', async (setting, config) => {
    writeFileSync(join(bench.folder(), 'login.json'), JSON.stringify(LOGIN));
    writeFileSync(join(bench.folder(), 'ca.pem'), readFileSync(fromRoot('src/runtime/node/fixtures/ca.test.pem')));
    writeFileSync(join(bench.folder(), '.env'), 'KEY=a-key-of-sixteen-or-more\n');
    writeFileSync(join(bench.folder(), 'openapi-mcp.config.json'), JSON.stringify(config));
    const { code, stderr } = await bench.run('pack', '.', '--target', 'worker', '--out', 'out', '--env-file', '.env');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`${setting} does not work in a Worker: `),
    });
    expect(stderr).toContain('Remove it, or use --target docker.');
    expect(existsSync(join(bench.folder(), 'out'))).toBe(false);
  });

  test('keys of callers need the URL of the Worker', async () => {
    const { publicUrl: _, ...keys } = auth;
    writeFileSync(join(bench.folder(), '.env'), 'KEY=a-key-of-sixteen-or-more\n');
    writeFileSync(join(bench.folder(), 'openapi-mcp.config.json'), JSON.stringify({ apis: { pets }, auth: keys }));
    const { stderr } = await bench.run('pack', '.', '--target', 'worker', '--out', 'out', '--env-file', '.env');
    expect(stderr).toContain('auth.publicUrl is missing');
  });

  test('every setting of a config file has its verdict', () => {
    const keysOf = (spec: Spec | undefined) => Object.keys((spec as ObjectShape).fields).sort();
    const { fields } = CONFIG as ObjectShape;
    const { of: api } = fields.apis as Spec & { readonly of: Spec };
    expect(Object.keys(WHOLE_KEYS).sort()).toEqual(keysOf(CONFIG));
    expect(Object.keys(API_KEYS).sort()).toEqual(keysOf(api));
    expect(Object.keys(CALLER_KEYS).sort()).toEqual(keysOf(fields.auth));
    expect(Object.keys(MIDDLEWARE_NAMES).sort()).toEqual(Object.keys(MIDDLEWARE).sort());
  });
});
