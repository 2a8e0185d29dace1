import { afterEach, describe, expect, test } from 'vitest';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';
import { ConnectError, connectAll, type McpClients } from './index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const NOBODY = 'http://127.0.0.1:1/mcp';

function serverNamed(name: string, tools: readonly string[] = ['where']) {
  const server = createServer({ name, version: '1' });
  for (const tool of tools) server.tool(tool, {}, () => `${name}: ${tool}`);
  server.prompt('greet', {}, () => `Hello from ${name}`);
  server.resource('note://all', { name: 'all' }, () => name);
  server.resource(`note://${name}`, { name: 'own' }, () => `${name} alone`);
  return server;
}

async function opened(...given: Parameters<typeof connectAll>): Promise<McpClients> {
  const clients = await connectAll(...given);
  cleanups.push(() => clients.close());
  return clients;
}

const textOf = (result: { readonly content: readonly unknown[] }) =>
  (result.content[0] as { readonly text?: string } | undefined)?.text;

describe('several servers', () => {
  test('are listed together, each thing with its server, and called by it', async () => {
    const clients = await opened({ a: { provider: serverNamed('A') }, b: { provider: serverNamed('B') } });
    expect((await clients.listTools()).map(({ name, server }) => [name, server])).toEqual([
      ['a_where', 'a'],
      ['b_where', 'b'],
    ]);
    expect(textOf(await clients.callTool('b_where'))).toBe('B: where');
    expect((await clients.listPrompts()).map(({ name }) => name)).toEqual(['a_greet', 'b_greet']);
    expect((await clients.getPrompt('a_greet')).messages[0]?.content).toMatchObject({ text: 'Hello from A' });
    expect((await clients.listResources()).map(({ uri, server }) => `${server} ${uri}`)).toEqual([
      'a note://all',
      'a note://A',
      'b note://all',
      'b note://B',
    ]);
    expect((await clients.readResource('note://B')).contents).toMatchObject([{ text: 'B alone' }]);
    expect((await clients.readResource('note://all', { server: 'b' })).contents).toMatchObject([{ text: 'B' }]);
    await expect(clients.readResource('note://all')).rejects.toThrow('Choose one: { server: "a" }');
    await expect(clients.callTool('c_where')).rejects.toThrow('does not begin with the name of a server: a_…, b_…');
  });

  test('a name that two servers could have goes to the one that lists it', async () => {
    const clients = await opened({
      a: { provider: serverNamed('A', ['b_c', 'b_both']) },
      a_b: { provider: serverNamed('A-B', ['d', 'both']) },
    });
    expect(textOf(await clients.callTool('a_b_c'))).toBe('A: b_c');
    expect(textOf(await clients.callTool('a_b_d'))).toBe('A-B: d');
    await expect(clients.callTool('a_b_both')).rejects.toThrow('is ambiguous: "b_both" of "a" or "both" of "a_b"');
  });

  test('one that is down does not affect the others, and is reported', async () => {
    const clients = await opened({ up: { provider: serverNamed('Up') }, down: NOBODY });
    expect([...clients.problems.keys()]).toEqual(['down']);
    expect(clients.problems.get('down')).toBeInstanceOf(ConnectError);
    expect((await clients.listTools()).map(({ name }) => name)).toEqual(['up_where']);
    expect(textOf(await clients.callTool('up_where'))).toBe('Up: where');
    expect((await clients.readResource('note://Up')).contents).toMatchObject([{ text: 'Up alone' }]);
    await expect(clients.callTool('down_where')).rejects.toThrow(/^Cannot connect to http:\/\/127\.0\.0\.1:1\/mcp: /);
  });

  test('one that comes up later joins', async () => {
    const probe = await serveHttp(serverNamed('Late'), { port: 0, token: 't', onError: () => {} });
    await probe.close();
    const headers = { Authorization: 'Bearer t' };
    const clients = await opened({ up: { provider: serverNamed('Up') }, late: { url: probe.url, headers } });
    expect(clients.problems.size).toBe(1);
    const port = Number(new URL(probe.url).port);
    const late = await serveHttp(serverNamed('Late'), { port, token: 't', onError: () => {} });
    cleanups.push(() => late.close());
    expect((await clients.listTools()).map(({ name }) => name)).toEqual(['up_where', 'late_where']);
    expect(clients.problems.size).toBe(0);
  });

  test('none that can be reached is an error that names each', async () => {
    await expect(connectAll({ a: NOBODY, b: NOBODY })).rejects.toThrow(
      /^No server can be reached.* a: Cannot.*; b: Cannot/,
    );
  });
});

describe("a client's configuration", () => {
  test('names the servers, without those that are disabled', async () => {
    const server = await serveHttp(serverNamed('Web'), { port: 0, token: 't', onError: () => {} });
    cleanups.push(() => server.close());
    const clients = await opened({
      mcpServers: {
        web: { url: server.url, headers: { Authorization: 'Bearer t' } },
        off: { command: 'never-started', disabled: true },
      },
    });
    expect(clients.names).toEqual(['web']);
    expect(textOf(await clients.callTool('web_where'))).toBe('Web: where');
  });

  test('with an invalid entry is rejected, naming the entry', async () => {
    await expect(connectAll({ mcpServers: { odd: { uri: 'x' } } })).rejects.toThrow(
      'The MCP server "odd" has neither a "command" nor a "url".',
    );
  });
});
