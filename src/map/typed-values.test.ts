import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseText } from '../parse/index.ts';
import { documentOf } from './document.test.fixture.ts';
import { DEFAULT_MAP_OPTIONS, mapDocument } from './index.ts';
import { asType, isOfAny } from './typed-values.ts';

test.each([
  [1, ['string'], '1'],
  [true, ['string'], 'true'],
  ['1', ['integer'], 1],
  ['1.5', ['number'], 1.5],
  ['1.5', ['integer'], undefined],
  ['01', ['integer'], undefined],
  ['1e3', ['number'], undefined],
  ['true', ['boolean'], true],
  ['yes', ['boolean'], undefined],
  [1, ['boolean'], undefined],
  [{}, ['string'], undefined],
  ['1', ['null', 'integer'], 1],
] as const)('%j as one of %j is %j', (value, types, want) => {
  expect(asType(value, types)).toBe(want);
});

test('an integer is a number, but a number with a fraction is not an integer', () => {
  expect([isOfAny(1, ['number']), isOfAny(1.5, ['integer']), isOfAny(null, ['null'])]).toEqual([true, false, true]);
});

test('values of another type are listed in the declared type, and reported', async () => {
  const spec = fileURLToPath(new URL('../../test-specs/unquoted-enums.yaml', import.meta.url));
  const { value } = await parseText(readFileSync(spec, 'utf8'), spec);
  const { model, problems } = mapDocument(documentOf(value as Readonly<Record<string, unknown>>), DEFAULT_MAP_OPTIONS);
  const properties = Object.assign({}, ...model.operations.map(({ arguments: { properties: each } }) => each));
  expect(properties).toMatchObject({
    version: { type: 'string', enum: ['1', '2'] },
    vaccinated: { type: 'string', enum: ['true', 'false'] },
    sizes: { items: { type: 'integer', enum: [1, 2] } },
    order: { type: 'string', enum: ['1', 'oldest'] },
    rank: { type: 'integer', enum: [1, 2], default: 1 },
    tame: { type: 'boolean', enum: [true] },
    grade: { type: 'string', enum: ['1', '2'] },
  });
  expect(problems.filter(({ code }) => code === 'ENUM_OF_ANOTHER_TYPE')).toHaveLength(7);
});
