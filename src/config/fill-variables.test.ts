// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { expect, test } from 'vitest';
import { fillVariables } from './fill-variables.ts';

const VARIABLES = { HOST: 'pets.example', EMPTY: '', TRICK: '${HOST}' };

test.each([
  ['plain', 'plain'],
  ['https://${HOST}/v1', 'https://pets.example/v1'],
  ['${HOST}${HOST}', 'pets.examplepets.example'],
  ['${NONE:-8080}', '8080'],
  ['${HOST:-other}', 'pets.example'],
  // As in a shell, `:-` also stands in for what is empty.
  ['${EMPTY:-other}', 'other'],
  ['${NONE:-}', ''],
  ['${NONE:-a:-b}', 'a:-b'],
  ['$${HOST} costs $5 and $$', '${HOST} costs $5 and $$'],
  // What a variable holds is not looked into again.
  ['${TRICK}', '${HOST}'],
])('%s is %s', (given, want) => {
  expect(fillVariables(given, VARIABLES)).toMatchObject({ text: want, mistakes: [] });
});

test.each([
  ['${NONE}', { kind: 'missing', variable: 'NONE' }],
  ['${EMPTY}', { kind: 'missing', variable: 'EMPTY' }],
  ['${MY-VAR}', { kind: 'malformed', written: '${MY-VAR}' }],
  ['${}', { kind: 'malformed', written: '${}' }],
  ['${HOST', { kind: 'malformed', written: '${HOST' }],
])('%s cannot be filled in', (given, mistake) => {
  expect(fillVariables(given, VARIABLES).mistakes).toEqual([mistake]);
});
