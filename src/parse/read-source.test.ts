import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpSender } from '../runtime/api/http.ts';
import { DocumentError } from './api-document.ts';
import { parseDocument } from './index.ts';
import { readSource } from './read-source.ts';
import type { CachedSource, DocumentSource, ReadOptions } from './source.ts';

/** The smallest sender there can be: bytes as they come, redirects left alone. */
const send: HttpSender = ({ method, url, headers, signal }) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers), signal }, (answer) => {
      const fields = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      resolve({ status: answer.statusCode ?? 0, headers: fields, body: answer });
    });
    sent.on('error', reject).end();
  });

const OPTIONS: ReadOptions = {
  send,
  sendRedirected: () => send,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 2000,
  maxBytes: 10_000,
  stdin: undefined,
  cached: undefined,
};
const TEXT = 'openapi: 3.1.0\npaths: {}\n';
const textOf = async (source: DocumentSource, options: Partial<ReadOptions> = {}): Promise<string> =>
  Buffer.from((await readSource(source, { ...OPTIONS, ...options })).bytes).toString();
const errorOf = async (source: DocumentSource, options: Partial<ReadOptions> = {}): Promise<DocumentError> => {
  const error = await readSource(source, { ...OPTIONS, ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DocumentError);
  return error as DocumentError;
};

describe('from the disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-'));
    await writeFile(join(folder, 'openapi.yaml'), TEXT);
    await writeFile(join(folder, 'large.yaml'), 'x'.repeat(10_001));
    for (const name of ['nested/spec', 'twice', 'empty', 'only', 'unclear'])
      await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, 'nested/spec/swagger.json'), '{}');
    await writeFile(join(folder, 'twice/openapi.yaml'), TEXT);
    await writeFile(join(folder, 'twice/openapi.json'), '{}');
    await writeFile(join(folder, 'only/pets.yml'), TEXT);
    await writeFile(join(folder, 'unclear/a.yml'), TEXT);
    await writeFile(join(folder, 'unclear/b.yml'), TEXT);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a path, a file URL as text and as URL are read', async () => {
    const path = join(folder, 'openapi.yaml');
    for (const source of [path, pathToFileURL(path).href, pathToFileURL(path)]) expect(await textOf(source)).toBe(TEXT);
  });

  test.each([
    { given: '', want: 'openapi.yaml' },
    { given: 'nested', want: 'nested/spec/swagger.json' },
    { given: 'only', want: 'only/pets.yml' },
  ])('in the folder "$given" $want is found', async ({ given, want }) => {
    expect((await readSource(join(folder, given), OPTIONS)).location).toBe(join(folder, want));
  });

  test.each([
    { given: 'twice', says: /both openapi\.json and openapi\.yaml/ },
    { given: 'empty', says: /contains no document/ },
    { given: 'unclear', says: /several files that could be/ },
    { given: 'openapi.yml', says: /does not exist/, fix: 'Did you mean "openapi.yaml"?' },
    { given: 'large.yaml', says: /larger than 10000 bytes/ },
  ])('$given is a clear error', async ({ given, says, fix }) => {
    const error = await errorOf(join(folder, given));
    expect(error.message).toMatch(says);
    expect(error.kind).toBe('document');
    if (fix) expect(error.fix).toBe(fix);
  });

  test.each([
    { given: 'ftp://a.test/x', says: /"ftp:"/ },
    { given: '{"openapi": "3.1.0"}', says: /text of a document/ },
    { given: 'https://', says: /not a usable URL/ },
  ])('$given is a clear error', async ({ given, says }) => {
    expect((await errorOf(given)).message).toMatch(says);
  });
});

describe('from stdin', () => {
  async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield Buffer.from(part);
  }

  test('what comes is read to its end', async () => {
    expect(await textOf('-', { stdin: chunks(TEXT.slice(0, 5), TEXT.slice(5)) })).toBe(TEXT);
  });

  test('too much, and no stdin at all, are clear errors', async () => {
    expect((await errorOf('-', { stdin: chunks('x'.repeat(6000), 'x'.repeat(6000)) })).message).toMatch(/larger than/);
    expect((await errorOf('-')).message).toMatch(/stdin is not available/);
  });
});

describe('from the network', () => {
  let origin = '';
  let other = '';
  let seen: { url: string; headers: IncomingMessage['headers'] }[] = [];
  const servers: Server[] = [];
  const answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
    '/api.yaml': (response, { headers }) => {
      const fresh = headers['if-none-match'] !== '"v1"';
      response.writeHead(fresh ? 200 : 304, { etag: '"v1"', 'last-modified': 'Mon, 01 Jun 2026 00:00:00 GMT' });
      response.end(fresh ? TEXT : undefined);
    },
    '/gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(TEXT)),
    '/bomb': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000))),
    '/utf16': (response) => response.end(Buffer.from(`\uFEFF${TEXT}`, 'utf16le')),
    '/moved': (response) => response.writeHead(302, { location: '/api.yaml' }).end(),
    '/away': (response) => response.writeHead(301, { location: `${other}/api.yaml` }).end(),
    '/loop': (response) => response.writeHead(307, { location: '/loop' }).end(),
    '/to-file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/private': (response) => response.writeHead(401).end('who are you'),
    '/slow': () => undefined,
    '/dies': (response) => response.destroy(),
    '/large': (response) => response.end('x'.repeat(10_001)),
    '/page': (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><a href="/v3/api-docs">'),
    '/main.json': (response) => response.end('{"openapi":"3.1.0","paths":{"/a":{"$ref":"part.json#/a"}}}'),
    '/part.json': (response) => response.end('{"a":{"get":{}}}'),
  };
  const listen = async (): Promise<string> => {
    const server = createServer((incoming, response) => {
      const path = incoming.url?.replace(/\?.*/, '') ?? '';
      seen.push({ url: incoming.url ?? '', headers: incoming.headers });
      const answer = answers[path];
      if (answer) answer(response, incoming);
      else response.writeHead(404).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  beforeAll(async () => {
    origin = await listen();
    other = await listen();
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  test('a document is fetched with its validators, and asked for again only if changed', async () => {
    const first = await readSource(`${origin}/api.yaml`, OPTIONS);
    expect(first).toMatchObject({ etag: '"v1"', lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT', notModified: false });
    const cached: CachedSource = { bytes: Buffer.from('cached'), etag: '"v1"' };
    const second = await readSource(`${origin}/api.yaml`, { ...OPTIONS, cached });
    expect(second).toMatchObject({ etag: '"v1"', notModified: true });
    expect(Buffer.from(second.bytes).toString()).toBe('cached');
  });

  test.each([
    [{}, {}],
    [{ etag: '"1"' }, { 'if-none-match': '"1"' }],
    [{ lastModified: 'Mon, 23 Nov 2026 00:00:00 GMT' }, { 'if-modified-since': 'Mon, 23 Nov 2026 00:00:00 GMT' }],
  ])('what is cached with %j is asked for with its validators alone', async (validators, want) => {
    await readSource(`${origin}/api.yaml`, { ...OPTIONS, cached: { bytes: Buffer.from('cached'), ...validators } });
    const sent = Object.entries(seen.at(-1)?.headers ?? {}).filter(([name]) => name.startsWith('if-'));
    expect(Object.fromEntries(sent)).toEqual(want);
  });

  test('compressed and UTF-16 answers are read', async () => {
    expect(await textOf(`${origin}/gzip`)).toBe(TEXT);
    const { root } = await parseDocument(`${origin}/utf16`, { ...OPTIONS, amend: undefined });
    expect(root).toEqual({ openapi: '3.1.0', paths: {} });
  });

  test('redirects are followed, and relative addresses stand against the last one', async () => {
    const { base, location } = await readSource(`${origin}/moved?token=secret`, OPTIONS);
    expect(base).toEqual({ kind: 'web', url: `${origin}/api.yaml`, origin });
    expect(location).toBe(`${origin}/api.yaml`);
  });

  test('headers of the document go to its own origin only', async () => {
    seen = [];
    await readSource(`${origin}/away`, { ...OPTIONS, headers: [['X-Key', 'secret']] });
    expect(seen.map(({ headers }) => headers['x-key'])).toEqual(['secret', undefined]);
  });

  test('credentials in the URL are sent as Basic, to that origin only, and never shown', async () => {
    seen = [];
    const address = `${origin}/away`.replace('//', '//me:p%40ss@');
    const { location } = await readSource(address, OPTIONS);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([`Basic ${btoa('me:p@ss')}`, undefined]);
    expect(location).toBe(`${other}/api.yaml`);
    const error = await errorOf(`${origin}/none?token=secret`.replace('//', '//me:pass@'));
    expect(`${error.message} ${error.location} ${error.fix}`).not.toMatch(/secret|pass/);
  });

  test.each([
    { path: '/none', says: /status 404/, fix: /Check the address/ },
    { path: '/private', says: /status 401/, fix: /--document-header/ },
    { path: '/loop', says: /more than 5 redirects/, fix: /final address/ },
    { path: '/to-file', says: /redirects to file:/, fix: /final address/ },
    { path: '/large', says: /larger than 10000 bytes/, fix: /limit/ },
    { path: '/bomb', says: /larger than 10000 bytes/, fix: /limit/ },
    { path: '/dies', says: /closed the connection/, fix: /Try again/ },
  ])('$path is a clear error', async ({ path, says, fix }) => {
    const error = await errorOf(origin + path);
    expect(error.message).toMatch(says);
    expect(error.fix).toMatch(fix);
    expect(error).toMatchObject({ kind: 'network', location: origin + path });
  });

  test('a server that does not answer in time is a clear error', async () => {
    expect((await errorOf(`${origin}/slow`, { timeoutMs: 100 })).message).toMatch(/did not respond within 0\.1 s/);
  });

  test('a port on which nothing listens is a clear error', async () => {
    expect((await errorOf('http://127.0.0.1:1/x')).message).toMatch(/Nothing is listening/);
  });

  test('a page in place of a document is refused, and says where the document is', async () => {
    const parsing = parseDocument(`${origin}/page`, { ...OPTIONS, amend: undefined });
    await expect(parsing).rejects.toMatchObject({
      message: expect.stringContaining('HTML page'),
      fix: expect.stringContaining('/v3/api-docs'),
    });
  });

  test('references of a document on the network are followed only where that is allowed', async () => {
    const refused = await parseDocument(`${origin}/main.json`, { ...OPTIONS, amend: undefined });
    expect(refused.problems).toMatchObject([{ code: 'REMOTE_REF_REFUSED', pointer: '#/paths/~1a' }]);
    seen = [];
    const allowed = await parseDocument(`${origin}/main.json`, {
      ...{ ...OPTIONS, amend: undefined, sendRemoteRefs: send, headers: [['x-key', 'secret']] },
    });
    expect(allowed.root).toMatchObject({
      'x-bundled-files': { part: { a: { get: {} } } },
      paths: { '/a': { $ref: '#/x-bundled-files/part/a' } },
    });
    expect(seen.map(({ headers }) => headers['x-key'])).toEqual(['secret', 'secret']);
  });
});
