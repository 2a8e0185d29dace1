import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { mcpHandler } from '../adapters/express.ts';
import { importProject } from '../emitted-project.test.fixture.ts';
import { generateProject } from '../generate.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer as createMcpServer } from '../runtime/server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const provider = () => {
  const server = createMcpServer({ name: 'test', version: '1' });
  server.tool('ping', {}, () => 'pong');
  return server;
};

/** Ports of the same provider behind each of our gates. */
const GATES: Readonly<Record<string, () => Promise<number>>> = {
  async 'serveHttp of a composite'() {
    const server = await serveHttp(provider(), { port: 0, onError: () => {} });
    closers.push(() => server.close());
    return server.port;
  },
  async 'serveHttp of an emitted server'() {
    const document = {
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
    };
    const project = await importProject(await generateProject(document, { cache: false }));
    const emitted = project.create({});
    const copy = await project.load('runtime/serve/http/node-http.ts');
    const server = await (copy.serveHttp as typeof serveHttp)(emitted, { port: 0, onError: () => {} });
    closers.push(
      () => emitted.close(),
      () => server.close(),
    );
    return server.port;
  },
  async express() {
    const handler = mcpHandler(provider(), { insecure: true });
    const server = createServer(express().use('/mcp', handler));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => handler.close(),
      () => server.closeAllConnections(),
      () => server.close(),
    );
    return (server.address() as AddressInfo).port;
  },
};

/** The status of a request written byte by byte: clients refuse to send such heads. */
function statusOf(port: number, lines: readonly string[]): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
  const head = [
    'POST /mcp HTTP/1.1',
    ...lines,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])));
  });
}

const ATTACKS: readonly (readonly [lines: readonly string[], want: number])[] = [
  [['Host: localhost'], 200],
  [['Host: localhost', 'Origin: http://localhost:3000'], 200],
  [['Host: localhost', 'Host: evil.test'], 400],
  [['Host: localhost', 'Host: localhost'], 400],
  [['Host: evil.test', 'Host: localhost'], 400],
  [['Host: 127.0.0.1/@evil'], 400],
  [['Host: 127.0.0.1#evil'], 400],
  [['Host: 127.0.0.1?evil'], 400],
  [['Host: evil@127.0.0.1'], 400],
  [['Host: :@127.0.0.1'], 400],
  [['Host: 127.0.0.1\\.evil.test'], 400],
  [['Host: http://localhost'], 400],
  [['Host: [::1'], 400],
  [['Host: localhost:999999'], 400],
  [['Host: localhost.evil.test'], 403],
  [['Host: 127.0.0.1.evil.test'], 403],
  [['Host: 0'], 403],
  [['Host: localhost', 'Origin: http://evil@localhost'], 400],
  [['Host: localhost', 'Origin: http://localhost@evil.test'], 400],
  [['Host: localhost', 'Origin: http://localhost#evil.test'], 400],
  [['Host: localhost', 'Origin: http://localhost/'], 400],
  [['Host: localhost', 'Origin: http://localhost', 'Origin: http://evil.test'], 400],
  [['Host: localhost', 'Origin: http://evil.test', 'Origin: http://localhost'], 400],
  [['Host: localhost', 'Origin: http://localhost.evil.test'], 403],
  [['Host: localhost', 'Origin: null'], 403],
];

test.each(Object.keys(GATES))('%s takes no head that two parsers would read differently', async (name) => {
  const port = await GATES[name]?.();
  const got = await Promise.all(ATTACKS.map(async ([lines]) => [lines, await statusOf(Number(port), lines)]));
  expect(got).toEqual(ATTACKS);
});
