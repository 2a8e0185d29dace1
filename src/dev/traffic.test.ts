import { expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { secretsToHide } from '../runtime/api/conceal/secrets-of.ts';
import { callContext } from '../runtime/call-context.ts';
import { withMiddleware } from '../runtime/middleware/index.ts';
import { createServer } from '../runtime/server.ts';
import { createTraffic, type TrafficEntry, tokensOf } from './traffic.ts';

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'http://127.0.0.1:1' }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'k' } } },
  paths: {
    '/login': {
      post: {
        operationId: 'logIn',
        security: [{ key: [] }],
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { password: { type: 'string' } } } } },
        },
        responses: {},
      },
    },
  },
};

async function watched() {
  const { provider, secretSources } = await openApi(DOCUMENT, { auth: { key: 'very-secret' }, environment: {} });
  const traffic = createTraffic({ secrets: () => secretsToHide(secretSources()) });
  const seen: TrafficEntry[] = [];
  const stop = traffic.onEntry((entry) => seen.push(entry));
  return { provider: withMiddleware(provider, traffic.middleware), traffic, seen, stop };
}

test('a call is kept with its HTTP exchange, without secrets in any part', async () => {
  const { provider, seen } = await watched();
  await provider.callTool({ name: 'logIn', arguments: { password: 'hunter2' } }, callContext());
  expect(seen).toEqual([
    expect.objectContaining({
      id: 1,
      method: 'tools/call',
      target: 'logIn',
      ended: 'failed',
      outcome: { error: 'CONNECTION_REFUSED' },
      params: { name: 'logIn', arguments: { password: '[redacted]' } },
      exchanges: [
        expect.objectContaining({
          error: expect.stringContaining('refused the connection'),
          request: expect.objectContaining({
            url: 'http://127.0.0.1:1/login?k=[credential]',
            body: '{"password":"[redacted]"}',
          }),
        }),
      ],
    }),
  ]);
  expect(JSON.stringify(seen)).not.toMatch(/very-secret|hunter2/);
});

test('a context that already observes exchanges still does', async () => {
  const { provider, seen } = await watched();
  const exchanges: unknown[] = [];
  const context = callContext({ onExchange: (exchange) => exchanges.push(exchange) });
  await provider.callTool({ name: 'logIn', arguments: {} }, context);
  expect([exchanges.length, seen[0]?.exchanges.length]).toEqual([1, 1]);
});

test('lists and previews are not counted', async () => {
  const { provider, seen } = await watched();
  await provider.listTools({});
  await provider.callTool({ name: 'logIn', arguments: {} }, callContext({ preview: true }));
  expect(seen).toEqual([]);
});

test('the latest are kept, and listeners can leave', async () => {
  const server = createServer({ name: 's', version: '1' });
  server.tool('t', {}, () => 'ok');
  const traffic = createTraffic({ secrets: () => [], most: 2 });
  const provider = withMiddleware(server, traffic.middleware);
  let told = 0;
  const stop = traffic.onEntry(() => told++);
  const call = () => provider.callTool({ name: 't', arguments: {} }, callContext());
  await call();
  stop();
  await call();
  await call();
  expect(traffic.entries().map(({ id }) => id)).toEqual([2, 3]);
  expect(told).toBe(1);
});

test('the tokens of a result are those of its texts, or of all of it', () => {
  const image = { type: 'image', data: 'A'.repeat(40_000), mimeType: 'image/png' };
  expect(tokensOf({ content: [image, { type: 'text', text: 'one word' }] })).toBeLessThan(10);
  expect(tokensOf({ content: [image] })).toBeGreaterThan(1_000);
  expect(tokensOf({ content: [], structuredContent: { a: 1 } })).toBeLessThan(20);
});
