import './openapi-schemas.test.fixture.ts';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleCall } from './cli/client/print/example-call.ts';
import { schemaRows } from './cli/client/print/schema-lines.ts';
import { inspection } from './cli/commands/inspection.ts';
import { chain, dense, documentOf, FIRST, LINKS, nested, union } from './deep-documents.test.fixture.ts';
import { generateProject } from './generate.ts';
import { lintDocument } from './lint-document.ts';
import { openApi } from './proxy.ts';
import { withDefs } from './runtime/api/schema/schema-closure.ts';
import { callContext } from './runtime/call-context.ts';

const LEVELS = 100_000;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url === '/deep' ? `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}` : '{"end":"here"}');
  });
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const contextOf = () => callContext({ signal: AbortSignal.timeout(10_000) });

const WRAPS = {
  properties: (inner: object) => ({ type: 'object', properties: { a: inner } }),
  items: (inner: object) => ({ type: 'array', items: inner }),
  allOf: (inner: object) => ({ allOf: [inner] }),
};
const FORMATS = ['application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'];

const DOCUMENTS: readonly (readonly [name: string, make: () => object])[] = [
  ...Object.entries(LINKS).map(
    ([name, link]) =>
      [`2,000 schemas linked by ${name}`, () => documentOf(FIRST, chain(2_000, link), undefined, url)] as const,
  ),
  ...FORMATS.map(
    (format) =>
      [
        `2,000 schemas of ${format}`,
        () => documentOf(FIRST, chain(2_000, LINKS.property ?? ((next) => next)), format, url),
      ] as const,
  ),
  ...Object.entries(WRAPS).map(
    ([name, wrap]) => [`1,500 levels of ${name}`, () => documentOf(nested(1_500, wrap), {}, undefined, url)] as const,
  ),
  ['1,500 levels of XML', () => documentOf(nested(1_500, WRAPS.properties), {}, 'application/xml', url)],
];

describe.each(DOCUMENTS)('%s', (_, make) => {
  const options = { cache: false, allowPrivate: true } as const;

  test('are served, listed and called', async () => {
    const api = await openApi({ text: JSON.stringify(make()) }, options);
    try {
      expect(api.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      const [tool] = await api.provider.listTools({});
      expect(tool?.name).toBe('send');
      if (!tool) return;
      expect(schemaRows(tool.inputSchema).length).toBeGreaterThan(0);
      expect(exampleCall(tool, 'document.json')).toContain('send');
      const result = await api.provider.callTool({ name: 'send', arguments: {} }, contextOf());
      expect(result.isError ?? false).toBe(false);
      expect((await inspection(api)).tools).toHaveLength(1);
    } finally {
      await api.provider.close();
    }
  }, 60_000);

  test('are linted and generated', async () => {
    const source = { text: JSON.stringify(make()) };
    const { findings, counts } = await lintDocument(source, options);
    expect(counts.error).toBe(0);
    expect(findings.map(({ message }) => message).join()).not.toMatch(/call stack|cannot be read/);
    expect((await generateProject(source, options)).files.length).toBeGreaterThan(0);
  }, 60_000);
});

test('arguments and responses that nest 100,000 levels deep end in a message', async () => {
  const document = documentOf({}, {}, undefined, url);
  const paths = {
    ...document.paths,
    '/deep': { get: { operationId: 'deep', responses: { 200: { description: 'ok' } } } },
  };
  const api = await openApi({ ...document, paths }, { cache: false, allowPrivate: true });
  try {
    let deep: unknown = 1;
    for (let level = 0; level < LEVELS; level++) deep = { a: deep };
    const context = contextOf();
    const refused = await api.provider.callTool({ name: 'send', arguments: { body: deep } }, context);
    expect(JSON.stringify(refused)).toContain('body: is nested more than 1000 levels deep');
    const answered = await api.provider.callTool({ name: 'deep', arguments: {} }, context);
    expect(JSON.stringify(answered)).not.toMatch(/INTERNAL_ERROR|call stack/);
  } finally {
    await api.provider.close();
  }
}, 60_000);

test('a list of members is bounded, and says how many were left out', async () => {
  const rowsOf = async (schemas: Readonly<Record<string, unknown>>) => {
    const api = await openApi(documentOf(FIRST, schemas), { cache: false });
    await api.provider.close();
    // The list shows a shortened schema.
    const [operation] = api.model.operations;
    return operation ? schemaRows(withDefs(operation.arguments, api.model.schemas)) : [];
  };
  const many = await rowsOf(dense(100));
  expect(many.length).toBeLessThanOrEqual(401);
  expect(many.at(-1)?.[0]).toMatch(/^… \d+ more$/);
  expect((await rowsOf(dense(2))).at(-1)?.[0]).not.toMatch(/more/);
  expect((await rowsOf(union(300))).length).toBeLessThanOrEqual(401);
}, 60_000);
