import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { callContext } from '../../call-context.ts';
import { serveHttp } from '../../serve/http/node-http.ts';
import { fixtureProvider } from '../../serve/provider.test.fixture.ts';
import { fromMcp } from '../remote.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test.each([
  ['is cut', 'destroy'],
  ['ends without one', 'end'],
] as const)('a call whose response stream %s fails immediately with an error', async (_, end) => {
  const server = await serveHttp(fixtureProvider(), { port: 0, token: 't', onError: () => {} });
  cleanups.push(() => server.close());
  // In front of it: answers calls with a stream that begins, and no more.
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (body.includes('"tools/call"')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': on it\n\n', () => response[end]());
      return;
    }
    const { 'content-length': _, ...given } = request.headers as Record<string, string>;
    const headers = { ...given, host: new URL(server.url).host };
    const answer = await fetch(server.url, { method: request.method ?? 'GET', headers, ...(body && { body }) });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () => front.closeAllConnections(),
    () => front.close(),
  );
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/mcp`;
  const remote = fromMcp({ url, headers: { Authorization: 'Bearer t' } }, { name: 'far' });
  cleanups.push(() => remote.close());
  const result = await remote.callTool({ name: 'echo', arguments: { text: 'x' } }, callContext());
  expect(result).toMatchObject({ isError: true });
  expect(result.content).toMatchObject([
    {
      text: expect.stringMatching(
        /^The MCP server "far" disconnected during the tool "echo": .* The call may or may not have run\.$/,
      ),
    },
  ]);
});
