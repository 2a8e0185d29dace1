import { expect, test } from 'vitest';
import { targetTextOf } from './target-text.ts';

test.each([
  ['pets.yaml', 'pets.yaml'],
  ['mcp+http://ann:pw@host:1/mcp?api_key=abc&b=c#d', 'mcp+http://…@host:1/mcp?api_key=…&b=…#d'],
  ['https://host/pets.json?abc', 'https://host/pets.json?…'],
  ['https://host/a@b.json', 'https://host/a@b.json'],
  ['pets=https://ann@host/pets.json', 'pets=https://…@host/pets.json'],
  ['a=b?c=d.yaml', 'a=b?c=d.yaml'],
])('%s is shown as %s', (given, want) => {
  expect(targetTextOf({ targets: [given], command: undefined })).toBe(want);
});
