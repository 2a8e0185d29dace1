// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { expect, test } from 'vitest';
import { literalSecrets, variablesIn } from './literal-secrets.ts';

const pets = (more: object) => ({ apis: { pets: { spec: 'pets.yaml', ...more } } });

test.each([
  [pets({ auth: { key: 's3cret' } }), ['apis.pets.auth.key']],
  [pets({ auth: { key: '${KEY}' } }), []],
  [pets({ auth: { key: '${KEY:-s3cret}' } }), ['apis.pets.auth.key']],
  [pets({ auth: { app: { clientId: 'app', clientSecret: 'x' } } }), ['apis.pets.auth.app.clientSecret']],
  [pets({ auth: { aws: { accessKeyId: '${A}', secretAccessKey: '${B}', region: 'eu-west-1' } } }), []],
  [pets({ headers: { Authorization: 'Bearer ${TOKEN}', 'X-Team': 'birds' } }), []],
  [pets({ headers: { Authorization: 'Bearer abc' } }), ['apis.pets.headers.Authorization']],
  [pets({ documentHeaders: { 'X-Api-Key': 'abc' } }), ['apis.pets.documentHeaders.X-Api-Key']],
  [{ apis: { pets: { spec: 'https://api.test/openapi.json?token=abc' } } }, ['apis.pets.spec']],
  [
    { apis: { pets: { spec: 'https://api.test/openapi.json', baseUrl: 'https://u:p@api.test' } } },
    ['apis.pets.baseUrl'],
  ],
  [{ ...pets({}), token: 'abc', auth: { keys: [{ id: 'ci', key: 'abc' }] } }, ['token', 'auth.keys[0].key']],
  [{ ...pets({}), middleware: [{ redact: { secrets: ['abc'] } }] }, ['middleware[0].redact.secrets[0]']],
])('in %j, %j would be readable for everyone', (config, want) => {
  expect(literalSecrets(config)).toEqual(want);
});

test('lists the variables, which of them may be secret, and which have a default', () => {
  const config = pets({
    baseUrl: 'https://${HOST:-api.test}/v1',
    headers: { Authorization: 'Bearer ${TOKEN}' },
    name: '$${NOT_ONE}',
  });
  expect(variablesIn(config)).toEqual([
    { name: 'HOST', at: 'apis.pets.baseUrl', isOptional: true, isSecret: false },
    { name: 'TOKEN', at: 'apis.pets.headers.Authorization', isOptional: false, isSecret: true },
  ]);
});
