import { describe, expect, test } from 'vitest';
import { createSchemaCompiler } from '../runtime/api/arguments/validate-arguments.ts';
import { exampleValue } from '../runtime/api/schema/example-value.ts';
import { withDefs } from '../runtime/api/schema/schema-closure.ts';
import { servedDocument } from './served-document.test.fixture.ts';

const api = servedDocument('compositions.yaml');
const sentJson = () => JSON.parse(api.sent().body.toString()) as unknown;

describe('a read-only property is not demanded, whichever part of a composition demands it', () => {
  test.each([
    { one: { name: 'x' } },
    { siblings: { name: 'x' } },
    { list: [{ name: 'x' }, { name: 'y' }] },
    { byName: { a: { name: 'x' } } },
    { either: { model: 'r2' } },
    { reversed: { name: 'x', secret: 's' } },
  ])('%j', async (args) => {
    await api.call('createUsers', args);
    expect(sentJson()).toEqual(args);
  });

  test('the rest is', async () => {
    expect(await api.faults('createUsers', { one: {} })).toEqual([expect.stringContaining('name')]);
    expect(await api.faults('createUsers', { list: [{}] })).toEqual([expect.stringContaining('name')]);
    expect(await api.faults('createUsers', { reversed: { name: 'x' } })).toEqual([expect.stringContaining('secret')]);
    expect(await api.faults('createUsers', { complete: { name: 'x' } })).toEqual([expect.stringContaining('id')]);
  });
});

describe('a parent with a discriminator offers its children', () => {
  test.each([
    ['a name of the mapping', { shape: { kind: 'circle', r: 2 } }],
    ['a name that maps to a component by its name', { shape: { kind: 'sq', w: 1 } }],
    ['a child of a child', { shape: { kind: 'Ring', r: 2, hole: 1 } }],
    ['a child that holds its parent', { shape: { kind: 'Group', members: [{ kind: 'circle', r: 1 }] } }],
    ['a name as the parent spells it', { pet: { type: 'cat', lives: 9 } }],
    ['a value of the parent alone', { pet: { type: 'fish' } }],
    ['a parent that lists its children', { vehicle: { what: 'car', doors: 3 } }],
    ['a child that fixes its own value', { event: { type: 'begin' } }],
  ])('%s', async (_, args) => {
    await api.call('addDrawing', args);
    expect(sentJson()).toEqual('event' in args ? { event: { '@type': 'begin' } } : args);
  });

  test.each([
    { shape: { kind: 'sq', w: 'wide' } },
    { shape: { kind: 'circle', w: 1 } },
    { shape: { kind: 'Square', w: 1 } },
    { shape: { kind: 'Ring', r: 2 } },
    { shape: { kind: 'Group', members: [{ kind: 'sq' }] } },
    { shape: { r: 2 } },
    { pet: { type: 'cat' } },
    { vehicle: { what: 'car' } },
    { event: { type: 'Stop' } },
  ])('%j is none of them', async (args) => {
    expect(await api.faults('addDrawing', args)).not.toEqual([]);
  });

  test('also as the complete body', async () => {
    await api.call('addShape', { body: { kind: 'sq', w: 1 } });
    expect(sentJson()).toEqual({ kind: 'sq', w: 1 });
  });

  test('an example of it is one of them', async () => {
    const { schemas } = api.model();
    for (const id of ['addShape', 'addDrawing']) {
      const { arguments: schema } = api.operation(id);
      const check = await createSchemaCompiler()(withDefs(schema, schemas));
      expect(check?.(exampleValue(schema, schemas))).toEqual([]);
    }
  });
});
