import { createHash } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { cache, memoryStore, rateLimit, tokenBucket } from '../../../middleware/index.ts';
import { createServer } from '../../../server.ts';
import type { SharedStore } from '../../../shared-store.ts';
import { memorySharedStore } from '../../../store/memory.ts';
import { ownerOf } from '../../process-id.ts';
import type { HttpServer } from '../node-http.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const onError = (): void => {};

const LARGE = 'é0123456789\n'.repeat(600_000);
const hanging = { started: 0, aborted: 0 };
const slow = { started: 0 };

/** A process: the same program with the same store. */
async function startProcess(store: SharedStore, name = 'shared') {
  const server = createServer({ name, version: '1', unasked: 'token', onError });
  server.tool('large', { description: 'A long text.' }, () => LARGE);
  server.tool('slow', { description: 'Takes a moment.' }, async () => {
    slow.started += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return 'slow answer';
  });
  server.tool('hang', { description: 'Never ends.' }, (_, { signal }) => {
    hanging.started += 1;
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        hanging.aborted += 1;
        reject(signal.reason);
      }),
    );
  });
  server.tool(
    'drop',
    { description: 'Drops all.', annotations: { destructiveHint: true }, confirm: true },
    () => 'dropped',
  );
  server.tool('count', { description: 'Counts.' }, async (_, { shared }) => {
    await shared?.set('seen', 'yes', { ttlMs: 60_000 });
    return String(shared !== undefined);
  });
  server.resource('note://a', { name: 'a' }, () => 'text');
  const running: HttpServer = await server.run({ transport: 'http', port: 0, store });
  cleanups.push(() => running.close());
  return { server, running, url: running.url };
}

async function twoProcesses() {
  const store = memorySharedStore();
  const [one, two] = [await startProcess(store), await startProcess(store)];
  return { store, one, two };
}

/** A client of 2025 whose requests go to any URL in turn. */
async function clientOf(urls: readonly string[], mode: 'legacy' | 'auto' = 'legacy') {
  let next = 0;
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(new URL(urls[0] ?? ''), {
    fetch: (_, init) => fetch(urls[next++ % urls.length] ?? '', init),
  });
  await client.connect(transport);
  cleanups.push(() => client.close());
  return { client, session: () => transport.sessionId };
}

const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const post = (url: string, session: string | undefined, body: object, signal?: AbortSignal) =>
  fetch(url, {
    method: 'POST',
    headers: { ...HEADERS, ...(session !== undefined && { 'Mcp-Session-Id': session }) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    ...(signal && { signal }),
  });

describe('requests of one session at two processes', () => {
  test('are served by the process that has it', async () => {
    const { one, two } = await twoProcesses();
    const { client, session } = await clientOf([one.url, two.url]);
    expect(ownerOf(session())).toMatch(/^[\w-]{8}$/);
    for (let at = 0; at < 6; at++) expect((await client.listTools()).tools).toHaveLength(5);
  });

  test('long responses arrive complete, also at a client that reads slowly', async () => {
    const { one, two } = await twoProcesses();
    const { session } = await clientOf([one.url]);
    const response = await post(two.url, session(), { method: 'tools/call', params: { name: 'large', arguments: {} } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      if (chunks.length < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const data = /^data: (\{.*)$/m.exec(Buffer.concat(chunks).toString())?.[1] ?? '{}';
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(digest(JSON.parse(data).result.content[0].text)).toBe(digest(LARGE));
  });

  test('a client that goes away ends its stream, not the call; a cancelled call ends', async () => {
    const { one, two } = await twoProcesses();
    const { session } = await clientOf([one.url]);
    const before = { ...hanging };
    const client = new AbortController();
    const call = post(
      two.url,
      session(),
      { id: 7, method: 'tools/call', params: { name: 'hang', arguments: {} } },
      client.signal,
    );
    await expect.poll(() => hanging.started).toBe(before.started + 1);
    client.abort();
    await call.catch(() => {});
    await (
      await post(two.url, session(), { id: undefined, method: 'notifications/cancelled', params: { requestId: 7 } })
    ).text();
    await expect.poll(() => hanging.aborted).toBe(before.aborted + 1);
  });

  test('when its process ends, the session is unknown everywhere', async () => {
    const { one, two } = await twoProcesses();
    const { session } = await clientOf([one.url]);
    await one.running.close();
    expect((await post(two.url, session(), { method: 'tools/list' })).status).toBe(404);
  });

  test('a process that ends first passes on what it has answered, also over a slow store', async () => {
    const memory = memorySharedStore();
    const store: SharedStore = {
      ...memory,
      async publish(channel, message) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return memory.publish(channel, message);
      },
    };
    const [one, two] = [await startProcess(store), await startProcess(store)];
    const { session } = await clientOf([one.url]);
    const before = slow.started;
    const call = post(two.url, session(), { method: 'tools/call', params: { name: 'slow', arguments: {} } });
    await expect.poll(() => slow.started).toBe(before + 1);
    await one.running.close();
    const answers = [...(await (await call).text()).matchAll(/^data: (\{.*)$/gm)].map(([, data]) =>
      JSON.parse(data ?? ''),
    );
    expect(answers).toMatchObject([{ id: 1, result: { content: [{ text: 'slow answer' }] } }]);
  });
});

test('clients of all processes are notified of what changes in one, once', async () => {
  const { one, two } = await twoProcesses();
  const told = { lists: 0, updates: [] as string[] };
  const { client } = await clientOf([two.url]);
  client.setNotificationHandler('notifications/tools/list_changed', async () => {
    told.lists += 1;
  });
  client.setNotificationHandler('notifications/resources/updated', async ({ params }) => {
    told.updates.push(params.uri);
  });
  await client.subscribeResource({ uri: 'note://a' });
  // The stream for notifications opens after the handshake, which does not wait for it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  one.server.tool('new', { description: 'New.' }, () => 'new');
  one.server.resourceUpdated('note://a');
  await expect.poll(() => told).toEqual({ lists: 1, updates: ['note://a'] });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual({ lists: 1, updates: ['note://a'] });
});

test('a confirmation token of one process is valid in the other, once; handlers get the store', async () => {
  const { store, one, two } = await twoProcesses();
  const [first, second] = [await clientOf([one.url], 'auto'), await clientOf([two.url], 'auto')];
  const call = async ({ client }: typeof first, args: Record<string, unknown> = {}) =>
    JSON.stringify(await client.callTool({ name: 'drop', arguments: args }));
  const token = /confirm\\*":\\*"([\w-]{16})/.exec(await call(first))?.[1];
  expect(token).toBeDefined();
  expect(await call(second, { confirm: token })).toContain('dropped');
  expect(await call(first, { confirm: token })).toContain('was already used');
  expect(JSON.stringify(await second.client.callTool({ name: 'count', arguments: {} }))).toContain('true');
  expect(await store.get('seen')).toBe('yes');
});

test('limits and caches with `sharedAs` are those of all processes', async () => {
  const store = memorySharedStore();
  let made = 0;
  const urls: string[] = [];
  for (let at = 0; at < 2; at++) {
    const server = createServer({ name: 'limited', version: '1', onError });
    server.use(
      rateLimit({ perCaller: tokenBucket({ size: 3, perSecond: 0.01, sharedAs: 'limit' }) }),
      cache({ ttlMs: 60_000, store: memoryStore({ sharedAs: 'cache' }) }),
    );
    server.tool('read', { description: 'Reads.', annotations: { readOnlyHint: true } }, () => `read ${++made}`);
    const running = await server.run({ transport: 'http', port: 0, store });
    cleanups.push(() => running.close());
    urls.push(running.url);
  }
  const clients = [await clientOf(urls.slice(0, 1), 'auto'), await clientOf(urls.slice(1), 'auto')];
  const answers: string[] = [];
  for (let at = 0; at < 4; at++) {
    answers.push(JSON.stringify(await clients[at % 2]?.client.callTool({ name: 'read', arguments: {} })));
  }
  for (const answer of answers.slice(0, 3)) expect(answer).toContain('read 1');
  expect(answers[3]).toContain('Too many calls');
});

test('messages that are not valid are reported, and nothing else happens', async () => {
  const store = memorySharedStore();
  const errors: Error[] = [];
  const server = createServer({ name: 'a', version: '1', onError: (error) => errors.push(error) });
  server.tool('echo', { description: 'Echoes.' }, () => 'here');
  const running = await server.run({ transport: 'http', port: 0, store });
  cleanups.push(() => running.close());
  const { client, session } = await clientOf([running.url]);
  const channel = `relay:${ownerOf(session())}`;
  for (const text of [
    '{',
    'null',
    '{"kind":"chunk","id":"x"}',
    '{"from":"a","kind":"request","id":"1","url":"no","headers":[]}',
  ]) {
    await store.publish(channel, text);
    await store.publish('changes', text);
  }
  // Without a token of a caller, a forged request gets what any client gets.
  const answers: string[] = [];
  await store.subscribe('relay:forger', (text) => answers.push(text));
  const forged = {
    kind: 'request',
    id: '1',
    from: 'forger',
    method: 'GET',
    url: running.url,
    headers: [['host', 'evil.test']],
  };
  await store.publish(channel, JSON.stringify(forged));
  await expect.poll(() => answers.join('\n')).toContain('"status":403');
  expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: {} }))).toContain('here');
  await expect.poll(() => errors.length).toBeGreaterThan(0);
});

test('with tokens of callers, the store must be encrypted', async () => {
  const store = { ...memorySharedStore(), isPrivate: false };
  const server = createServer({ name: 'a', version: '1' });
  await expect(server.run({ transport: 'http', port: 0, token: 'secret', store })).rejects.toMatchObject({
    code: 'STORE_KEY_REQUIRED',
    message: expect.stringContaining('openssl rand -base64 32'),
  });
});
