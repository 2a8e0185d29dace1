import { describe, expect, test } from 'vitest';
import { servedDocument } from './served-document.test.fixture.ts';

const api = servedDocument('supplied-parameters.yaml', {
  API_KEY_HEADERKEY: 'key-of-the-header',
  API_KEY_QUERYKEY: 'key-of-the-query',
  API_KEY_COOKIEKEY: 'key-of-the-cookie',
  BEARER_TOKEN_TOKEN: 'token-of-the-bearer',
});
const argumentsOf = (id: string) => Object.keys(api.operation(id).arguments.properties);

describe('a parameter that a security scheme supplies is not an argument, and the credential is sent', () => {
  test('as a header, whatever its case', async () => {
    expect(argumentsOf('byHeader')).toEqual([]);
    await api.call('byHeader');
    expect(api.sent().headers['x-api-key']).toBe('key-of-the-header');
  });

  test('in the query, also of the path item', async () => {
    expect(argumentsOf('byQuery')).toEqual(['q']);
    await api.call('byQuery', { q: 'a' });
    expect(api.sent().url).toBe('/query?q=a&token=key-of-the-query');
  });

  test('as a cookie, even if it is not needed', async () => {
    expect(argumentsOf('byCookie')).toEqual([]);
    await api.call('byCookie');
    expect(api.sent().headers.cookie).toBe('session=key-of-the-cookie');
  });

  test('as the Authorization header', async () => {
    expect(argumentsOf('byBearer')).toEqual([]);
    await api.call('byBearer');
    expect(api.sent().headers.authorization).toBe('Bearer token-of-the-bearer');
  });
});

test('without the scheme it stays an argument', async () => {
  expect(api.operation('withoutSecurity').arguments.required).toEqual(['X_Api_Key', 'token']);
  await api.call('withoutSecurity', { X_Api_Key: 'a', token: 'b' });
  expect([api.sent().headers['x-api-key'], api.sent().url]).toEqual(['a', '/open?token=b']);
});

test('in another place it stays an argument', async () => {
  expect(argumentsOf('otherPlace')).toEqual(['X_API_Key']);
});
