import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CallError } from '../../call-error.ts';
import { createNodeSender } from '../../node/send.ts';
import type { BuiltRequest, HttpSender } from '../http.ts';
import { httpRequest, type Sent, sendFollowing } from './send.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const built = (target: string, rest: Partial<BuiltRequest> = {}): BuiltRequest => ({
  method: 'GET',
  target,
  query: [],
  headers: [['X-Key', 'secret']],
  cookies: [],
  ...rest,
});

function sender(allowPrivate: boolean): HttpSender {
  const { send, close } = createNodeSender({ proxy: {}, allowPrivate, connections: 8, connectTimeoutMs: 2000 });
  closers.push(close);
  return send;
}

function call(
  request: BuiltRequest,
  { timeoutMs = 5000, signal = new AbortController().signal, elsewhere = sender(true) } = {},
): Promise<Sent> {
  const send = sender(true);
  return sendFollowing({ request, secretQuery: [], send, sendRedirected: () => elsewhere, signal, timeoutMs });
}

async function text({ response }: Sent): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const failure = (sent: Promise<Sent>): Promise<Pick<CallError, 'code' | 'message'>> =>
  sent.then(text).then(
    (body) => Promise.reject(new Error(`The call succeeded: ${body}`)),
    ({ code, message }: CallError) => ({ code, message }),
  );

test('a redirect is followed, and the response has its final URL', async () => {
  const api = await serve((request, response) => {
    if (request.url === '/a') response.writeHead(302, { location: '/b?c=1' }).end('moved');
    else response.end(`${request.url} ${request.headers['x-key']}`);
  });
  const sent = await call(built(`${api}/a`));
  expect({ ...sent, response: await text(sent) }).toEqual({
    response: '/b?c=1 secret',
    url: `${api}/b?c=1`,
    signal: expect.any(AbortSignal),
    redirects: 1,
  });
});

test('to another origin the credentials stay behind', async () => {
  const other = await serve((request, response) => response.end(JSON.stringify(Object.keys(request.headers))));
  const api = await serve((_, response) => response.writeHead(302, { location: `${other}/x` }).end());
  const sent = await call(
    built(`${api}/a`, {
      cookies: ['a=1'],
      headers: [
        ['Accept', '*/*'],
        ['Authorization', 'x'],
      ],
    }),
  );
  expect(JSON.parse(await text(sent)).sort()).toEqual(['accept', 'connection', 'host']);
});

test('a redirect that is not followed is the response', async () => {
  const api = await serve((_, response) => response.writeHead(302, { location: '/b' }).end('see there'));
  const sent = await call(built(`${api}/a`, { method: 'POST', body: 'x' }));
  expect([sent.response.status, sent.redirects, await text(sent)]).toEqual([302, 0, 'see there']);
});

test('five redirects are followed, a sixth is rejected', async () => {
  const api = await serve((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('there');
    else response.writeHead(307, { location: `/${left - 1}` }).end();
  });
  expect(await text(await call(built(`${api}/5`)))).toBe('there');
  expect(await failure(call(built(`${api}/6`)))).toEqual({
    code: 'REDIRECT_REFUSED',
    message: `GET ${api}/6 redirects more than 5 times.`,
  });
});

test('a circle is rejected', async () => {
  const api = await serve((request, response) =>
    response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end(),
  );
  expect(await failure(call(built(`${api}/a`, { query: ['key=secret'] })))).toEqual({
    code: 'REDIRECT_REFUSED',
    message: `GET ${api}/a redirects in a loop.`,
  });
});

const slow: readonly [where: string, handler: RequestListener][] = [
  ['before the answer', () => {}],
  ['in the body', (_, response) => response.write('{"a":')],
  [
    'across redirects',
    (request, response) => void setTimeout(() => response.writeHead(302, { location: `${request.url}a` }).end(), 80),
  ],
];
test.each(slow)('the deadline covers the time %s', async (_, handler) => {
  const api = await serve(handler);
  expect(await failure(call(built(`${api}/x`, { query: ['key=secret'] }), { timeoutMs: 200 }))).toEqual({
    code: 'TIMEOUT',
    message: `GET ${api}/x did not respond within 0.2 s.`,
  });
});

test('the client can cancel while the body arrives', async () => {
  const api = await serve((_, response) => response.write('{"a":'));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  expect((await failure(call(built(api), { signal: controller.signal }))).code).toBe('CANCELLED');
});

test('a body that is not wanted any more frees its connection', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const api = await serve((request, response) => {
    closed = once(request.socket, 'close');
    response.write('first');
  });
  const { response } = await call(built(api));
  for await (const _ of response.body) break;
  await closed;
});

test.each([
  [[], [], []],
  [[], ['a=1', 'b=2'], [['Cookie', 'a=1; b=2']]],
  [[['cookie', 'x=0']], ['a=1'], [['Cookie', 'x=0; a=1']]],
  [
    [['A', 'b']],
    ['a=1'],
    [
      ['A', 'b'],
      ['Cookie', 'a=1'],
    ],
  ],
] as const)('headers %j with cookies %j are sent as %j', (headers, cookies, want) => {
  const request = { ...built('http://a'), headers, cookies };
  expect(httpRequest(request, new AbortController().signal).headers).toEqual(want);
});

test('a redirect to another origin uses the sender for other origins, which may reject private addresses', async () => {
  let reached = false;
  const inside = await serve((_, response) => {
    reached = true;
    response.end('inside');
  });
  const api = await serve((_, response) => response.writeHead(302, { location: `${inside}/metadata` }).end());
  await expect(call(built(`${api}/a`), { elsewhere: sender(false) })).rejects.toMatchObject({
    code: 'FORBIDDEN_ADDRESS',
  });
  expect(reached).toBe(false);
});
