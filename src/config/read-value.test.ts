// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFIG } from './config-spec.ts';
import { readValue } from './read-value.ts';

const read = (value: unknown, variables: Record<string, string> = {}) =>
  readValue(value, CONFIG, { variables, pathOf: (named) => resolve('/desk', named) });
const mistakes = (value: unknown, variables?: Record<string, string>) =>
  read(value, variables).mistakes.map(({ path, message }) => `${path} ${message}`);

const api = (more: object) => ({ apis: { pets: { spec: 'pets.yaml', ...more } } });

describe('an error has a path, the expected type, and a suggestion', () => {
  test.each([
    [api({ baseURL: 'x' }), 'apis.pets.baseURL is not known. Did you mean "baseUrl"?'],
    [{ apis: { pets: {} } }, 'apis.pets.spec is missing'],
    [{ apis: { 'Pet Shop': { spec: 'a' } } }, 'apis["Pet Shop"] is not a valid namespace: write a lower-case letter'],
    [api({ spec: '' }), 'apis.pets.spec is empty'],
    [api({ timeout: '5' }), 'apis.pets.timeout must be a number from 0.001 to 86400, but is a string'],
    [api({ timeout: 0 }), 'apis.pets.timeout must be a number from 0.001 to 86400, but is 0'],
    [api({ include: 'tag:a' }), 'apis.pets.include must be a list, but is a string'],
    [api({ include: ['a', 1] }), 'apis.pets.include[1] must be a string, but is 1'],
    [api({ readOnly: 'yes' }), 'apis.pets.readOnly must be true or false, but is a string'],
    [api({ headers: ['a: b'] }), 'apis.pets.headers must be an object, but is a list'],
    [api({ profile: 'gemni' }), 'apis.pets.profile is "gemni", which is not one of generic, claude'],
    [api({ profile: 'gemni' }), 'Did you mean "gemini"?'],
    [api({ auth: { key: 1 } }), 'apis.pets.auth.key must be a string or an object, but is 1'],
    [api({ auth: { key: { username: 'a' } } }), 'apis.pets.auth.key.password is missing'],
    [{ port: 70_000 }, 'port must be a whole number from 0 to 65535, but is 70000'],
    [{ apis: null }, 'apis must be an object, but is empty'],
    [['a'], 'the config must be an object, but is a list'],
    [{ middleware: ['timeuot'] }, 'middleware[0].timeuot is not known. Did you mean "timeout"?'],
    [{ middleware: ['timeout'] }, 'middleware[0].timeout.ms is missing'],
    [{ middleware: [{ retry: {}, cache: {} }] }, 'middleware[0] must be a name, or an object with one name'],
    [{ transforms: [{ rename: { tool: {} } }] }, 'transforms[0].rename.tool is not known. Did you mean "tools"?'],
  ])('%j: %s', (value, want) => {
    expect(mistakes(value).join('\n')).toContain(want);
  });

  test('and all of them are reported together', () => {
    expect(mistakes({ nam: 'x', port: -1, ...api({ getAs: 'x', header: {} }) })).toHaveLength(4);
  });

  test('a value that may be a secret is not repeated', () => {
    expect(mistakes({ token: ['s3cret'], ...api({ auth: 's3cret', timeout: 's3cret' }) }).join()).not.toContain(
      's3cret',
    );
  });
});

describe('variables', () => {
  test('are filled in wherever there is a text, and say a number or a switch too', () => {
    const value = {
      port: '${PORT}',
      insecure: '${ON:-false}',
      transport: '${TRANSPORT:-http}',
      ...api({ headers: { A: 'x ${PORT}' }, include: ['tag:${TAG}'] }),
      modules: { own: { path: '${TAG}.ts', options: { deep: [{ port: '${PORT}' }] } } },
    };
    expect(read(value, { PORT: '8080', TAG: 'a' }).value).toMatchObject({
      port: 8080,
      insecure: false,
      transport: 'http',
      apis: { pets: { headers: { A: 'x 8080' }, include: ['tag:a'] } },
      modules: { own: { path: '/desk/a.ts', options: { deep: [{ port: '8080' }] } } },
    });
  });

  test('that are missing are named, with the place', () => {
    const { mistakes } = read(api({ headers: { A: '${TOKEN}' } }));
    expect(mistakes).toEqual([
      {
        path: 'apis.pets.headers.A',
        message: 'needs the variable TOKEN, which is not set. ${TOKEN:-…} sets a default',
        isMissingVariable: true,
      },
    ]);
  });

  test('that apply to another kind of target are rejected', () => {
    expect(mistakes({ port: '${PORT}' }, { PORT: 'http' })).toEqual([
      'port must be a whole number from 0 to 65535, but is a string',
    ]);
  });
});

test('relative paths start at the folder of the file, and URLs stay', () => {
  const { value } = read({
    envFile: '.env',
    ...api({ overlays: ['fixes.yaml', 'https://a.example/o.yaml', '/abs/o.yaml'], ca: ['ca.pem'], baseUrl: '/v1' }),
  });
  expect(value).toMatchObject({
    envFile: '/desk/.env',
    apis: {
      pets: {
        spec: '/desk/pets.yaml',
        overlays: ['/desk/fixes.yaml', 'https://a.example/o.yaml', '/abs/o.yaml'],
        ca: ['/desk/ca.pem'],
        baseUrl: '/v1',
      },
    },
  });
});

test('keys that every object has are keys like others', () => {
  expect(mistakes(JSON.parse('{"__proto__": {}, "constructor": 1}'))).toHaveLength(2);
  const headers = JSON.parse('{"__proto__": "a", "toString": "b"}');
  const { value } = read(api({ headers }));
  expect(JSON.stringify(value)).toContain('"headers":{"__proto__":"a","toString":"b"}');
});

test('what was handed over is not changed', () => {
  const value = Object.freeze(api({ headers: Object.freeze({ A: '${X:-y}' }) }));
  const before = JSON.stringify(value);
  read(value);
  expect(JSON.stringify(value)).toBe(before);
});
