import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, expect, test } from 'vitest';
import { connect } from './client/index.ts';
import { openApi } from './proxy.ts';
import { serveHttp } from './runtime/serve/http/node-http.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An API that never responds, served over HTTP. */
async function servedApi() {
  const requests: IncomingMessage[] = [];
  const api = createServer((request) => void requests.push(request)).listen(0, '127.0.0.1');
  await once(api, 'listening');
  cleanups.push(() => {
    api.closeAllConnections();
    api.close();
  });
  const document = {
    openapi: '3.1.0',
    info: { title: 'Slow', version: '1' },
    servers: [{ url: `http://127.0.0.1:${(api.address() as AddressInfo).port}` }],
    paths: { '/wait': { get: { operationId: 'wait', responses: { 200: { description: 'ok' } } } } },
  };
  const { provider } = await openApi(document, { cache: false });
  const server = await serveHttp(provider, { port: 0, drainMs: 100, onError: () => {} });
  cleanups.push(() => server.close());
  return { url: server.url, requests };
}

const callers = {
  'our client in the 2025 era': async (url: string, signal: AbortSignal) => {
    const client = await connect(url, { mode: 'legacy' });
    cleanups.push(() => client.close());
    return client.callTool('wait', {}, { signal });
  },
  'the SDK of 2025': async (url: string, signal: AbortSignal) => {
    const client = new OldClient({ name: 'test', version: '1' });
    // The old SDK's own types do not fit together under exactOptionalPropertyTypes.
    await client.connect(new OldHttpTransport(new URL(url)) as OldTransport);
    cleanups.push(() => client.close());
    return client.callTool({ name: 'wait', arguments: {} }, undefined, { signal });
  },
};

test.each(Object.entries(callers))(
  'a call that %s cancels over HTTP ends its request to the API',
  async (_who, call) => {
    const { url, requests } = await servedApi();
    const abort = new AbortController();
    const calling = expect(call(url, abort.signal)).rejects.toThrow();
    // The first call loads what calls need.
    await expect.poll(() => requests.length, { timeout: 10_000 }).toBe(1);
    let isClosed = false;
    requests[0]?.on('close', () => {
      isClosed = true;
    });
    abort.abort();
    await calling;
    await expect.poll(() => isClosed, { timeout: 10_000 }).toBe(true);
  },
);
