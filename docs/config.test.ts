import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type McpClient } from '../src/client/index.ts';
import { openApi } from '../src/proxy.ts';
import { type MockApi, startMockApi } from '../src/runtime/testing/mock-api.ts';

// The config files of docs/config.md, as `openapi-mcp run` takes them: openapi-mcp.config.yaml, which mounts notes.ts,
// and openapi-mcp.config.ts.

const MAIN = join(import.meta.dirname, '../dist/bin/openapi-mcp.js');
const example = (name: string) => join(import.meta.dirname, 'examples', name);

let api: MockApi;
beforeAll(async () => {
  const { model, provider } = await openApi(join(import.meta.dirname, '../test-specs/petstore.yaml'), {
    cache: false,
    answerSchemas: 'all',
  });
  await provider.close();
  api = await startMockApi(model);
});
afterAll(() => api.close());

const names = async (client: McpClient) => (await client.listTools()).map(({ name }) => name);

describe('openapi-mcp.config.yaml', () => {
  test('serves two documents and a module over HTTP, to whoever has the token', async () => {
    const env = { PATH: process.env.PATH, PETS_URL: api.url, SHOP_KEY: 'key', PORT: '0', OPENAPI_MCP_TOKEN: 'sesame' };
    const child = spawn(process.execPath, [MAIN, 'run', example('openapi-mcp.config.yaml'), '--json'], { env });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
        const [, found] = /"serving":"([^"]+)"/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.on('close', () => reject(new Error(said)));
    });
    const client = await connect({ url, headers: { Authorization: 'Bearer sesame' } });
    expect(await names(client)).toEqual(
      expect.arrayContaining(['pets_find', 'pets_getPet', 'shapes_get_shape', 'notes_add']),
    );
    expect(await client.callTool('pets_find')).not.toMatchObject({ isError: true });
    expect(await client.callTool('notes_add', { note: 'a' })).toMatchObject({ content: [{ text: 'Kept 1.' }] });
    await client.close();
    child.kill();
  });
});

describe('openapi-mcp.config.ts', () => {
  test('is typed, and accepts functions', async () => {
    const args = [MAIN, 'run', example('openapi-mcp.config.ts'), '--base-url', api.url];
    const client = await connect({ command: process.execPath, args, stderr: 'ignore' });
    const tools = await names(client);
    expect(tools).toEqual(expect.arrayContaining(['about', 'listPets']));
    expect(tools).not.toContain('removePet');
    await client.callTool('listPets');
    expect(api.requests.at(-1)?.headers).toMatchObject({ 'x-desk': '1' });
    await client.close();
  });
});
