import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../client/index.ts';
import { type PagingApi, ROWS, startPagingApi } from '../runtime/fit/paging/paging-api.test.fixture.ts';
import { noteText } from '../runtime/note.ts';
import type { ToolResult } from '../runtime/provider.ts';
import { ended, fromRoot, MAIN } from './started.test.fixture.ts';

const SPEC = fromRoot('test-specs/pagination.yaml');
type Client = Awaited<ReturnType<typeof connect>>;

let api: PagingApi;
let folder: string;
let clients: Client[] = [];
beforeAll(async () => {
  api = await startPagingApi();
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-paging-'));
});
beforeEach(() => {
  api.answer = undefined;
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  await api.close();
  rmSync(folder, { recursive: true });
});

async function connected(args: readonly string[], env: Record<string, string> = {}): Promise<Client> {
  const client = await connect({ command: process.execPath, args: [...args], env });
  clients.push(client);
  return client;
}
const served = (args: readonly string[], env?: Record<string, string>) =>
  connected([MAIN, 'run', ...args, '--quiet', '--no-cache'], env);

function configOf(config: object): string {
  const path = join(mkdtempSync(join(folder, 'config-')), 'openapi-mcp.config.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const notesOf = ({ content }: ToolResult) => content.flatMap((block) => noteText(block) ?? []).join('\n');
const cursorOf = (result: ToolResult) => / with (?:page_)?cursor: "([^"]+)"/.exec(notesOf(result))?.[1];
const dataOf = ({ content }: ToolResult) => JSON.parse(content[0]?.type === 'text' ? content[0].text : 'null');
const argumentsOf = async (client: Client, name: string) =>
  Object.keys((await client.listTools()).find((tool) => tool.name === name)?.inputSchema.properties ?? {});

/** One of every kind, and where its list is. */
const KINDS = [
  ['byNextUrl', 'data'],
  ['byToken', 'items'],
  ['byLastItem', 'data'],
  ['byLink', undefined],
  ['byPage', undefined],
  ['byOffset', 'rows'],
  ['searchRows', 'results'],
] as const;

async function expectAllPages(client: Client, prefix = '') {
  for (const [name, list] of KINDS) {
    const data = dataOf(await client.callTool(`${prefix}${name}`, { max_items: 100 }));
    expect(list === undefined ? data : data[list]).toEqual(ROWS);
  }
}

describe('run --paging', () => {
  test('collects every kind of pages, and follows a cursor', async () => {
    const client = await served([SPEC, '--base-url', api.url, '--paging']);
    await expectAllPages(client);
    const first = await client.callTool('byToken');
    expect(dataOf(await client.callTool('byToken', { cursor: cursorOf(first) })).items).toEqual(ROWS.slice(3, 6));
    const wrong = await client.callTool('byPage', { cursor: cursorOf(first) });
    expect(wrong.isError).toBe(true);
    expect(JSON.stringify(wrong.content)).toContain('belongs to the tool \\"byToken\\"');
  });

  test('reports progress to the client', async () => {
    const client = await served([SPEC, '--base-url', api.url, '--paging']);
    const messages: (string | undefined)[] = [];
    await client.callTool('byPage', { max_items: 100 }, { onProgress: ({ message }) => messages.push(message) });
    expect(messages.at(0)).toBe('page 1, 3 items');
  });

  test('nothing changes without it', async () => {
    const client = await served([SPEC, '--base-url', api.url]);
    expect(await argumentsOf(client, 'byToken')).toEqual(['pageToken', 'pageSize']);
    expect(notesOf(await client.callTool('byToken'))).toBe('');
  });

  test('in search mode, through call_tool', async () => {
    const client = await served([SPEC, '--base-url', api.url, '--paging', '--mode', 'search']);
    const result = await client.callTool('call_tool', { name: 'byToken', arguments: { max_items: 4 } });
    expect(dataOf(result).items).toEqual(ROWS.slice(0, 4));
    const rest = { max_items: 100, cursor: cursorOf(result) };
    const next = await client.callTool('call_tool', { name: 'byToken', arguments: rest });
    expect(dataOf(next).items).toEqual(ROWS.slice(4));
  });

  test('processes with the same key accept the cursors of each other', async () => {
    const env = { OPENAPI_MCP_PAGING_KEY: 'shared by two processes' };
    const [one, two] = [
      await served([SPEC, '--base-url', api.url, '--paging'], env),
      await served([SPEC, '--base-url', api.url, '--paging'], env),
    ];
    const cursor = cursorOf(await one.callTool('byNextUrl'));
    expect(dataOf(await two.callTool('byNextUrl', { cursor })).data).toEqual(ROWS.slice(3, 6));
  });
});

describe('a config file', () => {
  test('pages through several APIs, and through one part by a transform', async () => {
    const spec = { spec: SPEC, baseUrl: api.url };
    await expectAllPages(await served([configOf({ apis: { one: spec, two: spec }, paging: true })]), 'two_');
    const part = { ...spec, transforms: [{ pageResults: { maxItems: 50 } }] };
    const client = await served([configOf({ apis: { one: part, two: spec } })]);
    expect(await argumentsOf(client, 'one_byToken')).toContain('max_items');
    expect(await argumentsOf(client, 'two_byToken')).not.toContain('max_items');
    const result = await client.callTool('one_byToken', { max_items: 51 });
    expect(JSON.stringify(result.content)).toContain('max_items: must be an integer from 1 to 50');
  });

  test('corrects what was recognised', async () => {
    const pagination = { byToken: false, top: { kind: 'link', items: [] } };
    const config = configOf({ apis: { rows: { spec: SPEC, baseUrl: api.url, pagination } }, paging: true });
    const client = await served([config]);
    expect(await argumentsOf(client, 'byToken')).not.toContain('cursor');
    expect(dataOf(await client.callTool('top', { max_items: 100 }))).toEqual(ROWS);
  });

  test('with a mistake says where it is, and what is allowed', async () => {
    const pagination = { byToken: { kind: 'token', argument: 'pageToken' }, byPage: true, byLink: { kind: 'lnk' } };
    const { code, stderr } = await ended([
      'run',
      configOf({ apis: { rows: { spec: SPEC, pagination } } }),
      '--dry-run',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('apis.rows.pagination.byLink');
    const others = { byToken: { kind: 'token', argument: 'pageToken' }, byPage: true };
    const next = await ended(['run', configOf({ apis: { rows: { spec: SPEC, pagination: others } } }), '--dry-run']);
    expect(next.code).toBe(2);
    expect(next.stderr).toContain('apis.rows.pagination.byToken of the kind "token" needs "next"');
    expect(next.stderr).toContain('apis.rows.pagination.byPage must be false, or an object with "kind"');
  });
});

test('an emitted server takes --paging, and startServer() the option', { timeout: 60_000 }, async () => {
  const project = join(folder, 'project');
  const spec = join(folder, 'pages.yaml');
  writeFileSync(spec, readFileSync(SPEC, 'utf8').replace('https://pages.example/v1', api.url));
  expect((await ended(['generate', spec, '--out', project])).code).toBe(0);
  symlinkSync(fromRoot('node_modules'), join(project, 'node_modules'), 'junction');
  const built = spawnSync(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '--noCheck'], {
    cwd: project,
  });
  expect(built.status).toBe(0);
  spawnSync(process.execPath, ['scripts/finish-build.js'], { cwd: project });
  const client = await connected([join(project, 'dist/index.js'), '--paging']);
  await expectAllPages(client);
  const paged = join(project, 'dist/paged.js');
  writeFileSync(
    paged,
    `import { createPages } from './pages.js';
import { startServer } from './runtime/emitted.js';
await startServer(createPages(), { paging: true });
`,
  );
  const own = await connected([paged]);
  await expectAllPages(own);
  const cursor = cursorOf(await own.callTool('byLink'));
  expect(dataOf(await own.callTool('byLink', { cursor }))).toEqual(ROWS.slice(3, 6));
});

test('inspect, list and lint show how pages are reached', async () => {
  const inspected = await ended(['inspect', SPEC, '--json', '--no-cache']);
  const tools: { name: string; paging: { kind: string } | null }[] = JSON.parse(inspected.stdout).tools;
  expect(tools.find(({ name }) => name === 'byLastItem')?.paging).toMatchObject({ kind: 'lastItem' });
  expect(tools.find(({ name }) => name === 'dates')?.paging).toBeNull();
  const shown = await ended(['inspect', SPEC, '--no-cache']);
  expect(shown.stdout).toMatch(/byToken +a value in the response +nextPageToken → pageToken/);
  const listed = await ended(['list', SPEC, 'byToken', '--no-cache']);
  expect(listed.stdout).toContain(
    'by a value in the response, argument pageToken; run --paging adds cursor and max_items',
  );
  const linted = await ended(['lint', SPEC]);
  expect(linted.stdout).toContain('Pages by offset: "byOffset" (offset).');
});
