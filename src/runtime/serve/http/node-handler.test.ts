import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { HttpHandler } from './http-handler.ts';
import { type NodeHandlerOptions, nodeHandler } from './node-handler.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server whose requests get what `fetch` returns. */
async function serving(fetch: HttpHandler['fetch'], options: Partial<NodeHandlerOptions> = {}) {
  const errors: Error[] = [];
  const handle = nodeHandler({ fetch }, { onError: (error) => errors.push(error), ...options });
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, port, errors };
}

/** Sends a request without waiting for the end of its response. */
function opened(port: number): Promise<{ response: IncomingMessage; leave: () => void }> {
  return new Promise((resolve, reject) => {
    const request = send({ port, host: '127.0.0.1', path: '/mcp' }, (response) =>
      resolve({ response, leave: () => request.destroy() }),
    );
    request.on('error', reject).end();
  });
}

const encode = (text: string) => new TextEncoder().encode(text);

test('a JSON body is parsed once, and a handler that takes it gets no copy', async () => {
  const seen: unknown[] = [];
  const fetch: HttpHandler['fetch'] = async (request, info) => {
    seen.push([info?.parsedBody, await request.text()]);
    return new Response(null, { status: 202 });
  };
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' };
  for (const takesParsed of [true, false]) {
    const { url } = await serving(fetch, { takesParsed });
    expect((await globalThis.fetch(url, post)).status).toBe(202);
    await globalThis.fetch(url, { ...post, body: '{' });
  }
  expect(seen).toEqual([
    [{ a: 1 }, ''],
    [undefined, '{'],
    [{ a: 1 }, '{"a":1}'],
    [undefined, '{'],
  ]);
});

test('a complete body has a length; a stream sends its head before it has anything to say', async () => {
  let say: ReadableStreamDefaultController<Uint8Array> | undefined;
  const { url, port } = await serving(async (request) => {
    if (request.url.endsWith('whole')) return Response.json({ ok: true });
    return new Response(
      new ReadableStream({
        start(controller) {
          say = controller;
        },
      }),
      { headers: { 'Content-Type': 'text/event-stream' } },
    );
  });
  const whole = await globalThis.fetch(url.replace('/mcp', '/whole'));
  expect(whole.headers.get('content-length')).toBe('11');
  expect(await whole.json()).toEqual({ ok: true });
  const { response } = await opened(port);
  expect(response.statusCode).toBe(200);
  const parts: string[] = [];
  response.on('data', (part) => parts.push(String(part)));
  say?.enqueue(encode('a'));
  await vi.waitFor(() => expect(parts).toEqual(['a']));
  // In the same turn: written together.
  say?.enqueue(encode('b'));
  say?.enqueue(encode('c'));
  await vi.waitFor(() => expect(parts).toEqual(['a', 'bc']));
  say?.close();
});

test('each cookie gets a header of its own', async () => {
  const headers = new Headers([
    ['Set-Cookie', 'a=1; Path=/'],
    ['Set-Cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
  ]);
  const { url } = await serving(async () => new Response('ok', { headers }));
  expect((await globalThis.fetch(url)).headers.getSetCookie()).toEqual(headers.getSetCookie());
});

test('a client that leaves aborts the request and cancels the body', async () => {
  let [aborted, cancelled] = [false, false];
  const { port, errors } = await serving(async (request) => {
    request.signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(encode('first')),
        cancel() {
          cancelled = true;
        },
      }),
    );
  });
  const { leave, response } = await opened(port);
  response.on('error', () => {});
  leave();
  await vi.waitFor(() => expect([aborted, cancelled]).toEqual([true, true]));
  expect(errors).toEqual([]);
});

test('a client that does not read holds up what is read of the body', async () => {
  let chunks = 0;
  const { port } = await serving(
    async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            chunks += 1;
            controller.enqueue(new Uint8Array(100_000));
          },
        }),
      ),
  );
  const { response } = await opened(port);
  response.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const held = chunks;
  await new Promise((resolve) => setTimeout(resolve, 200));
  // What fits into the buffers of the connection, and no more.
  expect(chunks).toBe(held);
  expect(held).toBeLessThan(300);
});

test('a body that fails is not taken for a complete one, and a handler that fails is reported', async () => {
  const { url, errors } = await serving(async (request) => {
    if (request.url.endsWith('bad')) throw new Error('out of order');
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(encode('half'));
          setTimeout(() => controller.error(new Error('lost')), 50);
        },
      }),
    );
  });
  await expect(globalThis.fetch(url).then((response) => response.text())).rejects.toThrow();
  const failed = await globalThis.fetch(url.replace('/mcp', '/bad'));
  expect([failed.status, await failed.json()]).toMatchObject([500, { error: { code: -32603 } }]);
  expect(errors.map(({ message }) => message)).toEqual(['out of order']);
});

test('a body that is too large is refused, whether or not its length is known', async () => {
  const { url } = await serving(async () => new Response('ok'), { maxBodyBytes: 10 });
  const known = await globalThis.fetch(url, { method: 'POST', body: 'x'.repeat(11) });
  const stream = new Response('x'.repeat(11)).body;
  const unknown = await globalThis.fetch(url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit);
  expect([known.status, unknown.status]).toEqual([413, 413]);
});
