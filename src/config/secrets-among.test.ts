// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { expect, test } from 'vitest';
import { CONFIG } from './config-spec.ts';
import { readValue } from './read-value.ts';
import { secretsAmong } from './secrets-among.ts';

test.each([
  { at: 'apis.pets.headers.X-Tenant', values: ['acme-inc'], text: 'acme-inc', want: ['acme-inc'] },
  { at: 'apis.pets.auth.key.password', values: ['pass'], text: 'pass', want: ['pass'] },
  { at: 'servers.docs.env["A B"]', values: ['value'], text: 'value', want: ['value'] },
  { at: 'servers.docs.args[1]', values: ['token'], text: '--token=token', want: ['token'] },
  { at: 'middleware[0].redact.secrets[0]', values: ['token'], text: 'token', want: ['token'] },
  { at: 'apis.pets.name', values: ['petstore'], text: 'petstore', want: [] },
  { at: 'apis.pets.serverVariables.region', values: ['eu-west-1'], text: 'eu-west-1', want: [] },
  { at: 'apis.pets.baseUrl', values: ['api.test'], text: 'https://api.test/v1', want: [] },
  { at: 'apis.pets.baseUrl', values: ['123:abc'], text: 'https://api.test/bot123:abc', want: ['123:abc'] },
  { at: 'apis.pets.baseUrl', values: ['https://api.test'], text: 'https://api.test/v1', want: [] },
  { at: 'servers.docs.url', values: ['https://u:pw@a.test/?key=k1&b=2'], text: '', want: ['u:pw', 'pw', 'k1', '2'] },
  { at: 'servers.docs.url', values: ['pw'], text: 'https://u:pw@a.test/', want: ['pw'] },
])('of the variables in $text at $at, $want may be secret', ({ at, values, text, want }) => {
  expect(secretsAmong(values, text, at)).toEqual(want);
});

test('reading a config returns possible secrets with their paths', () => {
  const config = { apis: { pets: { spec: 'pets.yaml', headers: { Authorization: 'Bearer ${TOKEN}' } } } };
  const { secrets } = readValue(config, CONFIG, {
    variables: { TOKEN: 'of-the-file' },
    pathOf: (named) => `/${named}`,
  });
  expect(secrets).toEqual([{ path: 'apis.pets.headers.Authorization', secret: 'of-the-file' }]);
});
