import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { getMcpConfigForManifest, unpackExtension, validateManifest } from '@anthropic-ai/mcpb';
import { McpbManifestSchema } from '@anthropic-ai/mcpb/schemas/0.3';
import { connect } from 'openapi-mcp/client';
import { expect, test } from 'vitest';
import { packBench } from '../pack.test.fixture.ts';

const bench = packBench();

const manifestOf = (folder: string) =>
  McpbManifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));

/** What a client starts from a bundle and the answers of its user. */
async function startOf(folder: string, userConfig: Record<string, string>) {
  const config = await getMcpConfigForManifest({
    manifest: manifestOf(folder),
    extensionPath: folder,
    systemDirs: {},
    userConfig,
    pathSeparator: '/',
  });
  if (!config) throw new Error('The client would not start the bundle.');
  return { command: process.execPath, args: config.args ?? [], env: bench.env(config.env) };
}

test('a client starts the bundle, which is all that it needs, with the credentials of its user', async () => {
  const { code, stdout } = await bench.pack('mcpb');
  expect(code).toBe(0);
  expect(stdout).toContain('Packed pet-shop 1.2.0 (8 tools) as desktop bundle: out');
  const unpacked = join(bench.folder(), 'unpacked');
  expect(
    await unpackExtension({
      mcpbPath: join(bench.folder(), 'out/pet-shop-1.2.0.mcpb'),
      outputDir: unpacked,
      silent: true,
    }),
  ).toBe(true);
  expect(validateManifest(join(unpacked, 'manifest.json'))).toBe(true);
  expect(readFileSync(join(unpacked, 'openapi-mcp.config.json'))).toEqual(
    readFileSync(join(bench.folder(), 'out/bundle/openapi-mcp.config.json')),
  );
  rmSync(join(bench.folder(), 'out'), { recursive: true });
  await using client = await connect(await startOf(unpacked, { api_key_shop_key: 'k-1' }));
  const { isError = false } = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
  expect(isError).toBe(false);
  expect(bench.requests().at(-1)?.headers['x-shop-key']).toBe('k-1');
});

test('a bundle in code mode has what runs the code', async () => {
  await bench.pack('mcpb', '--mode', 'code');
  const folder = join(bench.folder(), 'moved');
  renameSync(join(bench.folder(), 'out/bundle'), folder);
  await using client = await connect(await startOf(folder, { api_key_shop_key: 'k-1' }));
  const code = "return await api.addPet({ name: 'Rex', species: 'dog' })";
  expect((await client.callTool('execute', { code })).isError).toBe(undefined);
  expect(bench.requests().at(-1)).toMatchObject({ method: 'POST', body: '{"name":"Rex","species":"dog"}' });
});

test('credentials are sensitive questions, and a client that asks none still starts it', async () => {
  await bench.pack('mcpb');
  const folder = join(bench.folder(), 'moved here');
  renameSync(join(bench.folder(), 'out/bundle'), folder);
  const { user_config, tools } = manifestOf(folder);
  expect(user_config).toEqual({
    api_key_shop_key: {
      type: 'string',
      title: 'API_KEY_SHOP_KEY',
      description: 'shop_key: API key in header X-Shop-Key',
      sensitive: true,
      required: false,
      default: '',
    },
  });
  expect(tools?.map(({ name }) => name)).toContain('listPets');
  await using client = await connect(await startOf(folder, {}));
  const failed = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
  expect(JSON.stringify(failed)).toContain('API_KEY_SHOP_KEY');
});

test('the same document makes the same bytes', async () => {
  await bench.pack('mcpb');
  const path = join(bench.folder(), 'out/pet-shop-1.2.0.mcpb');
  const first = readFileSync(path);
  await bench.pack('mcpb', '--overwrite');
  expect(readFileSync(path).equals(first)).toBe(true);
  expect(first.includes(bench.folder())).toBe(false);
});
