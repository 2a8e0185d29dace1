import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ended, fromRoot, start } from './started.test.fixture.ts';

const SHOP = fromRoot('test-specs/petstore.yaml');
const HTTP = ['run', SHOP, '--no-cache', '--transport', 'http', '--port', '0', '--inspector'];
const OTHERS = { env: { API_KEY_SHOP_KEY: 'secret-of-the-shop', OPENAPI_MCP_TOKEN: 'secret-of-the-server' } };

describe('run --inspector', () => {
  test('prints a link that opens the page once, and another link after that', async () => {
    const server = start(HTTP, OTHERS);
    await server.said('Inspector: http://');
    const link = /Inspector: (\S+)/.exec(server.stderr())?.[1] ?? '';
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/inspector\/\?token=[\w-]{43}$/);
    const visit = await fetch(link, { redirect: 'manual' });
    expect(visit.status).toBe(303);
    const cookie = visit.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(new URL('/inspector/', link), { headers: { cookie } });
    expect(await page.text()).toContain('<div id="page"></div>');
    const overview = await fetch(new URL('/inspector/api/overview', link), { headers: { cookie, 'x-inspector': '1' } });
    expect(await overview.json()).toMatchObject({ info: { title: 'Pet shop' }, mode: 'tools' });
    await server.said('(for another browser)');
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
    server.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining('secret-of') });
  });

  test('shows the calls of clients once, in any list mode', async () => {
    const server = start([...HTTP, '--mode', 'search', '--json'], OTHERS);
    await server.said('"inspector"');
    const { inspector: link } = JSON.parse(/\{"inspector".*\}/.exec(server.stderr())?.[0] ?? '{}');
    const visit = await fetch(link, { redirect: 'manual' });
    const headers = { cookie: visit.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-inspector': '1' };
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    const client = new Client({ name: 'test', version: '1.0.0' });
    const requestInit = { headers: { Authorization: 'Bearer secret-of-the-server' } };
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', link), { requestInit }));
    await client.callTool({ name: 'call_tool', arguments: { name: 'getPet', arguments: {} } });
    await client.close();
    const traffic = await fetch(new URL('/inspector/api/traffic', link), { headers });
    expect(await traffic.json()).toMatchObject([{ method: 'tools/call', target: 'call_tool' }]);
    const budget = await fetch(new URL('/inspector/api/budget', link), { headers });
    expect(await budget.json()).toMatchObject({ mode: 'search' });
    server.kill('SIGINT');
    await server.ended;
  });

  test.each([
    ['over stdio', ['run', SHOP, '--inspector'], 'Add --transport http.'],
    ['on an address of other machines', [...HTTP, '--host', '0.0.0.0', '--insecure'], 'Listen on 127.0.0.1'],
    ['with its own path as that of the endpoint', [...HTTP, '--path', '/inspector'], 'Choose another --path.'],
  ])('is a usage error %s', async (_, args, fix) => {
    const { code, stderr } = await ended(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(fix)]);
  });
});

test('dev shows what is served after each edit, and why an edit is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-inspector-'));
  const write = (text: string) => writeFileSync(join(folder, 'api.json'), text);
  const documentOf = (operationId: string) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Shop', version: '1' },
      servers: [{ url: 'https://shop.example' }],
      paths: { '/pets': { get: { operationId, responses: { 200: { description: 'ok' } } } } },
    });
  write(documentOf('listPets'));
  const server = start(['dev', 'api.json', '--port', '0'], { cwd: folder, env: { HOME: folder } });
  await server.said('Inspector: http://');
  const link = /Inspector: (\S+)/.exec(server.stderr())?.[1] ?? '';
  const visit = await fetch(link, { redirect: 'manual' });
  const headers = { cookie: visit.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-inspector': '1' };
  const shows = (overview: object) =>
    vi.waitFor(
      async () => {
        const response = await fetch(new URL('/inspector/api/overview', link), { headers });
        expect(await response.json()).toMatchObject(overview);
      },
      { timeout: 10_000 },
    );
  await shows({ tools: [{ name: 'listPets' }] });
  write(documentOf('listAnimals'));
  await shows({ tools: [{ name: 'listAnimals' }] });
  write('');
  await shows({ tools: [{ name: 'listAnimals' }], failure: { message: expect.stringContaining('empty') } });
  server.kill('SIGINT');
  await server.ended;
  rmSync(folder, { recursive: true });
});
