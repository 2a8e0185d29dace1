// The API behind the servers. Every response contains the mark of its request, which is unique.
import { once } from 'node:events';
import { createServer } from 'node:http';

const mark = { in: 'path', name: 'mark', required: true, schema: { type: 'string' } };
const item = { type: 'object', properties: { mark: { type: 'string' } } };
const responses = { 200: { description: 'It has the mark.', content: { 'application/json': { schema: item } } } };
const row = { type: 'object', properties: { rows: { type: 'array', items: item } } };

/** @param url where the API is */
export const document = (url) => ({
  openapi: '3.1.0',
  info: { title: 'Soak', version: '1.0.0' },
  servers: [{ url }],
  paths: {
    '/items': {
      post: {
        operationId: 'addItem',
        requestBody: { required: true, content: { 'application/json': { schema: { ...item, required: ['mark'] } } } },
        responses,
      },
    },
    '/items/{mark}': {
      parameters: [mark],
      get: { operationId: 'getItem', responses },
      delete: { operationId: 'removeItem', responses },
    },
    '/large/{mark}': {
      parameters: [mark],
      get: {
        operationId: 'getLarge',
        responses: { 200: { description: 'Many rows.', content: { 'application/json': { schema: row } } } },
      },
    },
    '/fail/{mark}': { parameters: [mark], get: { operationId: 'getFailure', responses } },
    '/slow/{mark}': {
      parameters: [mark, { in: 'query', name: 'ms', required: true, schema: { type: 'integer' } }],
      get: { operationId: 'getSlow', responses },
    },
  },
});

/** About 15 kB. */
const ROWS = 150;

/** Starts it. `seen`: how often each mark arrived; a test that is done with a mark deletes it. */
export async function startApi() {
  const seen = new Map();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://soak');
    const [, kind, ofPath] = pathname.split('/');
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = ofPath ?? JSON.parse(Buffer.concat(chunks).toString()).mark;
    seen.set(text, (seen.get(text) ?? 0) + 1);
    if (kind === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('ms'))));
    const body =
      kind === 'large'
        ? { rows: Array.from({ length: ROWS }, (_, at) => ({ mark: text, at, filler: 'x'.repeat(60) })) }
        : { mark: text };
    // Without the header, Node would tell clients its time limit, and they would keep connections for so long.
    response.writeHead(kind === 'fail' ? 500 : 200, { 'Content-Type': 'application/json', Connection: 'keep-alive' });
    response.end(JSON.stringify(body));
  });
  // A busy machine must not make it close a connection that a request has just been sent over.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
