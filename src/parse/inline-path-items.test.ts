import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { DEFAULT_MAP_OPTIONS } from '../map/index.ts';
import { openSenders } from '../runtime/node/senders.ts';
import type { ParseOptions } from './index.ts';

const FILES: Readonly<Record<string, string>> = {
  'openapi.yaml': `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
servers: [{ url: https://shop.test }]
paths:
  /orders: { $ref: paths/orders.yaml, summary: Of the document }
  /carts: { $ref: 'paths/all.yaml#/~1carts' }
  /orders-again: { $ref: '#/paths/~1orders' }
  /gone: { $ref: paths/gone.yaml }
components:
  schemas:
    Added: { type: object, properties: { added: { type: boolean } } }
`,
  'paths/orders.yaml': `summary: Of the file
get:
  operationId: listOrders
  parameters:
    - $ref: '#/x-limit'
    - { name: state, in: query, schema: { type: string, pattern: '(' } }
  responses: { '200': { description: ok, content: { application/json: { schema: { $ref: ../schemas/order.yaml } } } } }
x-limit: { name: limit, in: query, schema: { type: integer } }
`,
  'paths/all.yaml': `/carts: { $ref: carts.yaml }\n`,
  'paths/carts.yaml': `post:
  operationId: addCart
  requestBody: { content: { application/json: { schema: { $ref: 'missing.yaml#/Cart' } } } }
  responses: { '204': { description: ok } }
`,
  'schemas/order.yaml': 'type: object\nproperties: { id: { type: string } }\n',
  'schemas/note.yaml': 'type: string\nmaxLength: 7\n',
};

let folder = '';
let origin = '';
const server = createServer(({ url = '' }, response) => {
  const text = FILES[url.slice(1)];
  response.writeHead(text === undefined ? 404 : 200).end(text);
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-files-'));
  for (const [name, text] of Object.entries(FILES)) write(name, text);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await senders.close();
  server.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const action = (target: string, update: object) => ({ target, update });
const overlay = (...actions: readonly object[]): string =>
  write('over/lay.json', JSON.stringify({ overlay: '1.1.0', info: { title: 'Edits', version: '1' }, actions }));

const senders = openSenders({ environment: {} });
const READING: Omit<ParseOptions, 'amend'> = {
  send: senders.document,
  sendRedirected: () => senders.document,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 5000,
  maxBytes: 1_000_000,
  stdin: undefined,
  cached: undefined,
};

/** The document with the overlay, read from the disk and from the network. */
async function compiled(from: 'disk' | 'network', ...actions: readonly object[]) {
  const source = from === 'disk' ? join(folder, 'openapi.yaml') : `${origin}/openapi.yaml`;
  const parse = { ...READING, sendRemoteRefs: from === 'disk' ? undefined : senders.document };
  const options = { parse, overlays: [overlay(...actions)], map: DEFAULT_MAP_OPTIONS };
  const { model, problems, files } = await compile(source, options, undefined);
  const tools = new Map(
    model.operations.map(({ origin, tool, arguments: { properties } }) => [origin.path, { ...tool, properties }]),
  );
  return { tools, problems, files };
}

const place = (from: 'disk' | 'network', file: string) => (from === 'disk' ? file : `${origin}/${file}`);

test.each(['disk', 'network'] as const)('an overlay selects operations of further files, from %s', async (from) => {
  const { tools, problems } = await compiled(
    from,
    action("$.paths['/orders'].get", { summary: 'Lists orders.' }),
    action("$.paths['/orders'].get.parameters[1]", { description: 'Where it is.' }),
    action("$.paths['/carts'].post", { description: 'Adds a cart.' }),
  );
  expect(tools.get('/orders')?.description).toContain('Lists orders.');
  expect(Object.keys(tools.get('/orders')?.properties ?? {})).toEqual(['limit', 'state']);
  expect(JSON.stringify(tools.get('/orders')?.properties)).toContain('Where it is.');
  expect(tools.get('/carts')?.description).toContain('Adds a cart.');
  expect(problems.filter(({ code }) => code.startsWith('OVERLAY'))).toEqual([]);
});

test.each(['disk', 'network'] as const)('problems keep the file they are in, each said once, from %s', async (from) => {
  const { problems } = await compiled(
    from,
    action("$.paths['/orders'].get.parameters[1].schema", { description: 'Changed.' }),
    action("$.paths['/carts'].post.requestBody", { required: true }),
  );
  const found = problems.map(({ code, pointer }) => `${code} ${pointer}`);
  expect(found).toContain(`BAD_PATTERN ${place(from, 'paths/orders.yaml')}#/get/parameters/1/schema/pattern`);
  const cart = `${place(from, 'paths/carts.yaml')}#/post/requestBody/content/application~1json/schema`;
  expect(found.filter((each) => each.endsWith(cart))).toEqual([`UNREADABLE_REF ${cart}`]);
  expect(found.filter((each) => each.includes('~1gone'))).toEqual(['UNREADABLE_REF #/paths/~1gone']);
});

test('what an overlay removes is neither read nor a problem', async () => {
  const { problems, tools } = await compiled(
    'disk',
    { target: "$.paths['/carts'].post.requestBody", remove: true },
    { target: "$.paths['/gone']", remove: true },
    { target: "$.paths['/orders'].get.parameters[0]", remove: true },
  );
  expect(problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    'DUPLICATE_OPERATION_ID #/paths/~1orders-again/get/operationId',
    'BAD_PATTERN paths/orders.yaml#/get/parameters/1/schema/pattern',
  ]);
  expect(Object.keys(tools.get('/orders')?.properties ?? {})).toEqual(['state']);
});

test.each(['disk', 'network'] as const)('references of an overlay are those of the document, from %s', async (from) => {
  const schema = (ref: string) => ({ name: ref.replace(/\W/g, ''), in: 'query', schema: { $ref: ref } });
  const { tools, problems } = await compiled(
    from,
    action("$.paths['/orders'].get", {
      parameters: [schema('schemas/note.yaml'), schema('#/components/schemas/Added'), schema('nowhere.yaml')],
    }),
  );
  const properties = tools.get('/orders')?.properties ?? {};
  expect(properties).toMatchObject({
    schemasnoteyaml: { $ref: '#/$defs/x_bundled_files_note' },
    componentsschemasAdded: { $ref: '#/$defs/Added' },
  });
  const unread = problems.filter(({ message }) => message.includes('nowhere.yaml'));
  expect(unread.map(({ code }) => code)).toEqual(['UNREADABLE_REF']);
});

test('fields next to the reference apply, and other references stay references', async () => {
  const { problems } = await compiled(
    'disk',
    { target: '$.paths[?@.summary == "Of the document"].get', remove: true },
    action("$.paths['/orders-again'].get", { summary: 'Not here.' }),
    action('$.paths..schema.properties', { more: { type: 'string' } }),
  );
  const unmatched = problems.filter(({ code }) => code === 'OVERLAY_UNMATCHED');
  expect(unmatched.map(({ pointer }) => pointer.replace(/^.*#/, ''))).toEqual([
    '/actions/1/target',
    '/actions/2/target',
  ]);
});
