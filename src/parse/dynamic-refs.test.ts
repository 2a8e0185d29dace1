import { expect, test } from 'vitest';
import { settleDynamicRefs } from './dynamic-refs.ts';

const settled = (schemas: Record<string, unknown>) => {
  const { root, problems } = settleDynamicRefs({ openapi: '3.1.0', components: { schemas } }, new WeakMap());
  return { schemas: (root.components as { schemas: Record<string, unknown> }).schemas, problems };
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test.each([
  ['an anchor', { A: { $dynamicAnchor: 'a', items: { $dynamicRef: '#a' } } }, ref('A')],
  ['a pointer', { A: { items: { $dynamicRef: '#/components/schemas/A' } } }, ref('A')],
  ['a plain anchor', { A: { $anchor: 'a', items: { $dynamicRef: '#a' } } }, { $ref: '#a' }],
  ['nothing', { A: { items: { $dynamicRef: '#a' } } }, { $ref: '#a' }],
  [
    'a schema next to a $ref',
    { A: { $dynamicAnchor: 'a', items: { ...ref('B'), $dynamicRef: '#a' } }, B: {} },
    { ...ref('B'), allOf: [ref('A')] },
  ],
])('$dynamicRef to %s becomes a $ref', (_, schemas, items) => {
  expect(settled(schemas).schemas.A).toMatchObject({ items });
});

test('the outermost schema of a chain overrides the others', () => {
  const item = (type: string) => ({ $defs: { item: { $dynamicAnchor: 'item', type } } });
  const { schemas } = settled({
    List: { ...item('null'), items: { $dynamicRef: '#item' } },
    Strings: { ...item('string'), ...ref('List') },
    Numbers: { ...item('number'), ...ref('Strings') },
  });
  expect(schemas).toMatchObject({
    List: { items: ref('List/$defs/item') },
    Strings: ref('List_Strings'),
    Numbers: ref('Strings_Numbers'),
    List_Strings: { items: ref('Strings/$defs/item') },
    Strings_Numbers: ref('List_Numbers'),
    List_Numbers: { items: ref('Numbers/$defs/item') },
  });
});

test('a document without dynamic references is handed on as it is', () => {
  const schemas = { A: { $dynamicAnchor: 'a', items: ref('A') } };
  expect(settled(schemas).schemas).toBe(schemas);
});

test('copies are limited, and the first one too many is reported', () => {
  const schemas: Record<string, unknown> = {};
  for (let n = 0; n < 40; n++) {
    const next = n === 39 ? { $dynamicRef: '#item' } : ref(`Link${n + 1}`);
    schemas[`Link${n}`] = { items: next };
    schemas[`User${n}`] = { $defs: { item: { $dynamicAnchor: 'item', const: n } }, ...ref('Link0') };
  }
  const { schemas: made, problems } = settled(schemas);
  expect(Object.keys(made)).toHaveLength(80 + 1000);
  expect(problems[0]).toMatchObject({
    code: 'UNSUPPORTED_SCHEMA_KEYWORD',
    pointer: '#/components/schemas/Link24/items',
  });
});
