import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BodyEncoding, Operation, PartPlan } from '../../model/index.ts';
import { buildRequest } from '../api/request/build-request.ts';
import { httpRequest } from '../api/send/send.ts';
import { fileAccess } from './files.ts';
import { createNodeSender } from './send.ts';

// A file from the disk through the request builder and a real connection; what arrives is read by Node's own parsers.
const sender = createNodeSender({
  proxy: {},
  allowPrivate: true,
  connections: 1,
  connectTimeoutMs: 5000,
});
const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

let arrived: { contentType: string; note: string; body: Buffer };
const server = createServer(async (request, response) => {
  const { 'content-type': contentType = '', 'x-note': note = '' } = request.headers;
  arrived = { contentType, note: String(note), body: await buffer(request) };
  response.end();
});
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'round-trip-'));
  await writeFile(join(directory, 'é "1".png'), bytes);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await sender.close();
  server.close();
  await rm(directory, { recursive: true });
});

async function send(mediaType: string, encoding: BodyEncoding, body: unknown) {
  const operation: Operation = {
    id: 'op',
    origin: { pointer: '#', method: 'post', path: '/op', tags: [], deprecated: false },
    request: {
      method: 'POST',
      servers: 'api',
      path: ['/op'],
      fixedQuery: '',
      query: [],
      headers: [{ argument: 'note', name: 'X-Note', format: { kind: 'style', style: 'simple', explode: false } }],
      cookies: [],
      body: { required: true, variants: [{ mediaType, encoding, source: { kind: 'argument', argument: 'body' } }] },
      coercions: [],
      renamed: false,
    },
    response: { accept: '', wrapped: false, pagingArguments: [] },
    auth: [],
    arguments: { type: 'object', properties: {}, required: [], additionalProperties: false },
  };
  const { signal } = new AbortController();
  const request = await buildRequest({
    operation,
    schemas: {},
    arguments: { body, note: 'naïve 日' },
    serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: fileAccess({ directories: [directory], urlOrigins: [], send: sender.send }),
    signal,
  });
  const response = await sender.send(httpRequest(request, signal));
  for await (const _chunk of response.body);
  expect(response.status).toBe(200);
  return arrived;
}

test('octet-stream: the bytes are those of the file', async () => {
  const { body, contentType } = await send('application/octet-stream', { kind: 'bytes' }, { path: 'é "1".png' });
  expect(contentType).toBe('application/octet-stream');
  expect(hash(body)).toBe(hash(bytes));
});

test('multipart: a reader of forms finds the file, its name and its type', async () => {
  const part = (more: Partial<PartPlan>): PartPlan => ({
    mediaTypes: [],
    bytes: false,
    repeat: true,
    headers: [],
    ...more,
  });
  const encoding: BodyEncoding = { kind: 'multipart', parts: { file: part({ bytes: true }) }, other: part({}) };
  const { body, contentType } = await send('multipart/form-data', encoding, {
    file: [{ path: 'é "1".png' }, { base64: Buffer.from(bytes).toString('base64'), filename: 'b.bin' }],
    'näme "q"': 'é\r\n--x',
  });
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  expect(form.get('näme "q"')).toBe('é\r\n--x');
  const files = form.getAll('file').filter((entry) => typeof entry !== 'string');
  expect(files.map(({ name, type }) => ({ name, type }))).toEqual([
    { name: 'é "1".png', type: 'image/png' },
    { name: 'b.bin', type: 'application/octet-stream' },
  ]);
  for (const file of files) expect(hash(new Uint8Array(await file.arrayBuffer()))).toBe(hash(bytes));
});

test('a header beyond ASCII arrives as UTF-8', async () => {
  const { note } = await send('text/plain', { kind: 'text' }, '');
  expect(Buffer.from(note, 'latin1').toString('utf8')).toBe('naïve 日');
});
