import { expect, test } from 'vitest';
import { type Problem, problem } from '../problems.ts';
import {
  dereference,
  dereferencePathItem,
  joinPointer,
  pointerOf,
  type Referable,
  resolvePointer,
  segmentsOf,
} from './references.ts';

const documentOf = (
  root: Record<string, unknown>,
  problems: readonly Problem[] = [],
  version = '3.1.0',
): Referable => ({
  root,
  version,
  problems,
  pointers: new WeakMap(),
});

test('pointers are built readable, and read back', () => {
  const pointer = joinPointer(pointerOf('paths', '/a~b/{id}'), 'x%20y', 0);
  expect(pointer).toBe('#/paths/~1a~0b~1{id}/x%2520y/0');
  expect(segmentsOf(pointer)).toEqual(['paths', '/a~b/{id}', 'x%20y', '0']);
  expect(segmentsOf('other.yaml#/a')).toBeUndefined();
});

const ROOT = {
  paths: { '/pets/{id}': { get: { responses: { '200': { description: 'ok' } } } } },
  components: {
    schemas: {
      'Pet«Dog»': 1,
      'a b': 2,
      'a%20b': 3,
      '50%': 4,
      'x/y~z': 5,
      list: [{ a: 6 }],
      Alias: { $ref: '#/components/schemas/Holder' },
      Holder: { properties: { deep: 7 } },
      Named: { $id: 'https://a.test/named', $anchor: 'here', properties: { p: 8 } },
      Loop: { $ref: '#/components/schemas/Loop' },
    },
  },
};

test.each([
  { ref: '#', value: ROOT },
  { ref: '#/paths/~1pets~1{id}/get/responses/200/description', value: 'ok' },
  { ref: '#/paths/~1pets~1%7Bid%7D/get/responses/200/description', value: 'ok' },
  { ref: '#/paths/%2Fpets%2F%7Bid%7D/get/responses/200/description', value: 'ok' },
  { ref: '#/components/schemas/Pet%C2%ABDog%C2%BB', value: 1 },
  { ref: '#/components/schemas/Pet«Dog»', value: 1 },
  { ref: '#/components/schemas/a%20b', value: 2 },
  { ref: '#/components/schemas/a%2520b', value: 3 },
  { ref: '#/components/schemas/50%', value: 4 },
  { ref: '#/components/schemas/x~1y~0z', value: 5 },
  { ref: '#/components/schemas/list/0/a', value: 6 },
  { ref: '#/components/schemas/Alias/properties/deep', value: 7 },
  { ref: '#here', value: ROOT.components.schemas.Named },
  { ref: 'https://a.test/named', value: ROOT.components.schemas.Named },
  { ref: 'https://a.test/named#here', value: ROOT.components.schemas.Named },
  { ref: 'https://a.test/named#/properties/p', value: 8 },
])('$ref is found', ({ ref, value }) => {
  expect(resolvePointer(ROOT, ref)?.value).toEqual(value);
});

test.each([
  '#/components/schemas/None',
  '#/components/schemas/list/length',
  '#/components/schemas/list/1',
  '#/components/schemas/list/-',
  '#/components/schemas/toString',
  '#/components/schemas/Loop/x',
  '#nowhere',
  'other.yaml#/a',
])('%s is not found', (ref) => {
  expect(resolvePointer(ROOT, ref)).toBeUndefined();
});

test('a found value has one pointer, however the reference is spelt', () => {
  expect(resolvePointer(ROOT, '#/components/schemas/Pet%C2%ABDog%C2%BB')?.pointer).toBe(
    '#/components/schemas/Pet«Dog»',
  );
});

test('a pointer through a reference that leads into itself leads nowhere', () => {
  const root = { paths: { '/a': { $ref: '#/paths/~1a/get' } } };
  expect(resolvePointer(root, '#/paths/~1a/get')).toBeUndefined();
});

test('a chain of references ends at the value; summary and description next to one replace those of the value', () => {
  const document = documentOf({
    a: { $ref: '#/b', description: 'mine', required: true },
    b: { $ref: '#/c', description: 'theirs', summary: 'short' },
    c: { description: 'own', name: 'x' },
  });
  expect(dereference(document, document.root.a, '#/a')).toEqual({
    value: { description: 'mine', summary: 'short', name: 'x' },
    pointer: '#/c',
  });
  expect(dereference(document, document.root.c, '#/c')).toEqual({ value: document.root.c, pointer: '#/c' });
});

test('all fields next to the $ref of a path item apply, and override those of the target', () => {
  const document = documentOf({ a: { $ref: '#/b', get: 1 }, b: { get: 2, post: 3 } });
  expect(dereferencePathItem(document, document.root.a, '#/a')).toEqual({ value: { get: 1, post: 3 }, pointer: '#/b' });
});

test.each([
  {
    name: 'a dangling reference',
    root: { a: { $ref: '#/components/schemas/Pett' }, components: { schemas: { Pet: {} } } },
    want: problem('UNRESOLVED_REF', '#/a', '"#/components/schemas/Pett" does not exist. Did you mean "Pet"?'),
  },
  {
    name: 'a reference to itself',
    root: { a: { $ref: '#/b' }, b: { $ref: '#/a' } },
    want: problem('CIRCULAR_REF', '#/a', '"#/b" leads back to itself.'),
  },
  {
    name: 'a reference that is not a string',
    root: { a: { $ref: 7 } },
    want: problem('BAD_REF', '#/a', '`$ref` is not a string.'),
  },
  {
    name: 'a dangling reference at the end of a chain',
    root: { a: { $ref: '#/b' }, b: { $ref: '#/c' } },
    want: problem('UNRESOLVED_REF', '#/b', '"#/c" does not exist.'),
  },
])('$name is a problem', ({ root, want }) => {
  const document = documentOf(root);
  expect(dereference(document, document.root.a, '#/a')).toEqual({ problem: want });
});

test('a reference that bundling could not follow is the same problem again, not a second one', () => {
  const told = problem('REMOTE_REF_REFUSED', '#/a', '…');
  const document = documentOf({ a: { $ref: 'https://a.test/x' } }, [told]);
  expect(dereference(document, document.root.a, '#/a')).toEqual({ problem: told });
});

test('a dangling reference of 2.0 is reported as written', () => {
  const document = documentOf({ a: { $ref: '#/components/schemas/X' } }, [], '2.0');
  expect(dereference(document, document.root.a, '#/a')).toMatchObject({
    problem: { message: '"#/definitions/X" does not exist.' },
  });
});
