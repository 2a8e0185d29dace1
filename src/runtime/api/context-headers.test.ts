import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';

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
