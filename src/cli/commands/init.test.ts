import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ended, fromRoot } from '../started.test.fixture.ts';

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Pet shop', version: '1' },
  servers: [{ url: '/' }],
  security: [{ key: [] }],
  paths: {
    '/pets': {
      get: { operationId: 'listPets', tags: ['pets'], security: [], responses: { 200: { description: 'ok' } } },
      post: { operationId: 'addPet', tags: ['pets'], responses: { 201: { description: 'ok' } } },
    },
    '/orders': { get: { operationId: 'listOrders', tags: ['orders'], responses: { 200: { description: 'ok' } } } },
  },
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
};

let api: Server;
let origin: string;
let folder: string;
beforeAll(async () => {
  api = createServer(({ url }, response) => {
    response.setHeader('Content-Type', 'application/json');
    if (url === '/v3/api-docs') response.end(JSON.stringify(DOCUMENT));
    else if (url === '/pets') response.end('[{"name":"Rex"}]');
    else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => api.once('listening', resolve));
  origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => api.close());
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-init-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ PATH: process.env.PATH ?? '', HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') });
const run = (...args: string[]) => ended(args, { cwd: folder, env: env() });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('from the address of a running API to a call', async () => {
  const { code, stdout, stderr } = await run('init', origin, '--yes');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`${origin}/v3/api-docs`) });
  expect(stdout).toContain('openapi-mcp call . listPets');
  expect(read('openapi-mcp.config.yaml')).toContain(`spec: ${origin}/v3/api-docs`);
  expect(read('.env.example')).toBe('# key: API key in header X-Key\nAPI_KEY_KEY=\n');
  expect((await run('call', '.', 'listPets')).stdout).toContain('Rex');
});

test('options become keys of the config file', async () => {
  writeFileSync(join(folder, '.env'), 'API_KEY_KEY=k\n');
  const flags = ['--read-only', '--include', 'tag:pets', '--mode', 'search', '--header', 'X-Team: a', '--timeout', '5'];
  await run('init', origin, '--yes', ...flags);
  const text = read('openapi-mcp.config.yaml');
  expect(text).toMatch(/readOnly: true/);
  expect(text).toMatch(/include:\n\s+- tag:pets/);
  expect(text).toMatch(/headers:\n\s+X-Team: a/);
  expect(text).toMatch(/timeout: 5/);
  expect(text).toMatch(/^mode: search$/m);
  expect(text).toMatch(/^envFile: \.env$/m);
  const { stdout } = await run('inspect', '--json');
  expect(JSON.parse(stdout).tools).toMatchObject([{ name: 'listPets' }]);
});

test('--client adds it to the client, which starts the config file', async () => {
  const { code, stdout } = await run('init', origin, '--yes', '--client', 'cursor', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ files: ['openapi-mcp.config.yaml', '.env.example'], tools: 3 });
  const { mcpServers } = JSON.parse(read('.cursor/mcp.json'));
  expect(mcpServers['pet-shop'].args).toContain(join(folder, 'openapi-mcp.config.yaml'));
});

test('--dry-run prints the files and writes nothing', async () => {
  const { stdout } = await run('init', origin, '--yes', '--dry-run', '--client', 'cursor');
  expect(stdout).toContain('# openapi-mcp.config.yaml\n');
  expect(existsSync(join(folder, 'openapi-mcp.config.yaml'))).toBe(false);
  expect(existsSync(join(folder, '.cursor'))).toBe(false);
});

describe('bad input writes nothing', () => {
  test.each([
    ['no terminal', [], 2, '--yes'],
    ['no document', ['--yes'], 2, 'No document given.'],
    ['an address without a document', ['http://127.0.0.1:1', '--yes'], 3, 'Nothing is listening'],
    ['a secret in the address', ['http://127.0.0.1:1/a.json?token=abc', '--yes'], 2, '--document-header'],
    ['a secret in a credential', ['x.yaml', '--yes', '--auth', 'key=abc'], 2, 'in plain text'],
    ['an unknown client', ['x.yaml', '--yes', '--client', 'curser'], 2, 'Did you mean "cursor"?'],
  ])('%s', async (_, args, code, says) => {
    const ran = await run('init', ...args);
    expect(ran).toMatchObject({ code, stderr: expect.stringContaining(says) });
    expect(ran.stderr).not.toContain('abc');
    expect(existsSync(join(folder, 'openapi-mcp.config.yaml'))).toBe(false);
  });

  test('a config file that is there already', async () => {
    writeFileSync(join(folder, 'openapi-mcp.config.yaml'), 'apis: {}\n');
    expect(await run('init', origin, '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--overwrite'),
    });
    expect(read('openapi-mcp.config.yaml')).toBe('apis: {}\n');
    expect((await run('init', origin, '--yes', '--overwrite')).code).toBe(0);
    expect(read('openapi-mcp.config.yaml')).toContain('spec:');
  });

  test('an example of variables that is the user’s', async () => {
    writeFileSync(join(folder, '.env.example'), 'MINE=\n');
    await run('init', origin, '--yes');
    expect(read('.env.example')).toBe('MINE=\n');
  });
});

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasScript)('on a terminal', () => {
  /** Types each answer after its question is there. */
  async function typed(answers: readonly (readonly [question: RegExp, keys: string])[]): Promise<number | null> {
    mkdirSync(join(folder, '.cursor'));
    writeFileSync(join(folder, '.cursor', 'mcp.json'), '{}');
    const program = fromRoot('dist/bin/openapi-mcp.js');
    // A terminal without a size would wrap after every character.
    const line = `stty cols 100 rows 40; exec ${process.execPath} ${program} init`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: folder,
      env: { ...env(), TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    let shown = '';
    const left = [...answers];
    for await (const chunk of child.stdout) {
      shown += chunk;
      const [next] = left;
      if (!next?.[0].test(shown)) continue;
      left.shift();
      shown = '';
      child.stdin.write(next[1]);
    }
    expect(left).toEqual([]);
    return closed;
  }

  test('every question leads to its key', async () => {
    const code = await typed([
      [/Where is the OpenAPI document/, `${origin}\r`],
      [/Which operations/, '\u001b[B\r'],
      [/Add it to/, '\u001b[B\u001b[B \r'],
    ]);
    expect(code).toBe(0);
    expect(read('openapi-mcp.config.yaml')).toContain('readOnly: true');
    expect(read('.cursor/mcp.json')).toContain('pet-shop');
  });

  test('Ctrl+C writes nothing', async () => {
    const code = await typed([
      [/Where is the OpenAPI document/, `${origin}\r`],
      [/Which operations/, '\u0003'],
    ]);
    expect(code).toBe(130);
    expect(existsSync(join(folder, 'openapi-mcp.config.yaml'))).toBe(false);
  });
});
