import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { type HttpServerOptions, serveHttp } from '../serve/http/node-http.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

test('headers of the context reach the API, but replace no argument, credential or header of the owner', async () => {
  const received: IncomingHttpHeaders[] = [];
  const api = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  cleanups.push(() => api.close());
  await once(api, 'listening');
  const { provider } = await openApi(
    {
      openapi: '3.1.0',
      info: { title: 'Pets', version: '1' },
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
      paths: {
        '/pets': {
          get: { operationId: 'pets', parameters: [{ in: 'header', name: 'X-Shelf', schema: { type: 'string' } }] },
        },
      },
    },
    {
      baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      environment: { API_KEY_KEY: 'the-key' },
      headers: [['X-Owner', 'owner']],
    },
  );
  cleanups.push(() => provider.close());
  const headers = { traceparent: '00-1-2-01', 'x-key': 'stolen', 'X-SHELF': 'other', 'x-owner': 'other' };
  await provider.callTool({ name: 'pets', arguments: { X_Shelf: 'top' } }, callContext({ headers }));
  expect(received).toMatchObject([
    { traceparent: '00-1-2-01', 'x-key': 'the-key', 'x-shelf': 'top', 'x-owner': 'owner' },
  ]);
});

describe('headers of the client’s request', () => {
  async function served(forwardHeaders: readonly string[], options: Partial<HttpServerOptions> = {}) {
    const received: IncomingHttpHeaders[] = [];
    const api = createServer((request, response) => {
      received.push(request.headers);
      if (request.url === '/moved') response.writeHead(302, { Location: `${elsewhere}/x` }).end();
      else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(request.headers));
    }).listen(0, '127.0.0.1');
    const other = createServer((request, response) => {
      received.push(request.headers);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await Promise.all([once(api, 'listening'), once(other, 'listening')]);
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const opened = await openApi(
      {
        openapi: '3.1.0',
        info: { title: 'Pets', version: '1' },
        paths: { '/pets': { get: { operationId: 'pets' } }, '/moved': { get: { operationId: 'moved' } } },
      },
      { baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, forwardHeaders, cache: false },
    );
    const server = await serveHttp(opened.provider, { port: 0, onError: () => {}, ...options });
    cleanups.push(
      () => server.close(),
      () => api.close(),
      () => other.close(),
    );
    const call = async (name: string, headers: Record<string, string>) => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
      });
      return response.text();
    };
    return { received, call, notices: opened.notices };
  }

  test('reach the API only if they are named, and are hidden in results', async () => {
    const { received, call } = await served(['X-Tenant']);
    const text = await call('pets', {
      'X-Tenant': 'tenant-4711-of-acme',
      'X-Other': 'other',
      Authorization: 'Bearer abc',
    });
    expect(received).toMatchObject([{ 'x-tenant': 'tenant-4711-of-acme' }]);
    expect(received[0]).not.toHaveProperty('x-other');
    expect(received[0]).not.toHaveProperty('authorization');
    expect(text).not.toContain('other');
  });

  test('do not follow a redirect to another origin', async () => {
    const { received, call } = await served(['X-Tenant']);
    await call('moved', { 'X-Tenant': 'tenant-4711-of-acme' });
    expect(received.map((headers) => headers['x-tenant'])).toEqual(['tenant-4711-of-acme', undefined]);
  });

  test('named Authorization is forwarded with a warning, but never if this server verifies it', async () => {
    const open = await served(['Authorization']);
    expect(open.notices).toContain(
      'The header Authorization of clients is sent to the API, with whatever credential it contains.',
    );
    await open.call('pets', { Authorization: 'Bearer of-the-caller' });
    expect(open.received[0]?.authorization).toBe('Bearer of-the-caller');
    const key = 'key-of-ada-0123456789';
    const guarded = await served(['Authorization'], { auth: { keys: [{ name: 'ada', key }] } });
    await guarded.call('pets', { Authorization: `Bearer ${key}` });
    expect(guarded.received).toHaveLength(1);
    expect(guarded.received[0]).not.toHaveProperty('authorization');
  });

  test.each(['Host', 'content-length', 'Mcp-Session-Id'])('%s cannot be forwarded', async (name) => {
    await expect(served([name])).rejects.toThrow('cannot be forwarded');
  });
});
