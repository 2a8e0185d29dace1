import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { DocumentError } from './api-document.ts';

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Found', version: '1' },
  paths: { '/a': { get: { operationId: 'getA', responses: {} } } },
});

let server: Server;
let origin: string;
/** What the server responds by path; everything else is 404. */
let pages: Record<string, { readonly status?: number; readonly text: string }> = {};
let requested: { readonly path: string; readonly key: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    requested.push({ path, key: request.headersDistinct['x-key']?.[0] });
    const page = pages[path];
    response.writeHead(page?.status ?? (page ? 200 : 404)).end(page?.text ?? 'Cannot GET');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  pages = {};
  requested = [];
});

async function opened(address: string) {
  const api = await openApi(address, { cache: false, documentHeaders: [['X-Key', 'abc']] });
  await api.provider.close();
  return { location: api.document.location.slice(origin.length), notices: api.notices };
}

test.each(['/openapi.json', '/v3/api-docs', '/swagger/v1/swagger.json', '/api/schema/', '/documentation/json', '/doc'])(
  'the address of an API leads to its document at %s',
  async (place) => {
    pages[place] = { text: DOCUMENT };
    const { location, notices } = await opened(origin);
    expect(location).toBe(place);
    expect(notices).toContain(`Found the document of ${origin} at ${origin}${place}.`);
  },
);

test('places below the given path come first, then those below the root', async () => {
  pages['/openapi.json'] = { text: DOCUMENT };
  expect((await opened(`${origin}/api/v2`)).location).toBe('/openapi.json');
  pages['/api/v2/openapi.json'] = { text: DOCUMENT };
  expect((await opened(`${origin}/api/v2/`)).location).toBe('/api/v2/openapi.json');
});

test('a documentation page leads to the document that it names', async () => {
  pages['/docs'] = { text: '<!doctype html><html><script>SwaggerUIBundle({url: "/static/my-openapi.json"})</script>' };
  pages['/static/my-openapi.json'] = { text: DOCUMENT };
  expect((await opened(`${origin}/docs`)).location).toBe('/static/my-openapi.json');
});

test('a page of another origin is not followed', async () => {
  pages['/docs'] = { text: '<html><redoc spec-url="https://other.example/openapi.json"></redoc>' };
  pages['/openapi.json'] = { text: DOCUMENT };
  expect((await opened(`${origin}/docs`)).location).toBe('/openapi.json');
});

test('a greeting, an error or JSON of another kind is not a document', async () => {
  pages['/openapi.json'] = { text: DOCUMENT };
  for (const page of [{ text: 'Hello' }, { status: 401, text: '{}' }, { text: '{"message":"it works"}' }]) {
    pages['/'] = page;
    expect((await opened(origin)).location).toBe('/openapi.json');
  }
  pages['/openapi.json'] = { text: '{"error":"openapi: 3 is off"}' };
  pages['/swagger.json'] = { text: DOCUMENT };
  expect((await opened(origin)).location).toBe('/swagger.json');
});

test('a document at the address itself is fetched once, with nothing else', async () => {
  pages['/api'] = { text: DOCUMENT };
  expect(await opened(`${origin}/api`)).toMatchObject({ location: '/api' });
  expect(requested).toEqual([{ path: '/api', key: 'abc' }]);
});

test('the headers for the document are sent to every place', async () => {
  pages['/openapi.yaml'] = { text: DOCUMENT };
  await opened(origin);
  expect(new Set(requested.map(({ key }) => key))).toEqual(new Set(['abc']));
});

describe('without a document', () => {
  test('the error lists what was tried', async () => {
    const error = await opened(origin).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DocumentError);
    expect(error).toMatchObject({
      message: 'The server responded with status 404. No OpenAPI document was found.',
      fix: expect.stringMatching(/Tried: \/openapi\.json, \/openapi\.yaml, .*\/v3\/api-docs/),
      kind: 'network',
    });
  });

  test('the address of a file is taken at its word', async () => {
    pages['/openapi.json'] = { text: DOCUMENT };
    await expect(opened(`${origin}/missing.json`)).rejects.toThrow('The server responded with status 404.');
    expect(requested).toHaveLength(1);
  });

  test('a number of requests that is bounded', async () => {
    await opened(`${origin}/some/where`).catch(() => {});
    expect(requested.length).toBeLessThanOrEqual(52);
  });
});

test('https to a port without TLS says what to write', async () => {
  await expect(opened(origin.replace('http:', 'https:'))).rejects.toMatchObject({
    message: 'The server does not use TLS at that port.',
    fix: 'Write http:// instead of https://.',
  });
});

test.each([
  ['localhost:8000/openapi.json', 'http://localhost:8000/openapi.json'],
  ['127.0.0.1:9101', 'http://127.0.0.1:9101'],
  ['api.example.com/v1/openapi.json', 'https://api.example.com/v1/openapi.json'],
])('%s without a scheme is answered with the URL', async (address, meant) => {
  await expect(openApi(address, { cache: false })).rejects.toMatchObject({ fix: `Did you mean "${meant}"?` });
});
