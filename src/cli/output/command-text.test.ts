import { expect, test } from 'vitest';
import { commandText, shellWord } from './command-text.ts';

test.each<{ given: Parameters<typeof commandText>; want: string }>([
  { given: ['list', 'pets.yaml'], want: 'openapi-mcp list pets.yaml' },
  { given: ['call', 'pets.yaml', 'addPet', 'name=Rex'], want: 'openapi-mcp call pets.yaml addPet name=Rex' },
  { given: ['list', '-- node server.mjs', 'addPet'], want: 'openapi-mcp list addPet -- node server.mjs' },
  { given: ['list', ''], want: 'openapi-mcp list' },
])('$want', ({ given, want }) => {
  expect(commandText(...given)).toBe(want);
});

test.each([
  ['issues/create', 'issues/create'],
  ['{"a":1}', `'{"a":1}'`],
  ["it's", `'it'\\''s'`],
  ['x; rm -rf ~', `'x; rm -rf ~'`],
  ['', `''`],
])('%s is one word of a shell', (given, want) => {
  expect(shellWord(given)).toBe(want);
});
