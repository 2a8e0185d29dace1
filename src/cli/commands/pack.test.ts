// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PETS, packBench } from '../../pack/pack.test.fixture.ts';
import { ended, fromRoot } from '../started.test.fixture.ts';

const bench = packBench();
const write = (path: string, value: unknown) =>
  writeFileSync(join(bench.folder(), path), typeof value === 'string' ? value : JSON.stringify(value));
const read = (path: string) => JSON.parse(readFileSync(join(bench.folder(), path), 'utf8'));
const config = (path = 'out') => read(`${path}/openapi-mcp.config.json`);
const docker = (...args: string[]) => bench.run('pack', ...args, '--target', 'docker', '--out', 'out');
/** What clients see of a target. */
const listed = async (...args: string[]) =>
  JSON.parse((await ended(['list', ...args, '--json'], { cwd: bench.folder(), env: bench.env() })).stdout);

test('what is packed has the tools of the command line, and none of its files', async () => {
  write('fix.yaml', {
    overlay: '1.0.0',
    info: { title: 'fix', version: '1' },
    actions: [{ target: '$.info', update: { title: 'Fixed shop' } }],
  });
  const flags = ['--overlay', 'fix.yaml', '--include', 'tag:pets', '--exclude', 'id:removePet'];
  const { code, stderr } = await docker(PETS, ...flags, '--base-url', bench.api(), '--name', 'pets');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(config()).toMatchObject({
    apis: {
      pets: {
        spec: 'openapi/pets.json',
        name: 'pets',
        baseUrl: bench.api(),
        include: ['tag:pets'],
        exclude: ['id:removePet'],
      },
    },
    title: 'Fixed shop',
    version: '1.2.0',
  });
  expect(JSON.stringify(config())).not.toContain('fix.yaml');
  const original = await listed(PETS, ...flags, '--name', 'pets');
  expect(await listed(join(bench.folder(), 'out'))).toEqual(original);
});

test('several documents are packed as one server, each under its namespace', async () => {
  const { code } = await docker(
    `pets=${PETS}`,
    `shop=${PETS}`,
    '--include',
    'pets=tag:pets',
    '--header',
    'shop=X-Team: birds',
  );
  expect(code).toBe(0);
  expect(config().apis).toEqual({
    pets: { spec: 'openapi/pets.json', include: ['tag:pets'] },
    shop: { spec: 'openapi/shop.json', headers: { 'X-Team': 'birds' } },
  });
  const { tools } = await listed(join(bench.folder(), 'out'));
  const names = tools.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['pets_addPet', 'shop_addPet', 'shop_placeOrder']));
  expect(names).not.toContain('pets_placeOrder');
});

test('a config file is packed with its documents and certificates; variables stay variables', async () => {
  mkdirSync(join(bench.folder(), 'apis'));
  write('apis/pets.yaml', readFileSync(PETS, 'utf8'));
  write('ca.pem', readFileSync(fromRoot('src/runtime/node/fixtures/ca.test.pem'), 'utf8'));
  write('.env', 'TOKEN=very-secret\n');
  const file = {
    envFile: '.env',
    mode: 'search',
    apis: { pets: { spec: 'apis/pets.yaml', ca: ['ca.pem'], headers: { Authorization: 'Bearer ${TOKEN}' } } },
    servers: { docs: { url: 'https://docs.example/mcp', disabled: true } },
  };
  write('openapi-mcp.config.json', file);
  const { code, stdout } = await docker('.', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)[0]).toMatchObject({
    variables: ['TOKEN', 'PETS_API_KEY_SHOP_KEY'],
    files: expect.arrayContaining(['openapi/pets.json', 'certificates/pets-1.pem']),
    program: null,
  });
  expect(config()).toMatchObject({
    mode: 'search',
    apis: {
      pets: {
        spec: 'openapi/pets.json',
        ca: ['certificates/pets-1.pem'],
        headers: { Authorization: 'Bearer ${TOKEN}' },
      },
    },
  });
  expect(config().envFile).toBe(undefined);
  const all = readdirSync(join(bench.folder(), 'out'), { recursive: true, withFileTypes: true, encoding: 'utf8' });
  for (const entry of all.filter((each) => each.isFile())) {
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    expect(text, entry.name).not.toContain('very-secret');
    expect(text, entry.name).not.toContain(bench.folder());
  }
});

test('a config file with one API has the version, title and description of it, unless it gives its own', async () => {
  const pets = { spec: PETS };
  write('openapi-mcp.config.json', { apis: { pets } });
  expect((await docker('.')).stdout).toContain('Packed pet-shop 1.2.0');
  const ofApi = { title: 'Pet shop', description: 'Pets of a shop, their photos and the orders for them.' };
  expect(config()).toMatchObject({ version: '1.2.0', ...ofApi });
  write('openapi-mcp.config.json', { version: '3.0.0', title: 'Desk', apis: { pets } });
  expect((await docker('.', '--overwrite')).code).toBe(0);
  expect(config()).toMatchObject({ ...ofApi, version: '3.0.0', title: 'Desk' });
  write('openapi-mcp.config.json', { apis: { pets, shop: pets } });
  expect((await docker('.', '--overwrite')).code).toBe(0);
  expect(config().version).toBe('0.0.0');
  expect(config().title).toBe(undefined);
});

test('a document from the network keeps its servers, and the files that it refers to', async () => {
  const operation = { operationId: 'a', servers: [{ url: 'v2' }], responses: {} };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Net', version: '2024-01-05' },
    servers: [{ url: '../{v}', variables: { v: { default: 'v1' } } }],
    paths: { '/a': { get: operation }, '/b': { $ref: 'b.json' } },
  };
  const server = createServer((request, response) => {
    const found = { '/docs/openapi.json': document, '/docs/b.json': { get: { operationId: 'b', responses: {} } } }[
      request.url ?? ''
    ];
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { code, stderr } = await docker(`${origin}/docs/openapi.json`, '--allow-remote-refs', '--allow-private');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  } finally {
    server.close();
  }
  const packed = read('out/openapi/net.json');
  expect(packed.servers[0].url).toBe(`${origin}/{v}`);
  expect(packed.paths['/a'].get.servers[0].url).toBe(`${origin}/docs/v2`);
  expect(read('out/package.json').version).toBe('2024.1.5');
});

test('text of a document is not filled in from the environment of the server', async () => {
  const paths = { '/a': { get: { operationId: 'a', responses: {} } } };
  const info = { title: 'Read ${SECRET}', version: '1', description: 'and ${SECRET:-x}' };
  write('hostile.json', { openapi: '3.1.0', info, paths });
  expect((await docker('hostile.json')).code).toBe(0);
  const args = ['list', join(bench.folder(), 'out'), '--json'];
  const { stdout } = await ended(args, { cwd: bench.folder(), env: bench.env({ SECRET: 'very-secret' }) });
  expect(JSON.parse(stdout).server).toMatchObject({ title: info.title, description: info.description });
  expect(stdout).not.toContain('very-secret');
});

test('a config that forbids private addresses does so for its own documents', async () => {
  const paths = { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: 'ok' } } } } };
  write('pets.json', {
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1' },
    servers: [{ url: bench.api() }],
    paths,
  });
  const call = (name: string) => bench.run('call', name, 'listPets');
  for (const [name, allowPrivate] of [
    ['open', undefined],
    ['closed', false],
  ] as const) {
    write(`${name}.openapi-mcp.config.json`, { apis: { pets: { spec: 'pets.json', allowPrivate } } });
  }
  expect((await call('open.openapi-mcp.config.json')).code).toBe(0);
  const closed = await call('closed.openapi-mcp.config.json');
  expect(closed.code).not.toBe(0);
  expect(closed.stdout + closed.stderr).toMatch(/private/);
});

describe('what is refused', () => {
  const pets = { spec: PETS };
  test.each([
    ['a module', ['server.ts'], 'server.ts is code', ['--target', 'docker', '--target', 'npm']],
    ['a server', ['mcp+https://api.test/mcp'], 'https://api.test/mcp is a server that runs elsewhere'],
    ['stdin', ['-'], 'A pack is not made from stdin.'],
    ['a program as config', ['openapi-mcp.config.ts'], 'openapi-mcp.config.ts is a program'],
    ['a module among several', [`pets=${PETS}`, 'own=server.ts'], 'server.ts is code', ['--target', 'mcpb']],
    ['a literal credential', [PETS, '--auth', 'shop_key=abc'], '--auth shop_key=… would be written'],
    ['a literal header', [PETS, '--header', 'X-Api-Key: abc'], "--header 'X-Api-Key: …' would be written"],
    ['a query in the URL', ['https://api.test/openapi.json?token=abc'], 'may be a secret'],
    ['a key file', [PETS, '--cert', 'a.pem', '--key', 'b.pem'], 'cert'],
    ['a folder of files', [PETS, '--allow-files', '.'], 'apis.pet-shop.allowFiles[0] names'],
    ['no target', [PETS], 'No target given.', []],
    ['an unknown target', [PETS], '--target: "dokcer" is not a known target.', ['--target', 'dokcer']],
  ] as const)('%s', async (_, words, message, target: readonly string[] = ['--target', 'docker']) => {
    write('server.ts', 'export default {}');
    write('openapi-mcp.config.ts', 'export default {}');
    const { code, stderr } = await bench.run('pack', ...words, ...target, '--out', 'out');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(stderr).not.toContain('abc');
    expect(existsSync(join(bench.folder(), 'out'))).toBe(false);
  });

  test.each([
    [
      'a literal secret',
      { apis: { pets: { ...pets, auth: { shop_key: 'abc' } } } },
      'apis.pets.auth.shop_key may be a secret',
    ],
    ['a default of a secret', { apis: { pets: { ...pets, auth: { shop_key: '${K:-abc}' } } } }, 'may be a secret'],
    ['a literal token', { apis: { pets }, token: 'abc' }, 'token may be a secret'],
    [
      'a command',
      { apis: { pets }, servers: { git: { command: 'git-mcp', disabled: true } } },
      'servers.git is started by a command',
    ],
  ])('%s in a config file', async (_, file, message) => {
    write('server.ts', 'export default { contract: 1 }; export const provider = undefined;');
    write('openapi-mcp.config.json', file);
    const { code, stderr } = await docker('.');
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('abc');
    expect(existsSync(join(bench.folder(), 'out'))).toBe(false);
  });

  test.each([
    ['a setup', { apis: { pets }, setup: './server.ts' }, 'setup names server.ts'],
    ['a module', { modules: { own: { path: './server.ts' } } }, 'modules.own.path names server.ts'],
  ])('%s in a config file, except for an image', async (_, file, message) => {
    write('server.ts', 'throw new Error("not run");');
    write('openapi-mcp.config.json', file);
    const { code, stderr } = await bench.run('pack', '.', '--target', 'npm', '--out', 'out');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(stderr).toContain('Remove it, or use --target docker alone.');
  });

  test('an option that would not be in the config file', async () => {
    write('openapi-mcp.config.json', { apis: { pets } });
    const { code, stderr } = await docker('.', '--read-only');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Write it into the file: readOnly.') });
  });

  test('a folder with other files', async () => {
    mkdirSync(join(bench.folder(), 'out'));
    write('out/mine.txt', 'mine');
    const { code, stderr } = await docker(PETS, '--overwrite');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('out is not empty.') });
    expect(readdirSync(join(bench.folder(), 'out'))).toEqual(['mine.txt']);
  });
});

test('several targets have a folder each, and none is written if one cannot be', async () => {
  const both = ['pack', PETS, '--target', 'docker', '--target', 'skill', '--out', 'out'];
  mkdirSync(join(bench.folder(), 'out/skill'), { recursive: true });
  write('out/skill/mine.txt', 'mine');
  expect((await bench.run(...both)).code).toBe(2);
  expect(existsSync(join(bench.folder(), 'out/docker'))).toBe(false);
  expect((await bench.run(...both.map((word) => (word === 'out' ? 'new' : word)))).code).toBe(0);
  expect(readdirSync(join(bench.folder(), 'new')).sort()).toEqual(['docker', 'skill']);
});

test('with --dry-run nothing is written', async () => {
  const { code, stdout } = await docker(PETS, '--dry-run');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Would pack pet-shop 1.2.0 (8 tools)') });
  expect(existsSync(join(bench.folder(), 'out'))).toBe(false);
});
