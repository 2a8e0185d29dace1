import { expect, test } from 'vitest';
import { xmlBody } from '../runtime/api/serialize/body/xml.ts';
import { documentOf } from './document.test.fixture.ts';
import { createReader } from './reader.ts';
import { xmlPlan } from './xml-plan.ts';

const schemas = {
  Pet: {
    type: 'object',
    xml: { name: 'pet' },
    properties: {
      id: { type: 'integer', xml: { attribute: true } },
      name: { type: 'string' },
      photos: { type: 'array', xml: { wrapped: true }, items: { type: 'string', xml: { name: 'photo' } } },
      tags: { type: 'array', xml: { wrapped: true }, items: { $ref: '#/components/schemas/Tag' } },
      friends: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
    },
  },
  Tag: { type: 'object', xml: { name: 'tag' }, properties: { label: { type: 'string' } } },
  Plain: { type: 'object', properties: { x: { type: 'integer' } } },
};

test.each([
  ['an attribute', '#/components/schemas/Pet', { id: 1, name: 'a' }, '<pet id="1"><name>a</name></pet>'],
  ['a wrapped list', '#/components/schemas/Pet', { photos: ['u'] }, '<pet><photos><photo>u</photo></photos></pet>'],
  [
    'items named by their component',
    '#/components/schemas/Pet',
    { tags: [{ label: 'l' }] },
    '<pet><tags><tag><label>l</label></tag></tags></pet>',
  ],
  [
    'recursion',
    '#/components/schemas/Pet',
    { friends: [{ id: 2, friends: [{ id: 3 }] }] },
    '<pet><pet id="2"><pet id="3"></pet></pet></pet>',
  ],
  ['a component without its own name', '#/components/schemas/Plain', { x: 1 }, '<Plain><x>1</x></Plain>'],
])('%s', (_, $ref, value, want) => {
  const reader = createReader(documentOf({ components: { schemas } }));
  const written = xmlBody(xmlPlan({ $ref }, '#', reader), value);
  expect(written.replace(/<(\w+)([^<>]*)\/>/g, '<$1$2></$1>')).toBe(want);
});

test.each([
  [
    'the list and its items have the same name',
    { type: 'array', xml: { wrapped: true, name: 'aliens' }, items: { type: 'string' } },
  ],
  [
    'nodeType: element wraps (3.2)',
    { type: 'array', xml: { nodeType: 'element', name: 'aliens' }, items: { type: 'string' } },
  ],
])('%s', (_, animals) => {
  const reader = createReader(documentOf({}));
  const schema = { type: 'object', xml: { name: 'zoo' }, properties: { animals } };
  expect(xmlBody(xmlPlan(schema, '#', reader), { animals: ['a'] })).toBe(
    '<zoo><aliens><aliens>a</aliens></aliens></zoo>',
  );
});
