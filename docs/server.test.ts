import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../src/client/index.ts';
import { clientOf, textsOf } from './client.test.fixture.ts';

describe('examples/tool.ts', async () => {
  const { default: server } = await import('./examples/tool.ts');

  test('lists the schemas', async () => {
    const client = await clientOf(server);
    const [add] = await client.listTools();
    expect(add).toMatchObject({
      name: 'add',
      description: 'Add two numbers.',
      annotations: { readOnlyHint: true },
      inputSchema: { type: 'object', required: ['a', 'b'], properties: { b: { description: 'is added to a' } } },
    });
  });

  test('adds, and reports invalid arguments', async () => {
    const client = await clientOf(server);
    expect(textsOf(await client.callTool('add', { a: 1, b: 2 }))).toEqual(['3']);
    const wrong = await client.callTool('add', { a: 1, b: 'two' });
    expect(wrong).toMatchObject({ isError: true });
    expect(textsOf(wrong)[0]).toMatch(/^Invalid arguments: .*\/b/);
  });

  test('fetches', async () => {
    const page = createHttpServer((_, response) => response.writeHead(418, { 'content-type': 'text/html' }).end());
    await new Promise<void>((listening) => page.listen(0, '127.0.0.1', listening));
    afterAll(() => page.close());
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
    const client = await clientOf(server);
    const [text = ''] = textsOf(await client.callTool('fetch_status', { url }));
    expect(JSON.parse(text)).toEqual({ status: 418, type: 'text/html' });
  });
});

describe('examples/resource.ts', async () => {
  const { default: server } = await import('./examples/resource.ts');

  test('reads a static and a templated resource, and completes its variable', async () => {
    const client = await clientOf(server);
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(['config://app']);
    expect((await client.readResource('config://app')).contents).toMatchObject([{ text: '{"debug":true}' }]);
    expect((await client.readResource('users://1/profile')).contents).toMatchObject([
      { uri: 'users://1/profile', mimeType: 'application/json', text: '{"name":"Alice","city":"Basel"}' },
    ]);
    expect((await client.readResource('users://2/profile?fields=city')).contents).toMatchObject([
      { text: '{"city":"Turin"}' },
    ]);
    await expect(client.readResource('users://3/profile')).rejects.toThrow('There is no user 3.');
    const [template] = await client.listResourceTemplates();
    const ref = { type: 'resource', uri: template?.uriTemplate ?? '' } as const;
    const completion = await client.complete({ ref, argument: { name: 'id', value: '' }, given: {} });
    expect(completion.values).toEqual(['1', '2']);
  });
});

describe('examples/prompt.ts', async () => {
  const { default: server } = await import('./examples/prompt.ts');

  test('returns messages, and completes an argument', async () => {
    const client = await clientOf(server);
    const { messages } = await client.getPrompt('code_review', { code: 'a = 1', language: 'python' });
    expect(messages).toMatchObject([
      { role: 'user', content: { text: expect.stringContaining('this python code') } },
      { role: 'assistant', content: { type: 'text' } },
    ]);
    await expect(client.getPrompt('code_review')).rejects.toThrow('"code" is missing');
    const ref = { type: 'prompt', name: 'code_review' } as const;
    const { values } = await client.complete({ ref, argument: { name: 'language', value: 'ty' }, given: {} });
    expect(values).toEqual(['typescript']);
  });
});

describe('examples/context.ts', async () => {
  const { default: server } = await import('./examples/context.ts');

  test('asks, reports, logs, and keeps what the lifespan opened', async () => {
    const asked: string[] = [];
    const logs: unknown[] = [];
    const steps: unknown[] = [];
    const client = await clientOf(server, {
      onElicit: async ({ message }) => {
        asked.push(message);
        return message.includes('cake') ? { action: 'decline' } : { action: 'accept', content: {} };
      },
      onLog: (_, data) => logs.push(data),
    });
    const onProgress = (step: unknown) => steps.push(step);
    const ordered = await client.callTool('order', { item: 'tea' }, { onProgress });
    expect(ordered.structuredContent).toEqual({ position: 1 });
    expect(asked).toEqual(['Order tea for 3?']);
    expect(logs).toEqual([{ ordered: 'tea' }]);
    // The client itself tells of the round it makes for the question.
    expect(steps).toContainEqual({ progress: 1, total: 2, message: 'in the kitchen' });
    expect(await client.callTool('order', { item: 'cake' })).toMatchObject({ isError: true });
    expect(textsOf(await client.callTool('order', { item: 'stone' }))).toEqual(['No stone here.']);
  });

  test('calls another tool of the server; a client without elicitation is not asked', async () => {
    const client = await clientOf(server);
    expect((await client.callTool('order_twice', { item: 'tea' })).structuredContent).toEqual({ position: 3 });
  });

  test('returns an image', async () => {
    const client = await clientOf(server);
    const { content } = await client.callTool('photo');
    expect(content).toMatchObject([{ type: 'text' }, { type: 'image', mimeType: 'image/png' }]);
  });

  test('closes what the lifespan opened', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    await server.close();
    expect(said).toHaveBeenCalledWith('3 orders today');
    said.mockRestore();
  });
});

describe('programs', () => {
  test('examples/serve-stdio.ts', async () => {
    const program = new URL('examples/serve-stdio.ts', import.meta.url).pathname;
    const client = await connect({ command: process.execPath, args: ['--import', 'jiti/register', program] });
    expect(textsOf(await client.callTool('hello'))).toEqual(['Hello.']);
    await client.close();
  });

  test('examples/readme.ts: a server that is down does not affect the others', async () => {
    const program = new URL('examples/readme.ts', import.meta.url).pathname;
    const client = await connect({
      command: process.execPath,
      args: ['--import', 'jiti/register', program],
      cwd: new URL('..', import.meta.url).pathname,
    });
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['now', 'pets_listPets']));
    expect(textsOf(await client.callTool('now'))[0]).toMatch(/^\d{4}-\d\d-\d\dT/);
    await client.close();
  });

  test('examples/serve-http.ts', async () => {
    vi.stubEnv('PORT', '0');
    vi.stubEnv('OPENAPI_MCP_TOKEN', 'long-and-secret');
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { url, close } = await import('./examples/serve-http.ts');
    expect(said).toHaveBeenCalledWith(`Serving ${url}`);
    await expect(connect({ url })).rejects.toThrow();
    const client = await connect({ url, headers: { Authorization: 'Bearer long-and-secret' } });
    expect(textsOf(await client.callTool('hello'))).toEqual(['Hello, token-holder.']);
    await client.close();
    await close();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test('examples/worker.ts', async () => {
    const { default: worker } = await import('./examples/worker.ts');
    const ask = (headers: Record<string, string>) =>
      worker.fetch(
        new Request('https://edge.example.com/mcp', {
          method: 'POST',
          headers: {
            host: 'edge.example.com',
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...headers,
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
        }),
      );
    expect((await ask({})).status).toBe(401);
    const answer = await ask({ authorization: 'Bearer change-me', 'mcp-protocol-version': '2025-11-25' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"name":"where"');
  });
});
