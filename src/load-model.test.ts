import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openApi } from './proxy.ts';

let home: string;
let server: Server | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'openapi-mcp-load-'));
});
afterEach(async () => {
  await stop();
  rmSync(home, { recursive: true });
});

async function stop(): Promise<void> {
  const closing = server;
  server = undefined;
  if (closing) await new Promise((resolve) => closing.close(resolve));
}

const document = (title: string) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: 'http://127.0.0.1:1' }],
    paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
  });

/** Opens a document as a start would, and ends it, so that its model is kept. */
async function start(source: string, more: Parameters<typeof openApi>[1] = {}) {
  const opened = await openApi(source, { environment: { XDG_CACHE_HOME: join(home, 'cache') }, ...more });
  await opened.provider.close();
  return opened;
}

const entries = () =>
  readdirSync(join(home, 'cache', 'openapi-mcp', 'models')).filter((name) => name.endsWith('.json'));
/** What a later start reads, made recognisable. */
const entryFile = () => join(home, 'cache', 'openapi-mcp', 'models', entries()[0] ?? '');

describe('a document on disk', () => {
  test('is read from the cache while it has not changed, and compiled again when it has', async () => {
    const path = join(home, 'api.json');
    writeFileSync(path, document('One'));
    const first = await start(path);
    expect(entries()).toHaveLength(1);
    expect((await start(path)).model).toEqual(first.model);
    writeFileSync(path, document('Two'));
    expect((await start(path)).model.title).toBe('Two');
    expect(entries()).toHaveLength(1);
  });

  test('is hashed when somebody asks, as it was read', async () => {
    const path = join(home, 'api.json');
    writeFileSync(path, document('One'));
    const { files, hasChanged } = await start(path, { cache: false });
    expect(Object.getOwnPropertyDescriptor(files[0], 'hash')?.get).toEqual(expect.any(Function));
    writeFileSync(path, document('Two'));
    expect(await hasChanged()).toBe(true);
    writeFileSync(path, document('One'));
    expect(await hasChanged()).toBe(false);
    expect(files[0]).toEqual({ location: path, hash: createHash('sha256').update(document('One')).digest('hex') });
  });

  test('is compiled again for other options, and for an overlay that has changed', async () => {
    const path = join(home, 'api.json');
    const overlay = join(home, 'overlay.json');
    const rename = (title: string) =>
      JSON.stringify({
        overlay: '1.0.0',
        info: { title: 'o', version: '1' },
        actions: [{ target: '$.info', update: { title } }],
      });
    writeFileSync(path, document('One'));
    writeFileSync(overlay, rename('Amended'));
    expect((await start(path, { overlays: [overlay] })).model.title).toBe('Amended');
    expect((await start(path)).model.title).toBe('One');
    writeFileSync(overlay, rename('Amended again'));
    expect((await start(path, { overlays: [overlay] })).model.title).toBe('Amended again');
    expect((await start(path, { exclude: ['GET /a'] })).model.operations).toEqual([]);
  });

  test('is compiled again where its entry is damaged', async () => {
    const path = join(home, 'api.json');
    writeFileSync(path, document('One'));
    await start(path);
    const whole = readFileSync(entryFile(), 'utf8');
    writeFileSync(entryFile(), whole.slice(0, whole.length / 2));
    expect((await start(path)).model.title).toBe('One');
    expect(readFileSync(entryFile(), 'utf8').length).toBeGreaterThan(whole.length / 2);
  });

  test('leaves nothing behind where the cache is switched off', async () => {
    const path = join(home, 'api.json');
    writeFileSync(path, document('One'));
    await start(path, { cache: false });
    expect(() => entries()).toThrow();
  });
});

describe('a document on the web', () => {
  let title: string;
  let answered: (number | undefined)[];
  async function publish(port = 0): Promise<string> {
    answered = [];
    server = createServer((request, response) => {
      const etag = `"${title}"`;
      const same = request.headers['if-none-match'] === etag;
      response.writeHead(same ? 304 : 200, { etag, 'content-type': 'application/json', connection: 'close' });
      response.end(same ? undefined : document(title));
      answered.push(response.statusCode);
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`;
  }

  test('is asked for again, and taken from the cache where the server says that it still holds', async () => {
    title = 'One';
    const url = await publish();
    await start(url);
    expect((await start(url)).model.title).toBe('One');
    expect(answered).toEqual([200, 304]);
    title = 'Two';
    expect((await start(url)).model.title).toBe('Two');
    expect(answered).toEqual([200, 304, 200]);
  });

  test('is served from the cache with a warning where it cannot be had', async () => {
    title = 'One';
    const url = await publish();
    await start(url);
    await stop();
    const offline = await start(url);
    expect(offline.model.title).toBe('One');
    expect(offline.notices).toEqual([expect.stringContaining(`${url} cannot be fetched`)]);
  });

  test('fails where it cannot be had and was never kept', async () => {
    await expect(start('http://127.0.0.1:1/openapi.json')).rejects.toMatchObject({ kind: 'network' });
  });
});
