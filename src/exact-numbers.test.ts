import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolArguments } from './cli/client/arguments/tool-arguments.ts';
import { connect } from './client/index.ts';
import { openApi } from './proxy.ts';
import { callContext } from './runtime/call-context.ts';
import type { Provider, ToolResult } from './runtime/provider.ts';
import { serveHttp } from './runtime/serve/http/node-http.ts';
import { serveStdio } from './runtime/serve/stdio/serve-stdio.ts';

const SPEC = fileURLToPath(new URL('../test-specs/exact-numbers.yaml', import.meta.url));
const LARGE = '990000000262240065';
const PLACE = '{"lat":-122.41941550000000745,"id":12345678901234567890,"fee":19.99}';

let provider: Provider;
const seen: { request: string; headers: Record<string, unknown>; body: string }[] = [];
const api = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  seen.push({ request: `${request.method} ${request.url}`, headers: request.headers, body });
  response.setHeader('Content-Type', 'application/json').end(request.url === '/places' ? PLACE : '{}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  provider = (await openApi(SPEC, { cache: false, baseUrl })).provider;
});
afterAll(async () => {
  await provider.close();
  api.close();
});

async function sent(name: string, args: Record<string, unknown>) {
  seen.length = 0;
  const result = await provider.callTool({ name, arguments: args }, callContext());
  return { text: textOf(result), isError: result.isError ?? false, request: seen[0] };
}

const textOf = ({ content }: ToolResult) => content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

describe('a string of digits is sent as exactly these digits', () => {
  test.each([
    ['path', 'deleteRecord', { id: LARGE }, { request: `DELETE /records/${LARGE}` }],
    ['a negative one', 'deleteRecord', { id: `-${LARGE}` }, { request: `DELETE /records/-${LARGE}` }],
    ['a small one', 'deleteRecord', { id: '7' }, { request: 'DELETE /records/7' }],
    [
      'query and list',
      'getRecord',
      { id: '1', after: LARGE, ids: [LARGE, 7] },
      { request: `GET /records/1?after=${LARGE}&ids=${LARGE},7` },
    ],
    ['header', 'getRecord', { id: 1, X_Since: LARGE }, { headers: { 'x-since': LARGE } }],
    ['cookie', 'getRecord', { id: 1, seen: LARGE }, { headers: { cookie: `seen=${LARGE}` } }],
    [
      'JSON in the query',
      'getRecord',
      { id: 1, filter: { id: LARGE } },
      { request: `GET /records/1?filter=${encodeURIComponent(`{"id":${LARGE}}`)}` },
    ],
    ['form', 'sendForm', { id: LARGE }, { body: `id=${LARGE}` }],
    [
      'JSON body, where it is a number',
      'createRecord',
      { owner: LARGE, related: [{ id: LARGE }, { id: '5' }] },
      { body: `{"owner":${LARGE},"related":[{"id":${LARGE}},{"id":5}]}` },
    ],
    [
      'a string where a string is asked for, or allowed',
      'createRecord',
      { label: LARGE, either: LARGE, data: LARGE },
      { body: `{"label":"${LARGE}","either":"${LARGE}","data":"${LARGE}"}` },
    ],
  ])('%s', async (_, tool, args, request) => {
    expect(await sent(tool, args)).toMatchObject({ isError: false, request });
  });

  test('in the URI of a resource', async () => {
    const [template] = await provider.listResourceTemplates({});
    seen.length = 0;
    const uri = template?.uriTemplate.replace(/\{id\}.*/, LARGE) ?? '';
    await provider.readResource({ uri }, callContext());
    expect(seen[0]?.request).toBe(`GET /records/${LARGE}`);
  });
});

test.each([
  ['deleteRecord', { id: '9223372036854775808' }, 'id: must have the format int64'],
  ['getRecord', { id: 1, X_Since: '9007199254740991' }, 'X_Since: must be 9007199254740992 or more'],
  ['createRecord', { even: LARGE }, 'even: must be a multiple of 2; got "990000000262240065"'],
  ['deleteRecord', { id: '1x' }, 'id: must be an integer; got "1x"'],
  ['deleteRecord', { id: '007' }, 'id: must be an integer; got "007"'],
  ['deleteRecord', { id: 990000000262240000 }, 'pass it as a string of digits'],
  ['createRecord', { related: [{ id: 2 ** 60 }] }, 'related[0].id: a JSON number beyond 2^53'],
])('%s %j is refused, and nothing is sent', async (tool, args, says) => {
  const { isError, text, request } = await sent(tool, args);
  expect({ isError, request }).toEqual({ isError: true, request: undefined });
  expect(text).toContain(says);
});

describe('integers of 64 bits are listed as numbers or strings of digits', () => {
  const LISTED = { type: ['integer', 'string'], format: 'int64', pattern: '^-?(0|[1-9]\\d*)$' };
  const schemaOf = async (name: string) =>
    (await provider.listTools({})).find((tool) => tool.name === name)?.inputSchema;

  test('also where they are shared', async () => {
    expect(await schemaOf('getRecord')).toMatchObject({
      properties: { id: LISTED, after: { $ref: '#/$defs/Id' }, X_Since: { ...LISTED, minimum: 2 ** 53 } },
      $defs: { Id: LISTED },
    });
  });

  test('but not others, nor those with an upper bound that a double holds', async () => {
    const schema = await schemaOf('getRecord');
    expect(schema?.properties).toMatchObject({ seen: { type: 'integer' }, limit: { type: 'integer', maximum: 100 } });
  });

  test('and what is listed accepts what is accepted', async () => {
    const { inputSchema } = (await provider.listTools({})).find(({ name }) => name === 'deleteRecord') ?? {};
    const validate = new Ajv2020({ formats: { int64: true }, allowUnionTypes: true }).compile(inputSchema ?? false);
    const accepted = [7, LARGE, `-${LARGE}`, 'seven', '007'].filter((id) => validate({ id }));
    expect(accepted).toEqual([7, LARGE, `-${LARGE}`]);
  });
});

test('a number of the command line has its digits where any value is allowed', async () => {
  const borrowed = { ...provider, close: async () => {} };
  const server = await serveHttp(borrowed, { port: 0, onError: () => {} });
  await using client = await connect(server.url);
  const [tool] = (await client.listTools()).filter(({ name }) => name === 'createRecord');
  if (!tool) throw new Error('It is not listed.');
  const words = [`data=${LARGE}`, `label=${LARGE}`, `owner=${LARGE}`];
  const { values, exactIntegers } = await toolArguments(tool, { words, args: undefined, help: '' });
  seen.length = 0;
  await client.callTool(tool.name, values, { exactIntegers });
  await server.close();
  expect(seen).toMatchObject([{ body: `{"data":${LARGE},"label":"${LARGE}","owner":${LARGE}}` }]);
});

describe('a JSON number beyond 2^53 arrives as it is written', () => {
  const call = (name: string, args: string, id = 1) =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;
  const hello = JSON.stringify({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });
  const cases: readonly [string, string, object][] = [
    ['deleteRecord', `{"id":${LARGE}}`, { request: `DELETE /records/${LARGE}` }],
    ['deleteRecord', '{"id":1700000000000000000}', { request: 'DELETE /records/1700000000000000000' }],
    ['deleteRecord', '{"id":1.7e18}', { request: 'DELETE /records/1700000000000000000' }],
    [
      'createRecord',
      `{"owner":${LARGE},"related":[{"id":-${LARGE}}],"data":{"n":${LARGE},"s":"${LARGE} "}}`,
      { body: `{"owner":${LARGE},"related":[{"id":-${LARGE}}],"data":{"n":${LARGE},"s":"${LARGE} "}}` },
    ],
  ];

  test.each(cases)('over stdio: %s %s', async (name, args, request) => {
    seen.length = 0;
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdout.resume();
    // Closing the connection closes the provider.
    const borrowed = { ...provider, close: async () => {} };
    const connection = await serveStdio(borrowed, { onError: () => {}, stdin, stdout });
    stdin.end(`${hello}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n${call(name, args)}\n`);
    await connection.closed;
    expect(seen).toMatchObject([request]);
  });

  test.each(cases)('over HTTP: %s %s', async (name, args, request) => {
    seen.length = 0;
    const borrowed = { ...provider, close: async () => {} };
    const server = await serveHttp(borrowed, { port: 0, onError: () => {} });
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    const response = await fetch(server.url, { method: 'POST', headers, body: call(name, args) });
    await response.text();
    await server.close();
    expect(seen).toMatchObject([request]);
  });
});

test.each([
  ['a body', { price: 19.99 }],
  ['a query', { rate: 0.3 }],
  ['an exponent', { price: 1e21 }],
])('a multiple in decimal is sent: %s', async (_, args) => {
  expect(await sent('setPrice', args)).toMatchObject({ isError: false });
});

test('a value that is not a decimal multiple is rejected', async () => {
  expect(await sent('setPrice', { price: 1.005 })).toMatchObject({ isError: true, request: undefined });
});

test('numbers of a response are numbers, and the text has all their digits', async () => {
  const result = await provider.callTool({ name: 'getPlace', arguments: {} }, callContext());
  expect(textOf(result)).toBe(PLACE);
  expect(result.structuredContent).toEqual(JSON.parse(PLACE));
});
