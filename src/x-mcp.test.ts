import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MAP_OPTIONS, type MapOptions, mapDocument } from './map/index.ts';
import type { ApiDocument } from './parse/api-document.ts';
import { parseText } from './parse/index.ts';

const fromRoot = (path: string) => join(import.meta.dirname, '..', path);
const schema = JSON.parse(readFileSync(fromRoot('docs/x-mcp.schema.json'), 'utf8'));
const isValid = new Ajv2020().compile(schema);

type Node = Readonly<Record<string, unknown>>;

function map(root: Node, options: Partial<MapOptions> = {}) {
  const document: ApiDocument = {
    root,
    version: '3.1.0',
    location: 'memory',
    problems: [],
    files: [],
    pointers: new WeakMap(),
    mayHideText: true,
  };
  return mapDocument(document, { ...DEFAULT_MAP_OPTIONS, ...options });
}

describe('docs/x-mcp.schema.json says what is read', () => {
  const values: readonly unknown[] = [
    ...[true, false, {}, null, 'no', 1, []],
    ...[{ enabled: true }, { enabled: 'yes' }, { name: 'a' }, { name: ' ' }, { name: 1 }, { title: 'a' }],
    ...[{ description: '' }, { kind: 'tool' }, { kind: 'prompt' }, { nmae: 'a' }],
    ...[{ annotations: { readOnlyHint: true } }, { annotations: { readOnly: true } }, { annotations: [] }],
    ...[{ annotations: { openWorldHint: 'no' } }, { response: { keep: ['a.b'] } }, { response: { omit: [] } }],
    ...[{ response: {} }, { response: { keep: ['a'], omit: ['b'] } }, { response: { keep: 'a' } }],
    ...[{ response: { keep: [''] } }, { response: null }],
    ...[{ pagination: false }, { pagination: true }, { pagination: { kind: 'link' } }, { pagination: { kind: 'x' } }],
    ...[{ pagination: { kind: 'nextUrl', next: 'a.b' } }, { pagination: { kind: 'nextUrl' } }],
    ...[{ pagination: { kind: 'nextUrl', next: ['a.b'], items: '' } }, { pagination: { kind: 'nextUrl', next: '' } }],
    ...[{ pagination: { kind: 'nextUrl', next: 'a', items: [] } }, { pagination: { kind: 'nextUrl', next: [] } }],
    ...[{ pagination: { kind: 'nextUrl', next: 'a..b' } }, { pagination: { kind: 'nextUrl', next: ['a', ''] } }],
    ...[{ pagination: { kind: 'link', size: '' } }, { pagination: { kind: 'link', nxt: 'a' } }],
    ...[{ pagination: { kind: 'link', first: -1 } }, { pagination: { kind: 'link', first: 1.5 } }],
    ...[{ pagination: { kind: 'lastItem', next: 'a' } }, { pagination: { kind: 'page' } }],
  ];
  test.each(values.map((value) => [JSON.stringify(value), value]))('%s', (_, value) => {
    const responses = { 200: { description: 'ok' } };
    const { problems } = map({ info: {}, paths: { '/a': { get: { responses, 'x-mcp': value } } } });
    expect(isValid(value)).toBe(!problems.some(({ code }) => code === 'BAD_EXTENSION'));
  });
});

test('every x-mcp of the documents in test-specs matches the schema, except the invalid example', async () => {
  const files = readdirSync(fromRoot('test-specs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  const refused: string[] = [];
  for (const file of files) {
    const { value } = await parseText(readFileSync(fromRoot(`test-specs/${file}`), 'utf8'), file);
    if (extensionsIn(value).some((extension) => !isValid(extension))) refused.push(file);
  }
  expect(refused).toEqual([join('broken', 'bad-extension.yaml')]);
});

function extensionsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'x-mcp' ? [inner] : extensionsIn(inner)));
}

test('test-specs/x-mcp.yaml is served as docs/x-mcp.md says, where its hints are trusted', async () => {
  const { value } = await parseText(readFileSync(fromRoot('test-specs/x-mcp.yaml'), 'utf8'), 'x-mcp.yaml');
  const { model, problems } = map(value as Node, { trustHints: true }); // it is an object
  expect(problems).toEqual([]);
  expect(model.name).toBe('library');
  const served = model.operations.map(({ tool, resource }) => [tool?.name, resource?.uri]);
  expect(served).toEqual([
    ['search_books', undefined],
    ['lendBook', undefined],
    ['getSlip', undefined],
    [undefined, 'api://library/index'],
    ['library_health', 'api://library/health'],
  ]);
  const [search, lend] = model.operations;
  expect(search).toMatchObject({
    tool: { title: 'Search the books', description: 'Finds books by their words, the best match first.' },
    response: {
      projection: { mode: 'keep', paths: [['items', 'title'], ['items', 'isbn'], ['next']] },
      pagination: { kind: 'token', argument: 'from' },
    },
    arguments: { required: ['words'] },
  });
  expect(Object.keys(search?.arguments.properties ?? {})).toEqual(['words', 'from']);
  expect(lend?.response.statusOperation).toBe('getSlip');
  expect(lend?.tool?.annotations).toMatchObject({ destructiveHint: false, idempotentHint: true });
});
