import { expect, test } from 'vitest';
import { project } from './project.ts';

const value = {
  total: 2,
  items: [
    { id: 1, name: 'a', tags: ['x'] },
    { id: 2, name: 'b', tags: [] },
  ],
};
const answer = { kind: 'json', value, text: JSON.stringify(value), mediaType: 'application/json', notes: [] } as const;

test.each([
  ['keep', [['total']], { total: 2 }],
  ['keep', [['items', 'name']], { items: [{ name: 'a' }, { name: 'b' }] }],
  ['keep', [['nowhere']], {}],
  [
    'omit',
    [['items', 'tags'], ['total']],
    {
      items: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
    },
  ],
  ['omit', [['nowhere']], value],
] as const)('%s %j', (mode, paths, want) => {
  expect(project(answer, { mode, paths })).toMatchObject({ value: want, text: JSON.stringify(want) });
});

test('a response that is not JSON is unchanged', () => {
  const text = { kind: 'text', text: 't', mediaType: 'text/plain', notes: [] } as const;
  expect(project(text, { mode: 'keep', paths: [] })).toBe(text);
});

test('numbers keep the digits of the API in the text', () => {
  const text = '{"id":12345678901234567890,"lat":-122.41941550000000745,"x":1}';
  const exact = { ...answer, text, value: JSON.parse(text) };
  expect(project(exact, { mode: 'omit', paths: [['x']] })).toMatchObject({
    text: '{"id":12345678901234567890,"lat":-122.41941550000000745}',
    value: { id: 12345678901234567000, lat: -122.41941550000001 },
  });
});
