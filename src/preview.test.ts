import { expect, test } from 'vitest';
import { openApi, type ProxyOptions } from './proxy.ts';
import { callContext } from './runtime/call-context.ts';
import { curlText } from './runtime/curl-text.ts';
import { searchTools } from './runtime/fit/index.ts';
import { type Middleware, withMiddleware } from './runtime/middleware/index.ts';
import { previewCall } from './runtime/preview.ts';
import type { Provider } from './runtime/provider.ts';
import { createServer } from './runtime/server.ts';

const key = { type: 'apiKey', in: 'header', name: 'X-Key' };
const machine = {
  type: 'oauth2',
  flows: { clientCredentials: { tokenUrl: 'https://shop.test/token', scopes: {} } },
};
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'https://shop.test/v1' }],
  components: { securitySchemes: { key, machine } },
  paths: {
    '/pets/{id}': {
      put: {
        operationId: 'savePet',
        security: [{ key: [] }],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'tags', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
        ],
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } } },
        },
        responses: {},
      },
    },
    '/reports': { get: { operationId: 'listReports', security: [{ machine: [] }], responses: {} } },
  },
};

/** No request leaves: there is no host of that name, so a request would be an error. */
const open = (options: ProxyOptions = {}) =>
  openApi(DOCUMENT, {
    auth: { key: 'very-secret', machine: { clientId: 'id', clientSecret: 'very-secret' } },
    environment: {},
    ...options,
  });
const preview = (provider: Provider, name: string, args: Record<string, unknown> = {}) =>
  previewCall(provider, { name, arguments: args }, callContext());

const GIVEN = { id: 7, tags: ['a b', 'c'], name: "O'Neil" };

test('a preview is the request of the call, without its secrets', async () => {
  const { provider } = await open();
  const previewed = await preview(provider, 'savePet', GIVEN);
  expect(previewed).toEqual({
    request: {
      method: 'PUT',
      url: 'https://shop.test/v1/pets/7?tags=a%20b&tags=c',
      headers: expect.arrayContaining([
        ['X-Key', '[credential]'],
        ['Content-Type', 'application/json'],
      ]),
      body: '{"name":"O\'Neil"}',
    },
  });
  expect(JSON.stringify(previewed)).not.toContain('very-secret');
});

test('a token that would have to be fetched is a placeholder', async () => {
  const { provider } = await open();
  const previewed = await preview(provider, 'listReports');
  expect('request' in previewed && previewed.request.headers).toContainEqual([
    'Authorization',
    'Bearer [token of machine]',
  ]);
});

test.each([
  ['arguments are validated', {}, 'savePet', { id: 'x' }, /^INVALID_ARGUMENTS: .*id/],
  ['credentials are needed', { auth: {} }, 'savePet', GIVEN, /^MISSING_CREDENTIAL: .*API_KEY_KEY/],
])('what prevents the call prevents the preview: %s', async (_, options, name, args, want) => {
  const { provider } = await open(options);
  const previewed = await preview(provider, name, args);
  expect('problem' in previewed && previewed.problem).toMatch(want);
});

test('an unknown tool is an error', async () => {
  const { provider } = await open();
  await expect(preview(provider, 'savePets')).rejects.toThrow('Did you mean "savePet"?');
});

test('mounted, renamed by a namespace, and behind call_tool, the request is the same', async () => {
  const { provider } = await open();
  const alone = await preview(provider, 'savePet', GIVEN);
  const server = createServer({ name: 'all', version: '1' });
  server.mount('shop', provider);
  expect(await preview(server, 'shop_savePet', GIVEN)).toEqual(alone);
  const searching = await searchTools(server);
  expect(await preview(searching, 'call_tool', { name: 'shop_savePet', arguments: GIVEN })).toEqual(alone);
});

test('a hand-written tool is not called, and middleware sees nothing', async () => {
  const { provider } = await open();
  const seen: string[] = [];
  const watching: Middleware = async (call, next) => {
    if (call.method === 'tools/call') seen.push(call.params.name);
    return next(call);
  };
  const server = createServer({ name: 'all', version: '1' });
  server.tool('greet', {}, async () => {
    seen.push('greet ran');
    return 'hello';
  });
  server.mount('shop', provider);
  server.use(watching);
  const watched = withMiddleware(server, watching);
  expect(await preview(watched, 'greet')).toMatchObject({
    problem: '"greet" is not an operation of an API, so there is no HTTP request to show. It was not called.',
  });
  expect(await preview(watched, 'shop_savePet', GIVEN)).toHaveProperty('request');
  expect(seen).toEqual([]);
});

test('a provider of an older runtime, which does not know previews, is not called', async () => {
  const { provider } = await open();
  const { previews: _, ...rest } = provider;
  const older: Provider = { ...rest, callTool: () => Promise.reject(new Error('called')) };
  const server = createServer({ name: 'all', version: '1' });
  server.mount('old', older);
  for (const each of [older, server]) {
    const previewed = await preview(each, each === older ? 'savePet' : 'old_savePet', GIVEN);
    expect('problem' in previewed && previewed.problem).toContain('It was not called.');
  }
});

test.each([
  [
    { method: 'GET', url: 'https://a.test/x?y=1', headers: [['Accept', 'application/json']] as const },
    "curl 'https://a.test/x?y=1' \\\n  -H 'Accept: application/json'",
  ],
  [
    { method: 'POST', url: 'https://a.test/', headers: [['Accept-Encoding', 'gzip']] as const, body: "it's" },
    "curl 'https://a.test/' \\\n  --data-raw 'it'\\''s'",
  ],
  [{ method: 'DELETE', url: 'https://a.test/[1]', headers: [] }, "curl -X DELETE 'https://a.test/[1]' \\\n  --globoff"],
  [{ method: 'HEAD', url: 'https://a.test/', headers: [] }, "curl --head 'https://a.test/'"],
  [
    { method: 'PUT', url: 'https://a.test/', headers: [], body: new Uint8Array([255, 0]) },
    "curl -X PUT 'https://a.test/' \\\n  --data-binary @-   # bytes that are not text",
  ],
])('curlText(%j)', (request, want) => {
  expect(curlText(request)).toBe(want);
});
