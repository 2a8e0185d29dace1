import { describe, expect, test } from 'vitest';
import type { AuthorizationServer } from '../runtime/api/auth/server-metadata.ts';
import type { HttpRequest, HttpSender } from '../runtime/api/http.ts';
import { type ClientMeans, loginClient } from './register-client.ts';

const SERVER: AuthorizationServer = {
  issuer: 'https://login.example.com',
  tokenEndpoint: 'https://login.example.com/token',
  registrationEndpoint: 'https://login.example.com/register',
  codeChallengeMethods: ['S256'],
  sendsIssuer: true,
  authMethods: ['none'],
  scopes: [],
  readsClientMetadata: true,
};

/** Registers clients, unless they ask for a scope that it does not know. */
function register(means: Partial<ClientMeans>, { server = SERVER, knowsScopes = true } = {}) {
  const sent: Record<string, unknown>[] = [];
  const send: HttpSender = async ({ body }: HttpRequest) => {
    const metadata = JSON.parse(String(body)) as Record<string, unknown>;
    sent.push(metadata);
    const isRefused = metadata.scope !== undefined && !knowsScopes;
    const answer = isRefused ? { error: 'invalid_client_metadata' } : { client_id: 'new' };
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    return {
      status: isRefused ? 400 : 201,
      headers: [],
      body: (async function* () {
        yield bytes;
      })(),
    };
  };
  const access = { send, allowPrivate: false, signal: new AbortController().signal };
  const registration = {
    grants: ['authorization_code'],
    redirectUris: ['http://127.0.0.1:1/callback'],
    scopes: ['a', 'b'],
  };
  const client = loginClient(server, { clientIdFrom: '--client-id', ...means }, { access, registration });
  return { client, sent };
}

const URL_OF_CLIENT = 'https://client.example/metadata.json';

describe('the client of a login', () => {
  test.each([
    ['the own one first', { clientId: 'own', clientMetadataUrl: URL_OF_CLIENT }, 'own', 0],
    ['then the URL of its metadata', { clientMetadataUrl: URL_OF_CLIENT }, URL_OF_CLIENT, 0],
    ['then a new one', {}, 'new', 1],
  ])('is %s', async (_, means, id, registrations) => {
    const { client, sent } = register(means);
    expect((await client).clientId).toBe(id);
    expect(sent).toHaveLength(registrations);
  });

  test('is a new one if the server does not read metadata documents', async () => {
    const server = { ...SERVER, readsClientMetadata: false };
    expect((await register({ clientMetadataUrl: URL_OF_CLIENT }, { server }).client).clientId).toBe('new');
  });

  test('registers for all scopes, as a native application', async () => {
    const { client, sent } = register({});
    await client;
    expect(sent).toMatchObject([{ scope: 'a b', application_type: 'native', token_endpoint_auth_method: 'none' }]);
  });

  test('registers without scopes at a server that knows none of them', async () => {
    const { client, sent } = register({}, { knowsScopes: false });
    expect((await client).clientId).toBe('new');
    expect(sent.map(({ scope }) => scope)).toEqual(['a b', undefined]);
  });

  test.each([
    'http://client.example/m.json',
    'https://client.example/',
    'https://a:b@client.example/m',
    'https://c.example/m#x',
    'x',
  ])('cannot be %s', async (clientMetadataUrl) => {
    await expect(register({ clientMetadataUrl }).client).rejects.toThrow('cannot be a client id');
  });
});
