import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FILE_INPUT_SCHEMA, type JsonSchemaObject, orDigits } from '../../../model/index.ts';
import { argumentWords } from './argument-words.ts';
import { typedArguments } from './typed-arguments.ts';

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-arguments-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const SCHEMA: JsonSchemaObject = {
  type: 'object',
  properties: {
    limit: { type: 'integer' },
    record: orDigits({ type: 'integer', format: 'int64' }),
    code: { type: 'string' },
    either: { type: ['integer', 'string'] },
    price: { type: 'number' },
    on: { type: 'boolean' },
    maybe: { type: ['integer', 'null'] },
    note: { type: ['string', 'null'] },
    tags: { type: 'array', items: { type: 'string' } },
    ids: { type: 'array', items: { type: 'integer' } },
    filter: { type: 'object' },
    shared: { $ref: '#/$defs/Size' },
    any: true,
    photo: FILE_INPUT_SCHEMA,
    bytes: { type: 'string', contentEncoding: 'base64' },
    photos: { type: 'array', items: FILE_INPUT_SCHEMA },
  },
  additionalProperties: false,
  $defs: { Size: { enum: [1, 2, 3] } },
};
const typed = (...words: string[]) => typedArguments(argumentWords(words), SCHEMA);

describe('text becomes what the schema asks for', () => {
  const cases: [words: string[], want: Record<string, unknown>][] = [
    [['limit=5'], { limit: 5 }],
    [['record=5'], { record: 5 }],
    [['record=990000000262240065'], { record: '990000000262240065' }],
    [['record=some'], { record: 'some' }],
    [['code=5'], { code: '5' }],
    [['either=5'], { either: '5' }],
    [['price=1.5e2'], { price: 150 }],
    [['on=true'], { on: true }],
    [['maybe=null'], { maybe: null }],
    [['note=null'], { note: null }],
    [['note='], { note: '' }],
    [['limit='], { limit: '' }],
    [['limit=many'], { limit: 'many' }],
    [['code=a=b'], { code: 'a=b' }],
    [['tags=a', 'tags=b'], { tags: ['a', 'b'] }],
    [['tags=a'], { tags: ['a'] }],
    [['tags=a,b'], { tags: ['a,b'] }],
    [['tags=["a","b"]'], { tags: ['a', 'b'] }],
    [['tags=[]'], { tags: [] }],
    [['ids=1', 'ids=2'], { ids: [1, 2] }],
    [['filter={"a":[1]}'], { filter: { a: [1] } }],
    [['shared=2'], { shared: 2 }],
    [['any={"a":1}'], { any: { a: 1 } }],
    [['any=7'], { any: 7 }],
    [['any=seven'], { any: 'seven' }],
    [['code={"a":1}'], { code: '{"a":1}' }],
    [['code=@someone'], { code: '@someone' }],
    [['bytes=aGk='], { bytes: 'aGk=' }],
    [['photo={"text":"hi"}'], { photo: { text: 'hi' } }],
  ];
  test.each(cases)('%j', (words, values) => {
    expect(typed(...words)).toMatchObject({ values, faults: [] });
  });

  test.each([
    ['any=990000000262240065', { any: '990000000262240065' }, ['990000000262240065']],
    ['filter={"id":[990000000262240065]}', { filter: { id: ['990000000262240065'] } }, ['990000000262240065']],
    ['code=990000000262240065', { code: '990000000262240065' }, []],
  ])('%s keeps its digits, and the numbers among them are known', (word, values, integers) => {
    expect(typed(word)).toEqual({ values, faults: [], integers: new Set(integers) });
  });
});

describe('@path reads a file', () => {
  test('with its name if the argument takes one', () => {
    const photo = { base64: Buffer.from('hi').toString('base64'), filename: 'a.png' };
    expect(typed(`photo=@${file('a.png', 'hi')}`).values).toEqual({ photo });
    expect(typed(`photos=@${file('a.png', 'hi')}`).values).toEqual({ photos: [photo] });
  });

  test('as base64 if it is text', () => {
    expect(typed(`bytes=@${file('b', 'hi')}`).values).toEqual({ bytes: 'aGk=' });
  });

  test('as JSON if the argument is not a string', () => {
    expect(typed(`filter=@${file('c.json', '{"a":1}')}`).values).toEqual({ filter: { a: 1 } });
  });

  test('that must be there', () => {
    expect(() => typed('photo=@missing.png')).toThrow('photo: "missing.png" cannot be read (ENOENT).');
  });
});

test('an integer beyond 2^53 keeps its digits', () => {
  expect(typed('limit=9007199254740993', 'filter={"a":9007199254740993}').values).toEqual({
    limit: '9007199254740993',
    filter: { a: '9007199254740993' },
  });
});

describe('what is wrong is named', () => {
  test.each([
    [['limt=5'], 'limt: is not a known argument. Did you mean "limit"?'],
    [['limit=1', 'limit=2'], 'limit: takes one value, but 2 were given'],
    [['filter={a:1}'], /^filter: is not JSON: /],
  ])('%j', (words, fault) => {
    expect(typed(...words).faults).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)]);
  });

  test('a word that is not an argument', () => {
    expect(() => typed('limit')).toThrow('"limit" is not in the form name=value.');
    expect(() => typed('=5')).toThrow('"=5" is not in the form name=value.');
  });

  test('an undeclared name, if the schema does not mention additional properties', () => {
    const schema: JsonSchemaObject = { type: 'object', properties: { a: { type: 'string' } } };
    expect(typedArguments(argumentWords(['b=1']), schema).faults).toEqual([
      'b: is not a known argument; known arguments: a',
    ]);
    const open: JsonSchemaObject = { ...schema, additionalProperties: { type: 'integer' } };
    expect(typedArguments(argumentWords(['b=1']), open)).toMatchObject({ values: { b: 1 }, faults: [] });
  });
});
