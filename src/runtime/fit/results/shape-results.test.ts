import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import { noteText } from '../../note.ts';
import { previewCall } from '../../preview.ts';
import type { Provider, ToolResult } from '../../provider.ts';
import { createServer } from '../../server.ts';
import { signature } from '../signature.ts';
import { keepResults } from './keep-results.ts';
import { shapeResults } from './shape-results.ts';

let api: Server;
let origin: string;
let requests: string[];
/** In place of the other responses. */
let deep: string | undefined;
beforeAll(async () => {
  requests = [];
  api = createHttpServer((request, response) => {
    requests.push(request.url ?? '');
    if (deep !== undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(deep);
    else if (request.url === '/text') response.writeHead(200, { 'content-type': 'text/plain' }).end('hello');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(PETS);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => {
  api.close();
});

const PETS =
  '{"items":[{"id":12345678901234567890,"owner":{"name":"Ada","age":7},"tags":[{"name":"x"}],"price":1.10},{"id":2,"owner":null,"tags":[],"price":2.5}],"next":null}';

const owner = { type: ['object', 'null'], properties: { name: { type: 'string' }, age: { type: 'integer' } } };
const pet = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    owner: { $ref: '#/components/schemas/Owner' },
    tags: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    price: { type: 'number' },
    extra: { type: 'object', additionalProperties: { type: 'string' }, properties: { known: { type: 'string' } } },
  },
};
const json = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
const page = {
  type: 'object',
  properties: {
    items: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
    next: { type: ['string', 'null'] },
  },
};
const documentOf = () => ({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: origin }],
  components: { schemas: { Pet: pet, Owner: owner } },
  paths: {
    '/pets': { get: { operationId: 'listPets', responses: json(page) } },
    '/any': { get: { operationId: 'listAny', responses: { 200: { description: 'ok' } } } },
    '/text': {
      get: { operationId: 'readText', responses: { 200: { description: 'ok', content: { 'text/plain': {} } } } },
    },
    '/search': {
      get: {
        operationId: 'search',
        parameters: ['fields', 'query'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
        responses: json(page),
      },
    },
  },
});
const open = async (options = {}) => {
  const { provider } = await openApi(documentOf(), { environment: {}, answerSchemas: 'all' });
  return shapeResults(provider, options);
};
const call = (provider: Provider, name: string, args: Record<string, unknown> = {}) =>
  provider.callTool({ name, arguments: args }, callContext());
const textOf = ({ content }: ToolResult) => (content[0]?.type === 'text' ? content[0].text : '');
const notesOf = ({ content }: ToolResult) => content.flatMap((block) => noteText(block) ?? []).join('\n');

test('every tool takes both arguments and promises no schema; the instructions explain them once', async () => {
  const provider = await open();
  const tools = await provider.listTools({});
  for (const { inputSchema, outputSchema, name } of tools.filter((tool) => tool.name !== 'search')) {
    expect(Object.keys(inputSchema.properties ?? {}), name).toEqual(['fields', 'query']);
    expect(outputSchema).toBe(undefined);
  }
  expect(provider.info.instructions).toContain('every tool takes `fields`');
});

test.each([
  [
    { fields: ['items.id', 'items[].owner.name'] },
    '{"items":[{"id":12345678901234567890,"owner":{"name":"Ada"}},{"id":2,"owner":null}]}',
  ],
  [{ fields: 'items.price' }, '{"items":[{"price":1.10},{"price":2.5}]}'],
  [{ query: 'items[*].id' }, '[12345678901234567890,2]'],
  [{ query: 'items[?price>`2`].{id: id}' }, '[{"id":2}]'],
  [{ query: 'items[]', fields: ['id'] }, '[{"id":12345678901234567890},{"id":2}]'],
  [{ query: 'nothing.there' }, 'null'],
])('%j', async (args, want) => {
  expect(textOf(await call(await open(), 'listPets', args))).toBe(want);
});

describe('what is wrong is found before the call', () => {
  test.each([
    [{ fields: ['items.ids'] }, '"items.ids" is not in the response. Did you mean "id"?'],
    [{ fields: ['itens'] }, 'Did you mean "items"?'],
    [{ fields: ['items.owner.nam'] }, 'Did you mean "name"?'],
    [{ fields: [''] }, '"fields" must be a list of names'],
    [{ query: 'items[' }, '"query" is not a JMESPath expression'],
    [{ query: 7 }, '"query" must be a JMESPath expression'],
  ])('%j', async (args, says) => {
    const provider = await open();
    const before = requests.length;
    const result = await call(provider, 'listPets', args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(says);
    expect(requests.length).toBe(before);
  });

  test('a name that an open object may have is accepted', async () => {
    const result = await call(await open(), 'listPets', { fields: ['items.extra.anything', 'items.id'] });
    expect(result.isError).toBe(undefined);
    expect(notesOf(result)).toContain('"items.extra.anything" is not in the result.');
  });

  test('without a schema, nothing is refused, and the note says what is there', async () => {
    const result = await call(await open(), 'listAny', { fields: ['itens', 'next'] });
    expect(textOf(result)).toBe('{"next":null}');
    expect(notesOf(result)).toContain('"itens" is not in the result. Did you mean "items"?');
  });
});

test('a query that fails after the call returns the complete result', async () => {
  const result = await call(await open(), 'listPets', { query: 'abs(items)' });
  expect(textOf(result)).toBe(PETS);
  expect(notesOf(result)).toMatch(
    /"query" failed: .* The call was made; this is its complete result\. Do not repeat it\./,
  );
});

test('a result that is not JSON is complete, with a note', async () => {
  const result = await call(await open(), 'readText', { fields: ['a'] });
  expect(textOf(result)).toBe('hello');
  expect(notesOf(result)).toContain('The result is not JSON');
});

test('a result that is nested too deeply is complete, with a note', async () => {
  const provider = await open();
  deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const result = await call(provider, 'listPets', { fields: ['items'] });
  expect(textOf(result)).toBe(deep);
  expect(notesOf(result)).toContain('nested too deeply');
  deep = undefined;
});

test('arguments of the tool keep their names', async () => {
  const provider = await open();
  const tool = (await provider.listTools({})).find(({ name }) => name === 'search');
  expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(['fields', 'query', 'result_fields', 'result_query']);
  const result = await call(provider, 'search', { fields: 'a', query: 'b', result_query: 'items[1].id' });
  expect(requests.at(-1)).toBe('/search?fields=a&query=b');
  expect(textOf(result)).toBe('2');
});

test('fields of the options apply unless a call asks for others', async () => {
  const provider = await open({ fields: { listPets: ['items.id'] } });
  expect(textOf(await call(provider, 'listPets'))).toBe('{"items":[{"id":12345678901234567890},{"id":2}]}');
  expect(textOf(await call(provider, 'listPets', { fields: ['next'] }))).toBe('{"next":null}');
  expect(textOf(await call(provider, 'listPets', { query: 'next' }))).toBe('null');
  await expect(open({ fields: { listPets: [] } })).rejects.toThrow('the fields of "listPets" cannot be used');
});

test('mounted, and called through another tool, results are shaped the same', async () => {
  const server = createServer({ name: 'all', version: '1' });
  server.mount('shop', await open());
  server.tool('own', {}, () => ({ a: 1, b: 2 }));
  expect(textOf(await call(server, 'shop_listPets', { query: 'items[1].id' }))).toBe('2');
  const all = shapeResults(server);
  expect(textOf(await call(all, 'own', { fields: ['b'] }))).toBe('{"b":2}');
  const inOne = signature(await open());
  const given = { name: 'listPets', arguments: { query: 'items[1].id' } };
  expect(textOf(await call(inOne, 'call_tool', given))).toBe('2');
});

test('the request does not have the arguments', async () => {
  const previewed = await previewCall(
    await open(),
    { name: 'listPets', arguments: { fields: ['items'] } },
    callContext(),
  );
  expect(previewed).toMatchObject({ request: { url: `${origin}/pets` } });
});

test('a list may tell origins and fields at once, so what needs either works with the other', async () => {
  const { provider } = await openApi(documentOf(), { environment: {}, answerSchemas: 'all' });
  const both = await provider.listTools({ origins: true, answers: true });
  expect(Object.keys(both[0]?._meta ?? {})).toEqual(
    expect.arrayContaining(['openapi-mcp/origin', 'openapi-mcp/answer']),
  );
  const kept = shapeResults(keepResults(provider));
  const reading = (await kept.listTools({})).find(({ name }) => name === 'read_result');
  expect(Object.keys(reading?.inputSchema.properties ?? {})).toContain('result_fields');
  // Which handle is gone is said only after the arguments were understood.
  expect(textOf(await call(kept, 'read_result', { handle: 'gone', result_fields: ['id'] }))).not.toContain('argument');
});
