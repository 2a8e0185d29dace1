import { expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { withOriginRules } from './packed-origins.ts';

const text = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  servers: [{ url: 'https://api.pets.example/v1' }],
  paths: { '/pets': { get: { operationId: 'listPets', responses: {} } } },
});
const opened = async (location?: string) => {
  const api = await openApi({ text, ...(location !== undefined && { location }) }, { cache: false, environment: {} });
  await api.provider.close();
  return api;
};
const written = { apis: { pets: { spec: 'x' } }, mode: 'search' };

test('a document from a public URL keeps the rules of its origin', async () => {
  const api = await opened('https://docs.example/openapi.json');
  const rules = { allowPrivate: false, credentialsFor: ['https://api.pets.example'] };
  expect(withOriginRules(written, [{ api }])).toEqual({ apis: { pets: { spec: 'x', ...rules } }, mode: 'search' });
  expect(withOriginRules(written, [{ namespace: 'pets', api }])).toMatchObject({ apis: { pets: rules } });
});

test('what the user allows is kept', async () => {
  const api = await opened('https://docs.example/openapi.json');
  const own = { apis: { pets: { spec: 'x', allowPrivate: true, credentialsFor: ['https://a.example'] } } };
  expect(withOriginRules(own, [{ api }])).toEqual(own);
});

test.each([undefined, 'http://localhost:3000/openapi.json'])(
  'a document from %s is the user’s own',
  async (location) => {
    expect(withOriginRules(written, [{ api: await opened(location) }])).toEqual(written);
  },
);
