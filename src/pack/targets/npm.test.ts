import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'openapi-mcp/client';
import { expect, test } from 'vitest';
import { fromRoot } from '../../cli/started.test.fixture.ts';
import { packBench } from '../pack.test.fixture.ts';

const bench = packBench();

/** The package as npm packs and unpacks it, with the packages of openapi-mcp, which npm would install. */
function installed(): string {
  const folder = bench.folder();
  const npm = ['pack', join(folder, 'out'), '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', npm, { encoding: 'utf8', cwd: folder, env: bench.env() }));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', modules]);
  const unpacked = join(modules, 'package');
  symlinkSync(fromRoot('node_modules'), join(unpacked, 'node_modules/openapi-mcp/node_modules'));
  return unpacked;
}

test('the command of the package, as npm packs it, serves the document', { timeout: 60_000 }, async () => {
  expect((await bench.pack('npm')).code).toBe(0);
  const folder = installed();
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const args = [join(folder, bin['pet-shop-mcp']), '--read-only'];
  const start = { command: process.execPath, args, env: bench.env({ API_KEY_SHOP_KEY: 'k-1' }) };
  await using client = await connect(start);
  const names = (await client.listTools()).map(({ name }) => name);
  expect(names).toContain('listPets');
  expect(names).not.toContain('addPet');
  const { isError = false } = await client.callTool('getOrder', { orderId: '0b8f6e0e-7d0c-4c55-8a3b-5b1a4b6f2c11' });
  expect(isError).toBe(false);
  expect(bench.requests().at(-1)?.headers['x-shop-key']).toBe('k-1');
});

test('package.json has what npm and the MCP Registry need', async () => {
  await bench.pack('npm', '--as', 'io.github.me/pets');
  const manifest = JSON.parse(readFileSync(join(bench.folder(), 'out/package.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    name: 'pets-mcp',
    version: '1.2.0',
    mcpName: 'io.github.me/pets',
    bin: { 'pets-mcp': 'bin.js' },
    files: ['bin.js', 'openapi-mcp.config.json', 'openapi'],
    engines: { node: '>=20' },
    dependencies: { 'openapi-mcp': version },
    bundleDependencies: ['openapi-mcp'],
  });
});

test('openapi-mcp is part of the package, so nothing looks for its name in a registry', async () => {
  await bench.pack('npm');
  const npm = ['pack', join(bench.folder(), 'out'), '--dry-run', '--json', '--ignore-scripts'];
  const listed = execFileSync('npm', npm, { encoding: 'utf8', cwd: bench.folder(), env: bench.env(), stdio: 'pipe' });
  const [{ bundled, files }] = Object.values(JSON.parse(listed)) as [{ bundled: string[]; files: { path: string }[] }];
  expect(bundled).toEqual(['openapi-mcp']);
  expect(files.map(({ path }) => path)).toContain('node_modules/openapi-mcp/dist/bin/openapi-mcp.js');
});

test('a scope of npm is that of the package', async () => {
  await bench.pack('npm', '--as', '@me/pets');
  const { name, mcpName } = JSON.parse(readFileSync(join(bench.folder(), 'out/package.json'), 'utf8'));
  expect({ name, mcpName }).toEqual({ name: '@me/pets', mcpName: undefined });
});

test('the README lists tools and variables, and nothing of the document is markup', async () => {
  await bench.pack('npm');
  const text = readFileSync(join(bench.folder(), 'out/README.md'), 'utf8');
  expect(text).toContain('| `addPet` | Add a pet |');
  expect(text).toContain('| `API_KEY_SHOP_KEY` | shop\\_key: API key in header X-Shop-Key | no |');
  expect(text).toContain('"args": [\n        "-y",\n        "pet-shop-mcp"\n      ]');
});
