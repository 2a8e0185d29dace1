// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { expect, test } from 'vitest';
import { CONFIG } from '../../config/config-spec.ts';
import { readValue } from '../../config/read-value.ts';
import { writtenConfig } from './written-config.ts';

const api = (options: Readonly<Record<string, unknown>>) => ({ namespace: 'pets', spec: 'pets.yaml', options });

test('options become keys of the API or of the file', () => {
  const options = {
    baseUrl: ['https://a.test', 'https://b.test'],
    include: ['tag:pets'],
    readOnly: true,
    mode: 'search',
  };
  expect(writtenConfig([api(options)])).toEqual({
    apis: { pets: { spec: 'pets.yaml', baseUrl: 'https://b.test', include: ['tag:pets'], readOnly: true } },
    mode: 'search',
  });
});

test('headers, credentials and variables of servers become objects', () => {
  const options = { header: ['X-Team: birds'], auth: ['key=${KEY}'], serverVar: ['region=eu'] };
  expect(writtenConfig([api(options)]).apis).toEqual({
    pets: {
      spec: 'pets.yaml',
      headers: { 'X-Team': 'birds' },
      auth: { key: '${KEY}' },
      serverVariables: { region: 'eu' },
    },
  });
});

test('only what has variables on the command line has them in the file', () => {
  const written = writtenConfig([
    api({ name: ['${HOME}'], include: ['/a${1}/'], serverVar: ['a=${HOME}'], header: ['X-Key: ${HOME}'] }),
  ]);
  const { value } = readValue(written, CONFIG, { variables: { HOME: '/root' }, pathOf: (named) => `/${named}` });
  expect(value).toMatchObject({
    apis: {
      pets: { name: '${HOME}', include: ['/a${1}/'], serverVariables: { a: '${HOME}' }, headers: { 'X-Key': '/root' } },
    },
  });
});

test('an option without a name is refused', () => {
  expect(() => writtenConfig([api({ header: ['X-Team'] })])).toThrow('--header: "X-Team" has no name.');
});
