import { expect, test } from 'vitest';
import type { JsonSchemaObject } from '../../../model/index.ts';
import { formMisfit } from './form-content.ts';

const form: JsonSchemaObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    size: { type: 'integer' },
    weight: { type: 'number' },
    sure: { type: 'boolean' },
    colour: { type: 'string', enum: ['red', 'blue'] },
    tags: { type: 'array' },
  },
  required: ['name'],
};

test.each<[object, string | undefined]>([
  [{ name: 'a', size: 1, weight: 1.5, sure: true, colour: 'red', tags: ['x'] }, undefined],
  [{ name: 'a', other: 1 }, undefined],
  [{}, '"name" is missing'],
  [{ name: 7 }, '"name" must be of type string'],
  [{ name: 'a', size: 1.5 }, '"size" must be of type integer'],
  [{ name: 'a', sure: 'yes' }, '"sure" must be of type boolean'],
  [{ name: 'a', tags: 'x' }, '"tags" must be of type array'],
  [{ name: 'a', colour: 'green' }, '"colour" must be one of ["red","blue"]'],
])('%o: %s', (content, want) => {
  expect(formMisfit(form, { ...content })).toBe(want);
});
