import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HttpSender } from '../api/http.ts';
import { readFile } from '../api/serialize/files.ts';
import { fileAccess } from './files.ts';

const signal = new AbortController().signal;
const noSend: HttpSender = () => Promise.reject(new Error('nothing is to be sent'));
const refusal = { code: 'FILE_REFUSED' };

describe('files by path', () => {
  let root: string;
  let allowed: string;
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'files-')));
    allowed = join(root, 'allowed');
    await mkdir(join(allowed, 'sub'), { recursive: true });
    await mkdir(join(root, 'allowed-not'));
    await writeFile(join(allowed, 'a.bin'), bytes);
    await writeFile(join(allowed, 'sub', 'é b.txt'), 'text');
    await writeFile(join(allowed, '..b'), 'dots');
    await writeFile(join(root, 'secret.txt'), 'secret');
    await writeFile(join(root, 'allowed-not', 'c.txt'), 'other');
    await symlink(join(root, 'secret.txt'), join(allowed, 'link-out.txt'));
    await symlink(root, join(allowed, 'link-dir'));
    await symlink(join(allowed, 'a.bin'), join(allowed, 'link-in'));
    await symlink(allowed, join(root, 'alias'));
  });
  afterAll(() => rm(root, { recursive: true }));

  const read = (path: string, options: { maxBytes?: number; directories?: string[] } = {}) =>
    readFile({ path }, fileAccess({ directories: [allowed], urlOrigins: [], send: noSend, ...options }), signal);

  test('bytes and name', async () => {
    const file = await read(join(allowed, 'a.bin'));
    expect(file.filename).toBe('a.bin');
    expect(hash(file.bytes)).toBe(hash(bytes));
  });

  test.each([
    { path: 'a.bin', name: 'a.bin' },
    { path: './sub/../a.bin', name: 'a.bin' },
    { path: 'sub/é b.txt', name: 'é b.txt' },
    { path: '..b', name: '..b' },
    { path: 'link-in', name: 'a.bin' },
  ])('a relative path starts at an allowed directory: $path', async ({ path, name }) => {
    expect((await read(path)).filename).toBe(name);
  });

  test('an allowed directory may be a link, and there may be several', async () => {
    expect((await read('a.bin', { directories: [join(root, 'gone'), join(root, 'alias')] })).filename).toBe('a.bin');
  });

  test.each([
    '../secret.txt',
    'sub/../../secret.txt',
    'link-out.txt',
    'link-dir/secret.txt',
    '../allowed-not/c.txt',
    '/etc/passwd',
    '/proc/self/environ',
    'gone.txt',
    '../gone.txt',
    '',
    '.',
    'a\0b',
  ])('%j is rejected with the same error, whether it exists or not', async (path) => {
    await expect(read(path)).rejects.toMatchObject({
      ...refusal,
      message: 'The file is not in an allowed directory, or does not exist.',
    });
  });

  test('a directory is not a file', async () => {
    await expect(read('sub')).rejects.toMatchObject({ ...refusal, message: expect.stringContaining('regular file') });
  });

  test.each([
    { maxBytes: bytes.length, fits: true },
    { maxBytes: bytes.length - 1, fits: false },
  ])('at most $maxBytes bytes: $fits', async ({ maxBytes, fits }) => {
    const file = read('a.bin', { maxBytes });
    if (fits) expect((await file).bytes.length).toBe(bytes.length);
    else
      await expect(file).rejects.toMatchObject({ ...refusal, message: expect.stringContaining(`${maxBytes} bytes`) });
  });

  test('an empty file', async () => {
    await writeFile(join(allowed, 'empty'), '');
    expect((await read('empty', { maxBytes: 0 })).bytes).toEqual(new Uint8Array());
  });

  test('without a directory there are no paths', () => {
    expect(fileAccess({ directories: [], urlOrigins: [], send: noSend })).toEqual({});
  });
});

describe('files by URL', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((done) => server.once('listening', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  // A sender on fetch is enough here; which addresses may be connected to is the sender's own test.
  const send: HttpSender = async ({ method, url, headers, signal }) => {
    const response = await fetch(url, {
      method,
      headers: headers.map(([k, v]): [string, string] => [k, v]),
      signal,
      redirect: 'manual',
    });
    return { status: response.status, headers: [...response.headers], body: response.body ?? empty() };
  };
  async function* empty(): AsyncGenerator<Uint8Array> {}
  const read = (url: string, urlOrigins: string[], maxBytes = 1000) =>
    readFile({ url }, fileAccess({ directories: [], urlOrigins, maxBytes, send }), signal);

  test('bytes, name and type', async () => {
    const origin = await serve((_request, response) =>
      response.setHeader('content-type', 'image/png').end(Buffer.of(0, 255)),
    );
    expect(await read(`${origin}/a/p%20q.png?x=1#f`, [`${origin}/`])).toEqual({
      bytes: Uint8Array.of(0, 255),
      filename: 'p q.png',
      contentType: 'image/png',
    });
    expect(await read(origin, [origin])).not.toHaveProperty('filename');
  });

  test('only of an allowed origin, without credentials', async () => {
    const origin = await serve((_request, response) => response.end('x'));
    const port = new URL(origin).port;
    for (const url of [
      `http://localhost:${port}/`,
      `http://u:p@127.0.0.1:${port}/`,
      'file:///etc/passwd',
      'data:,x',
      'nonsense',
    ]) {
      await expect(read(url, [origin])).rejects.toMatchObject(refusal);
    }
  });

  test('redirects are followed to allowed origins only, three at most', async () => {
    const other = await serve((_request, response) => response.end('other'));
    const origin = await serve(({ url = '' }, response) => {
      const step = Number(url.slice(1));
      const location = url === '/out' ? `${other}/x` : step > 0 ? `/${step - 1}` : undefined;
      if (location === undefined) response.end('here');
      else response.writeHead(302, { location }).end('moved');
    });
    expect((await read(`${origin}/3`, [origin])).bytes).toEqual(new TextEncoder().encode('here'));
    await expect(read(`${origin}/4`, [origin])).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('redirects'),
    });
    await expect(read(`${origin}/out`, [origin])).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('redirects'),
    });
    expect((await read(`${origin}/out`, [origin, other])).bytes).toEqual(new TextEncoder().encode('other'));
  });

  test('an error response, a compressed or an oversized one is rejected', async () => {
    const origin = await serve(({ url }, response) => {
      if (url === '/404') response.writeHead(404).end('no');
      else response.end('x'.repeat(1001));
    });
    await expect(read(`${origin}/404`, [origin])).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('404'),
    });
    await expect(read(`${origin}/big`, [origin])).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('1000 bytes'),
    });
    expect((await read(`${origin}/big`, [origin], 1001)).bytes.length).toBe(1001);
    const compressed: HttpSender = async () => ({
      status: 200,
      headers: [['content-encoding', 'gzip']],
      body: empty(),
    });
    const access = fileAccess({ directories: [], urlOrigins: [origin], send: compressed });
    await expect(readFile({ url: origin }, access, signal)).rejects.toMatchObject(refusal);
  });
});

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
