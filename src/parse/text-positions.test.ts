import { expect, test } from 'vitest';
import { textPositions } from './text-positions.ts';

const JSON_TEXT = `{
  "openapi": "3.1.0",
  "paths": {
    "/a~b": { "get": { "tags": ["x", { "k": 1 }] } },
    "/c": {}
  }
}`;
const YAML_TEXT = `openapi: 3.1.0
paths:
  /a~b:
    get:
      tags:
        - x
        - k: 1
  /c: {}
  200: number
`;

const at = async (text: string, pointer: string) => (await textPositions(text, [pointer])).get(pointer);

test.each([
  ['#', 1, 1],
  ['#/openapi', 2, 3],
  ['#/paths/~1a~0b', 4, 5],
  ['#/paths/~1a~0b/get', 4, 15],
  ['#/paths/~1a~0b/get/tags/0', 4, 33],
  ['#/paths/~1a~0b/get/tags/1/k', 4, 40],
  ['#/paths/~1c', 5, 5],
  ['#/paths/~1c/get/responses', 5, 5],
])('in JSON, %s stands at %i:%i', async (pointer, line, column) => {
  expect(await at(JSON_TEXT, pointer)).toEqual({ line, column });
});

test.each([
  ['#', 1, 1],
  ['#/paths', 2, 1],
  ['#/paths/~1a~0b/get', 4, 5],
  ['#/paths/~1a~0b/get/tags/0', 6, 11],
  ['#/paths/~1a~0b/get/tags/1/k', 7, 11],
  ['#/paths/~1c/get', 8, 3],
  ['#/paths/200', 9, 3],
])('in YAML, %s stands at %i:%i', async (pointer, line, column) => {
  expect(await at(YAML_TEXT, pointer)).toEqual({ line, column });
});

test('JSON with mistakes is read as YAML, as far as it goes', async () => {
  expect(await at('{ "a": 1, // one\n "b": 2, }', '#/a')).toEqual({ line: 1, column: 3 });
});
