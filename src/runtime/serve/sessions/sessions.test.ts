import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, expect, test } from 'vitest';
import { createServer } from '../../server.ts';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from '../http/http-handler.ts';
import { serveHttp } from '../http/node-http.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const onError = () => {};

type AuthInfo = NonNullable<NonNullable<Parameters<HttpHandler['fetch']>[1]>['authInfo']>;
const caller = (sub: string, iss = 'https://id.test'): AuthInfo => ({
  token: 'x',
  clientId: 'app',
  scopes: [],
  extra: { sub, iss },
});

const HANDSHAKE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
};

interface Sent {
  readonly session?: string | null;
  readonly as?: AuthInfo;
  readonly signal?: AbortSignal;
  readonly lastEventId?: string;
}

/** A handler, and what a 2025 client sends to it. */
function handling(options: Partial<HttpHandlerOptions> = {}, provider = fixtureProvider()) {
  const handler = createHttpHandler(provider, { ...options, onError });
  cleanups.push(() => handler.close());
  const send = (method: string, body: unknown, { session, as, signal, lastEventId }: Sent = {}) =>
    handler.fetch(
      new Request('http://localhost/mcp', {
        method,
        headers: {
          Accept: 'application/json, text/event-stream',
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          'MCP-Protocol-Version': '2025-11-25',
          ...(session && { 'Mcp-Session-Id': session }),
          ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
        },
        ...(body !== undefined && { body: JSON.stringify({ jsonrpc: '2.0', ...(body as object) }) }),
        ...(signal && { signal }),
      }),
      as && { authInfo: as },
    );
  const request = (method: string, params: object, sent?: Sent, id = 1) => send('POST', { id, method, params }, sent);
  const begin = async (as?: AuthInfo) => {
    const response = await request('initialize', HANDSHAKE, as && { as });
    await response.text();
    return { status: response.status, session: response.headers.get('mcp-session-id'), response };
  };
  const call = (name: string, sent: Sent, id = 1) => request('tools/call', { name, arguments: {} }, sent, id);
  const notify = (method: string, params: object, sent: Sent) => send('POST', { method, params }, sent);
  const isAlive = async (session: string | null, as?: AuthInfo) => {
    const response = await request('ping', {}, { session, ...(as && { as }) });
    // A stream that is not read to its end counts as connected.
    await response.text();
    return response.status === 200;
  };
  return { handler, provider, send, request, begin, call, notify, isAlive };
}

interface Message {
  readonly id?: number;
  readonly result?: { readonly tools?: readonly unknown[] };
}

/** The JSON-RPC messages of a stream, until it ends. */
async function messagesOf(response: Response): Promise<readonly Message[]> {
  const lines = (await response.text()).split('\n');
  return lines.flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice('data: '.length))] : []));
}

/** The id of the first event of a stream, and what follows. */
async function firstEvent(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => {
    const { done, value } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  const id = /^id: (.+)$/m.exec((await next()) ?? '')?.[1] ?? '';
  const rest = async () => {
    let text = '';
    for (let part = await next(); part !== undefined; part = await next()) text += part;
    return text;
  };
  return { id, rest, cancel: () => reader.cancel() };
}

test('ends with a DELETE, which aborts its calls, and is then unknown', async () => {
  const { provider, send, begin, call, request } = handling();
  const { session } = await begin();
  await call('hang', { session });
  await expect.poll(() => provider.hanging.started).toBe(1);
  expect((await send('DELETE', undefined, { session })).status).toBe(200);
  await expect.poll(() => provider.hanging.aborted).toBe(1);
  const lost = await request('ping', {}, { session });
  expect(lost.status).toBe(404);
  expect(await lost.json()).toMatchObject({ error: { code: -32001, message: 'Unknown session.' } });
});

test.each([
  ['another subject', caller('bob')],
  ['the same subject of another issuer', caller('ann', 'https://other.test')],
  ['nobody', undefined],
])('is unknown to %s', async (_who, as) => {
  const { begin, send, call, isAlive } = handling();
  const { session } = await begin(caller('ann'));
  const sent = as ? { session, as } : { session };
  for (const response of [
    await call('echo', sent),
    await send('GET', undefined, sent),
    await send('DELETE', undefined, sent),
  ]) {
    expect(response.status).toBe(404);
  }
  expect(await isAlive(session, caller('ann'))).toBe(true);
});

test('over HTTP, belongs to the key that began it', async () => {
  const keys = ['ann', 'bob'].map((name) => ({ name, key: `${name}-`.padEnd(40, 'k'), scopes: [] }));
  const server = await serveHttp(fixtureProvider(), { port: 0, auth: { keys }, onError });
  cleanups.push(() => server.close());
  const [ann, bob] = keys.map(({ key }) => key) as [string, string];
  const client = await connected(server.url, ann);
  const { sessionId = '' } = client.transport as StreamableHTTPClientTransport;
  const ping = async (key: string) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        'Mcp-Session-Id': sessionId,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'ping', method: 'ping' }),
    });
    await response.text();
    return response.status;
  };
  expect([await ping(bob), await ping('wrong'), await ping(ann)]).toEqual([404, 401, 200]);
});

test('a stream of notifications ends in place of the first one after its caller’s token has expired', async () => {
  const { begin, send, isAlive, provider } = handling();
  const ann = { ...caller('ann'), expiresAt: Date.now() / 1000 + 0.3 };
  const { session } = await begin(ann);
  const response = await send('GET', undefined, { session, as: ann });
  provider.announce('tools');
  await new Promise((resolve) => setTimeout(resolve, 400));
  provider.announce('prompts');
  const text = await response.text();
  expect(text).toContain('notifications/tools/list_changed');
  expect(text).not.toContain('prompts');
  const renewed = { ...ann, expiresAt: Date.now() / 1000 + 1e9 };
  const stream = await send('GET', undefined, { session, as: renewed });
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
  expect(await isAlive(session, renewed)).toBe(true);
});

test('requests without a session are served on their own', async () => {
  const { request, send } = handling();
  const [message] = await messagesOf(await request('tools/list', {}));
  expect(message?.result?.tools?.length).toBeGreaterThan(3);
  expect((await send('GET', undefined)).status).toBe(405);
});

test('a stateless server opens none, and ignores ids', async () => {
  const { begin, request } = handling({ stateless: true });
  expect(await begin()).toMatchObject({ status: 200, session: null });
  expect((await request('tools/list', {}, { session: 'of-another-process' })).status).toBe(200);
});

test.each([
  ['invalid parameters', { params: { protocolVersion: 1 } }, 'application/json, text/event-stream'],
  ['no parameters', {}, 'application/json, text/event-stream'],
  ['no id', { id: undefined, params: HANDSHAKE }, 'application/json, text/event-stream'],
  ['an Accept header that excludes streams', { params: HANDSHAKE }, 'application/json'],
])('a handshake with %s opens none', async (_what, parts, accept) => {
  const { handler, begin, isAlive } = handling({ sessions: { max: 2 } });
  const { session } = await begin();
  for (let time = 0; time < 3; time++) {
    const response = await handler.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: { Accept: accept, 'Content-Type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', ...parts }),
      }),
    );
    expect(response.headers.get('mcp-session-id')).toBeNull();
  }
  expect(await isAlive(session)).toBe(true);
});

test('a cancelled call is aborted, its stream ends without a response, and others go on', async () => {
  const { provider, begin, call, notify, send } = handling();
  const { session } = await begin();
  const slow = await call('slow', { session }, 1);
  const hanging = await firstEvent(await call('hang', { session }, 2));
  expect(hanging.id).not.toBe('');
  await expect.poll(() => provider.hanging.started).toBe(1);
  await notify('notifications/cancelled', { requestId: 2, reason: 'test' }, { session });
  await expect.poll(() => provider.hanging.aborted).toBe(1);
  expect(await hanging.rest()).toBe('');
  expect((await send('GET', undefined, { session, lastEventId: hanging.id })).status).toBe(405);
  expect(await messagesOf(slow)).toMatchObject([{ id: 1, result: { content: [{ text: 'slow but here' }] } }]);
});

test('an id that is in use is refused, and the request that has it goes on', async () => {
  const { begin, call } = handling();
  const { session } = await begin();
  const slow = await call('slow', { session }, 5);
  const second = await call('echo', { session }, 5);
  expect(second.status).toBe(400);
  expect(await second.json()).toMatchObject({ error: { message: 'The id 5 belongs to a request in flight.' } });
  expect(await messagesOf(slow)).toMatchObject([{ id: 5, result: { content: [{ text: 'slow but here' }] } }]);
  expect((await call('echo', { session }, 5)).status).toBe(200);
});

test('the client of a batch that cancels one of its calls gets the result of the other', async () => {
  const { provider, begin, send, notify, handler } = handling();
  const { session } = await begin();
  const called = (id: number, name: string) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: {} },
  });
  const batch = await handler.fetch(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: {
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        'Mcp-Session-Id': session ?? '',
      },
      body: JSON.stringify([called(1, 'hang'), called(2, 'slow')]),
    }),
  );
  await expect.poll(() => provider.hanging.started).toBe(1);
  await notify('notifications/cancelled', { requestId: 1 }, { session });
  expect(await messagesOf(batch)).toMatchObject([{ id: 2 }]);
  expect((await send('DELETE', undefined, { session })).status).toBe(200);
});

test('a call whose connection is lost goes on, and its response arrives when the stream is resumed', async () => {
  const { begin, call, send } = handling();
  const { session } = await begin();
  const { id: lastEventId, cancel } = await firstEvent(await call('slow', { session }));
  await cancel();
  const messages = await messagesOf(await send('GET', undefined, { session, lastEventId }));
  expect(messages).toMatchObject([{ id: 1, result: { content: [{ text: 'slow but here' }] } }]);
  // Again, now that it is complete.
  expect(await messagesOf(await send('GET', undefined, { session, lastEventId }))).toHaveLength(1);
});

test('a response that is not kept cannot be resumed', async () => {
  const { begin, call, send } = handling({ sessions: { maxStreamBytes: 0 } });
  const { session } = await begin();
  const { id: lastEventId } = await firstEvent(await call('slow', { session }));
  const response = await send('GET', undefined, { session, lastEventId });
  expect(response.status).toBe(405);
  expect(await response.text()).toContain('This stream cannot be resumed');
});

test('the one that was idle longest makes room for another', async () => {
  const { begin, isAlive } = handling({ sessions: { max: 2 } });
  const [a, b] = [await begin(), await begin()];
  expect(await isAlive(a.session)).toBe(true);
  const c = await begin();
  expect(await isAlive(b.session)).toBe(false);
  expect(await isAlive(a.session)).toBe(true);
  expect(await isAlive(c.session)).toBe(true);
});

test('one without a connected client is dropped before one with', async () => {
  const { begin, send, isAlive } = handling({ sessions: { max: 2 } });
  const listening = await begin();
  const stream = await send('GET', undefined, { session: listening.session });
  const other = await begin();
  await begin();
  expect(await isAlive(listening.session)).toBe(true);
  expect(await isAlive(other.session)).toBe(false);
  await stream.body?.cancel();
});

test('none with a call in flight is dropped: there is no room', async () => {
  const { provider, begin, call, isAlive, notify } = handling({ sessions: { max: 2 } });
  const sessions = [await begin(), await begin()];
  for (const { session } of sessions) await call('hang', { session }, 7);
  await expect.poll(() => provider.hanging.started).toBe(2);
  const { status, session, response } = await begin();
  expect({ status, session }).toEqual({ status: 503, session: null });
  expect(response.headers.get('retry-after')).toBe('10');
  await notify('notifications/cancelled', { requestId: 7 }, { session: sessions[1]?.session ?? null });
  await expect.poll(() => provider.hanging.aborted).toBe(1);
  expect((await begin()).status).toBe(200);
  expect(await isAlive(sessions[0]?.session ?? null)).toBe(true);
});

test('a caller at its limit loses its own, and nobody else’s', async () => {
  const { begin, isAlive } = handling({ sessions: { maxPerCaller: 2 } });
  const bob = await begin(caller('bob'));
  const anns = [await begin(caller('ann')), await begin(caller('ann')), await begin(caller('ann'))];
  const alive = await Promise.all(anns.map(({ session }) => isAlive(session, caller('ann'))));
  expect(alive).toEqual([false, true, true]);
  expect(await isAlive(bob.session, caller('bob'))).toBe(true);
});

test('callers who share a token are not counted as one', async () => {
  const server = await serveHttp(fixtureProvider(), { port: 0, token: 't', sessions: { maxPerCaller: 1 }, onError });
  cleanups.push(() => server.close());
  const clients = [await connected(server.url, 't'), await connected(server.url, 't')];
  for (const client of clients) expect((await client.listTools()).tools.length).toBeGreaterThan(0);
});

test('one that is idle ends, but not while its client is connected', async () => {
  const { begin, send, isAlive } = handling({ sessions: { idleMs: 100 } });
  const [idle, listening] = [await begin(), await begin()];
  const stream = await send('GET', undefined, { session: listening.session });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await isAlive(idle.session)).toBe(false);
  expect(await isAlive(listening.session)).toBe(true);
  await stream.body?.cancel();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await isAlive(listening.session)).toBe(false);
});

test('1,000 clients that never come back leave no more than the limit', async () => {
  const { begin, isAlive } = handling({ sessions: { max: 50 } });
  const sessions: (string | null)[] = [];
  for (let client = 0; client < 1_000; client++) sessions.push((await begin()).session);
  const alive = await Promise.all(sessions.map((session) => isAlive(session)));
  expect(alive.filter(Boolean)).toHaveLength(50);
  expect(alive.lastIndexOf(false)).toBe(949);
});

test('many handshakes at once do not exceed it either', async () => {
  const { begin, isAlive } = handling({ sessions: { max: 10 } });
  const begun = await Promise.all(Array.from({ length: 100 }, () => begin()));
  const alive = await Promise.all(begun.map(({ session }) => session !== null && isAlive(session)));
  expect(alive.filter(Boolean).length).toBeLessThanOrEqual(10);
  expect(begun.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
});

test('closing the server ends the streams, after the calls in flight', async () => {
  const server = await serveHttp(fixtureProvider(), { port: 0, onError });
  const client = await connected(server.url);
  const calling = client.callTool({ name: 'slow', arguments: {} });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(1_500);
  expect((await calling).content).toMatchObject([{ text: 'slow but here' }]);
});

test('what a program keeps elsewhere is used instead of memory', async () => {
  const { memoryEvents } = await import('./event-store.ts');
  const memory = memoryEvents({ maxStreamBytes: 10_000, maxEventBytes: 10_000 });
  const log: string[] = [];
  const events = {
    open(id: string) {
      log.push(`open ${id}`);
      const kept = memory.open(id);
      return { ...kept, close: () => void log.push(`close ${id}`) };
    },
  };
  const { begin, send } = handling({ sessions: { events } });
  const { session } = await begin();
  await send('DELETE', undefined, { session });
  expect(log).toEqual([`open ${session}`, `close ${session}`]);
});

test.each(['legacy', 'auto'] as const)('a client hears of updates to what it has subscribed to (%s)', async (mode) => {
  const server = createServer({ name: 'watched', version: '1' });
  server.resource('test://a', {}, () => 'a');
  server.resource('test://b', {}, () => 'b');
  const { url } = await server.run({ transport: 'http', port: 0, onError });
  cleanups.push(() => server.close());
  const [ann, bob] = [await connected(url, undefined, mode), await connected(url, undefined, mode)];
  const heard = { ann: [] as string[], bob: [] as string[] };
  for (const [name, client] of Object.entries({ ann, bob })) {
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard[name as keyof typeof heard].push(params.uri);
    });
  }
  if (mode === 'legacy') {
    expect(ann.getServerCapabilities()?.resources).toEqual({ listChanged: true, subscribe: true });
    await ann.subscribeResource({ uri: 'test://a' });
    await bob.subscribeResource({ uri: 'test://a' });
    await bob.unsubscribeResource({ uri: 'test://a' });
  } else await ann.listen({ resourceSubscriptions: ['test://a'] });
  server.resourceUpdated('test://b');
  server.resourceUpdated('test://a');
  await expect.poll(() => heard.ann).toEqual(['test://a']);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard).toEqual({ ann: ['test://a'], bob: [] });
});

test('who lacks the scopes to read a resource cannot subscribe to it', async () => {
  const provider = {
    ...fixtureProvider(),
    lackingScopes: async ({ params }: { params: object }) =>
      'uri' in params && params.uri === 'api://test/secret' ? ['secret'] : undefined,
    onResourceUpdate: () => () => {},
  };
  const { begin, request } = handling({}, provider);
  const { session } = await begin();
  const subscribe = async (uri: string) => (await request('resources/subscribe', { uri }, { session })).status;
  expect(await subscribe('api://test/secret')).toBe(403);
  expect(await subscribe('api://test/status')).toBe(200);
});

test('subscriptions of one client are bounded', async () => {
  const server = createServer({ name: 'watched', version: '1' });
  server.resource('test://a', {}, () => 'a');
  const { url } = await server.run({ transport: 'http', port: 0, onError });
  cleanups.push(() => server.close());
  const client = await connected(url);
  const subscribe = (index: number) => client.subscribeResource({ uri: `test://${'x'.repeat(10_000)}${index}` });
  for (let index = 0; index < 6; index++) await subscribe(index);
  await expect(subscribe(6)).rejects.toThrow('There are too many subscriptions.');
  await subscribe(5);
});

test('asks for roots, and samples, in a session', async () => {
  const server = createServer({ name: 'asking', version: '1' });
  server.tool('ask', {}, async (_args, { roots, sample }) => {
    const messages = [{ role: 'user', content: { type: 'text', text: 'Title?' } }] as const;
    const answer = await sample?.({ messages, maxTokens: 10 });
    return JSON.stringify([await roots?.(), answer?.content]);
  });
  const { url } = await server.run({ transport: 'http', port: 0, onError });
  cleanups.push(() => server.close());
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { roots: {}, sampling: {} }, versionNegotiation: { mode: 'legacy' } },
  );
  client.setRequestHandler('roots/list', async () => ({ roots: [{ uri: 'file:///work' }] }));
  client.setRequestHandler('sampling/createMessage', async () => ({
    role: 'assistant',
    content: { type: 'text', text: 'A title' },
    model: 'm',
  }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  cleanups.push(() => client.close());
  const { content } = await client.callTool({ name: 'ask', arguments: {} });
  expect(content).toMatchObject([{ text: '[[{"uri":"file:///work"}],{"type":"text","text":"A title"}]' }]);
});

async function connected(url: string, token?: string, mode: 'legacy' | 'auto' = 'legacy'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const requestInit = token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  cleanups.push(() => client.close());
  return client;
}
