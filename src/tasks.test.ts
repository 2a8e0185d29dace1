import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { isCreateTaskResultV2, isDetailedTaskV2 } from '@modelcontextprotocol/ext-tasks/core/v2';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, type Loopback, loopback } from './loopback.test.fixture.ts';
import { openApi } from './proxy.ts';
import type { Provider } from './runtime/provider.ts';
import { type HttpServer, serveHttp } from './runtime/serve/http/node-http.ts';
import { memorySharedStore } from './runtime/store/memory.ts';

// An API whose exports take a while: 202 with Location and Retry-After, then a status until it is done.
let api: Loopback;
let provider: Provider;
let server: HttpServer;
let left = 0;
beforeAll(async () => {
  api = await loopback(({ method, url }, response) => {
    if (method === 'POST')
      return json(response, { id: 'e1' }, { status: 202, headers: { location: '/exports/e1', 'retry-after': '0' } });
    if (url !== '/exports/e1') return json(response, {}, { status: 404 });
    left -= 1;
    const body = left > 0 ? { status: 'running', percent: 50 } : { status: 'done', rows: 7 };
    return json(response, body, { headers: { 'retry-after': '0' } });
  });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Exports', version: '1' },
    servers: [{ url: api.url }],
    paths: {
      '/exports': { post: { operationId: 'startExport', responses: { 202: { description: 'accepted' } } } },
      '/exports/{id}': {
        get: { operationId: 'getExport', parameters: [id], responses: { 200: { description: 'ok' } } },
      },
    },
  };
  ({ provider } = await openApi(document, { cache: false, environment: {} }));
  server = await serveHttp(provider, { port: 0, onError() {} });
});
afterAll(async () => {
  await server.close();
  await provider.close();
  await api.close();
});
beforeEach(() => {
  left = 3;
});

const TASKS = { 'io.modelcontextprotocol/tasks': {} };

/** A request of 2026-07-28, as a client sends it. */
async function send(method: string, params: Record<string, unknown>, extensions: object = TASKS, url = server.url) {
  const name = params.taskId ?? params.name;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(typeof name === 'string' && { 'Mcp-Name': name }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': { extensions },
        },
      },
    }),
  });
  const text = await response.text();
  const data = /^data: (.+)$/m.exec(text)?.[1] ?? text;
  return JSON.parse(data) as {
    result?: Record<string, unknown>;
    error?: { code: number; message: string; data?: unknown };
  };
}

const start = () => send('tools/call', { name: 'startExport', arguments: {} });

async function ended(taskId: unknown): Promise<Record<string, unknown>> {
  for (;;) {
    const { result = {} } = await send('tasks/get', { taskId });
    if (result.status !== 'working') return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a client that knows tasks', () => {
  test('sees that the server has them', async () => {
    const { result } = await send('server/discover', {});
    expect(result?.capabilities).toMatchObject({ extensions: TASKS });
  });

  test('gets a task at once, and the result of the job when it asks', async () => {
    const { result: task = {} } = await start();
    expect(task).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 3_600_000 });
    expect(isCreateTaskResultV2(task)).toBe(true);
    const { result: going } = await send('tasks/get', { taskId: task.taskId });
    expect(going).toMatchObject({ resultType: 'complete', status: 'working', pollIntervalMs: 100 });
    expect(isDetailedTaskV2(going)).toBe(true);
    expect(going?.statusMessage).toMatch(/^The job is still running/);
    const end = await ended(task.taskId);
    expect(end).toMatchObject({ status: 'completed', result: { structuredContent: { status: 'done', rows: 7 } } });
    expect(isDetailedTaskV2(end)).toBe(true);
    // It stays for a client that lost the answer.
    expect(await ended(task.taskId)).toEqual({ ...end, _meta: expect.anything() });
  });

  test('cancels a job: it is not asked about any more', async () => {
    left = 1_000;
    const { result: task = {} } = await start();
    expect((await send('tasks/cancel', { taskId: task.taskId })).result).toMatchObject({ resultType: 'complete' });
    expect(await ended(task.taskId)).toMatchObject({ status: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const count = api.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(api.requests.length).toBe(count);
  });

  test('may send input, which no task of this server asks for', async () => {
    const { result: task = {} } = await start();
    const { result } = await send('tasks/update', { taskId: task.taskId, inputResponses: { a: {} } });
    expect(result).toMatchObject({ resultType: 'complete' });
    await ended(task.taskId);
  });

  test('gets a plain result for a call that is done at once', async () => {
    left = 0;
    const { result } = await send('tools/call', { name: 'getExport', arguments: { id: 'e1' } });
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { rows: 7 } });
  });

  test.each(['tasks/get', 'tasks/update', 'tasks/cancel'])('%s of an unknown task is an error', async (method) => {
    expect((await send(method, { taskId: 'made-up' })).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('There is no task "made-up"'),
    });
    expect((await send(method, { taskId: 'made-up' }, {})).error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: TASKS } },
    });
  });
});

describe('a client that knows none waits, with progress', () => {
  test('the same request without the extension', async () => {
    const { result } = await send('tools/call', { name: 'startExport', arguments: {} }, {});
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { status: 'done', rows: 7 } });
  });

  const options = (messages: unknown[]) => ({
    onprogress: ({ message }: { message?: string | undefined }) => messages.push(message),
  });
  const WANT = ['The job is still running.', 'The job is still running: "running" (50 %).'];

  test('v1 of the SDK', async () => {
    const client = new ClientV1({ name: 'test', version: '1' });
    await client.connect(new HttpV1(new URL(server.url)) as never);
    const messages: unknown[] = [];
    const result = await client.callTool({ name: 'startExport', arguments: {} }, undefined, options(messages));
    expect(result.structuredContent).toEqual({ status: 'done', rows: 7 });
    expect(messages).toEqual(expect.arrayContaining(WANT));
    await client.close();
  });

  test.each(['legacy', 'auto'] as const)('v2 of the SDK, %s', async (mode) => {
    const client = new ClientV2({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new HttpV2(new URL(server.url)));
    const messages: unknown[] = [];
    const result = await client.callTool({ name: 'startExport', arguments: {} }, options(messages));
    expect(result.structuredContent).toEqual({ status: 'done', rows: 7 });
    expect(messages).toEqual(expect.arrayContaining(WANT));
    await client.close();
  });
});

test('with a store, any process responds for a task, and nobody responds for one whose process has ended', async () => {
  const store = memorySharedStore();
  const open = () => serveHttp({ ...provider, close: async () => {} }, { port: 0, onError() {}, store });
  const [one, two] = [await open(), await open()];
  const at = (url: string, method: string, params: Record<string, unknown>) => send(method, params, TASKS, url);
  left = 1_000;
  const { result: task = {} } = await at(one.url, 'tools/call', { name: 'startExport', arguments: {} });
  const { taskId } = task;
  expect(taskId).toMatch(/^[\w-]{8}\.[\w-]{36}$/);
  expect((await at(two.url, 'tasks/get', { taskId })).result).toMatchObject({ status: 'working' });
  expect((await at(two.url, 'tasks/cancel', { taskId })).error).toBeUndefined();
  expect((await at(one.url, 'tasks/get', { taskId })).result).toMatchObject({ status: 'cancelled' });
  await one.close();
  expect((await at(two.url, 'tasks/get', { taskId })).error).toMatchObject({
    message: expect.stringContaining('There is no task'),
  });
  await two.close();
});
