import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { connect, type McpClient } from 'openapi-mcp/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAIN } from './cli/started.test.fixture.ts';
import { importProject } from './emitted-project.test.fixture.ts';
import { generateProject } from './generate.ts';
import type { Provider, ToolResult } from './runtime/provider.ts';

// One API with a list of 5 MB, served in each way with default settings.
const ROWS = Array.from({ length: 24_000 }, (_, id) => ({
  id,
  name: `Group ${id}`,
  url: `https://groups.example/api/v4/groups/${id}`,
  description: `What group ${id} is for, in some words; and more words about it, so that the row has a usual length.`,
}));
const LIST = JSON.stringify(ROWS);
const LIMIT = 20_000;

let api: Server;
let folder: string;
let calls = 0;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  api = createServer((_, response) => {
    calls += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(LIST);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-results-'));
  const row = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
  const operation = (operationId: string, schema: object) => ({
    get: { operationId, responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } } },
  });
  const document = {
    openapi: '3.1.0',
    info: { title: 'Groups', version: '1' },
    servers: [{ url: `http://127.0.0.1:${(api.address() as AddressInfo).port}` }],
    paths: { '/groups': operation('listGroups', { type: 'array', items: row }), '/any': operation('listAny', {}) },
  };
  writeFileSync(join(folder, 'groups.json'), JSON.stringify(document));
  const apis = { one: { spec: 'groups.json' }, two: { spec: 'groups.json' } };
  writeFileSync(join(folder, 'openapi-mcp.config.json'), JSON.stringify({ apis }));
});
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
  api.close();
  rmSync(folder, { recursive: true });
});

const textOf = ({ content }: ToolResult) => (content[0]?.type === 'text' ? content[0].text : '');
const handleOf = ({ content }: ToolResult) =>
  content.flatMap((block) => (block.type === 'resource_link' ? [block.uri.slice('result://'.length)] : []))[0] ?? '';

const started = async (...args: readonly string[]): Promise<McpClient> => {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, XDG_CACHE_HOME: folder };
  const client = await connect({ command: process.execPath, args: [MAIN, ...args, '--quiet'], cwd: folder, env });
  closers.push(() => client.close());
  return client;
};

describe.each<{ way: string; prefix: string; open: () => Promise<McpClient> }>([
  { way: 'run', prefix: '', open: () => started('run', 'groups.json') },
  { way: 'run in search mode', prefix: 'search ', open: () => started('run', 'groups.json', '--mode', 'search') },
  { way: 'a composite', prefix: 'one_', open: () => started('run', '.') },
  {
    way: 'an emitted server',
    prefix: '',
    async open() {
      const { create, load } = await importProject(
        await generateProject(join(folder, 'groups.json'), { cache: false }),
      );
      const { keepResultsInFiles } = (await load('runtime/node/keep-results-in-files.ts')) as {
        keepResultsInFiles: (provider: Provider, maxTokens: number) => Provider;
      };
      const client = await connect({ provider: keepResultsInFiles(create({ environment: {} }), LIMIT) });
      closers.push(() => client.close());
      return client;
    },
  },
])('$way', ({ prefix, open }) => {
  let client: McpClient;
  beforeAll(async () => {
    client = await open();
  }, 60_000);
  const call = (name: string) =>
    prefix === 'search ' ? client.callTool('call_tool', { name, arguments: {} }) : client.callTool(prefix + name, {});

  test.each(['listGroups', 'listAny'])('%s: at most 20,000 tokens, and the rest without another call', async (name) => {
    const before = calls;
    const result = (await call(name)) as ToolResult;
    expect(countTokens(JSON.stringify(result))).toBeLessThanOrEqual(LIMIT);
    const shown: unknown[] = JSON.parse(textOf(result));
    expect(shown.length).toBeGreaterThan(100);
    expect(shown).toEqual(ROWS.slice(0, shown.length));

    // A host that calls tools.
    const handle = handleOf(result);
    const from = shown.length;
    const next = JSON.parse(textOf((await client.callTool('read_result', { handle, from })) as ToolResult));
    expect(next).toEqual(ROWS.slice(from, from + next.length));
    const names = await client.callTool('read_result', { handle, query: '[?id==`23999`].name' });
    expect(textOf(names as ToolResult)).toBe('["Group 23999"]');

    // A host that follows links.
    const { contents } = await client.readResource(`result://${handle}`);
    expect(contents[0]).toMatchObject({ text: LIST, mimeType: 'application/json' });

    // A host that shows the structured content only.
    const rest = (result.structuredContent as { 'openapi-mcp/rest'?: object } | undefined)?.['openapi-mcp/rest'];
    if (result.structuredContent !== undefined) expect(rest).toMatchObject({ handle });
    expect(calls).toBe(before + 1);
  });
});
