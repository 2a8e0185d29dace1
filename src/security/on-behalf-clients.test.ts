import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../free-port.test.fixture.ts';
import { browse, startIdentityProvider } from '../identity-provider.test.fixture.ts';
import { openApi } from '../proxy.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { LoginClient, REDIRECT_URL } from './login-client.test.fixture.ts';
import { callerDocument, startCallerApi, startExchange } from './on-behalf.test.fixture.ts';

// The clients of the field log in at a real identity provider, which also exchanges their tokens.

const KINDS = ['v1', 'legacy', 'auto'] as const;
type Kind = (typeof KINDS)[number];
const OUR_CLIENT = { clientId: 'our-server', clientSecret: 'our-server-secret' };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface WorldOptions {
  /** Another token endpoint for the exchange, which a test can let refuse. */
  readonly ownExchange?: boolean;
  /** The document names the discovery document of the provider, not its token endpoint. */
  readonly discovery?: boolean;
}

async function world({ ownExchange = false, discovery = false }: WorldOptions = {}) {
  const [api, exchange, port] = await Promise.all([startCallerApi(), startExchange(), freePort()]);
  const url = `http://127.0.0.1:${port}/mcp`;
  const identity = await startIdentityProvider({
    resource: [url, api.url],
    scopes: ['notes:read', 'notes:write'],
    registration: true,
    clients: [
      {
        client_id: OUR_CLIENT.clientId,
        client_secret: OUR_CLIENT.clientSecret,
        redirect_uris: ['https://unused.example/callback'],
        grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      },
    ],
  });
  const tokenUrl = ownExchange ? exchange.tokenUrl : identity.tokenEndpoint;
  const login = { exchange: { ...OUR_CLIENT, resource: api.url } };
  const openIdConnectUrl = `${identity.issuer}/.well-known/openid-configuration`;
  const securitySchemes = { login: { type: 'openIdConnect', openIdConnectUrl } };
  const document = { ...callerDocument(api.url, tokenUrl), ...(discovery && { components: { securitySchemes } }) };
  const { provider } = await openApi(
    { text: JSON.stringify(document) },
    { cache: false, environment: {}, auth: { login } },
  );
  const auth = { provider: identity.issuer, requiredScopes: ['notes:read'], cacheSeconds: 0 };
  const server = await serveHttp(provider, { port, onError: () => {}, auth });
  cleanups.push(
    () => api.close(),
    () => exchange.close(),
    () => identity.close(),
    () => server.close(),
  );
  return { api, exchange, identity, url };
}

/** A client of either SDK, and its transport, which have the methods that this test uses in common. */
function connection(kind: Kind, url: string, authProvider: LoginClient) {
  const address = new URL(url);
  const info = { name: 'test', version: '1' };
  if (kind === 'v1') {
    const transport = new OldTransport(address, { authProvider: authProvider as never });
    return { client: new OldClient(info) as unknown as Client, transport: transport as never };
  }
  return {
    client: new Client(info, { versionNegotiation: { mode: kind } }),
    transport: new StreamableHTTPClientTransport(address, { authProvider }),
  };
}

async function connected(kind: Kind, url: string, name: string) {
  const login = new LoginClient();
  const first = connection(kind, url, login);
  await expect(first.client.connect(first.transport)).rejects.toThrow();
  const back = await browse(login.sent.at(-1) ?? '', {
    login: name,
    stopAt: ({ href }) => href.startsWith(REDIRECT_URL),
  });
  const { transport } = first as { transport: { finishAuth(code: unknown): Promise<void> } };
  await transport.finishAuth(kind === 'v1' ? back.searchParams.get('code') : back.searchParams);
  const { client, transport: second } = connection(kind, url, login);
  await client.connect(second);
  cleanups.push(() => client.close());
  return { client, login };
}

const getNote = (client: Client) => client.callTool({ name: 'getNote', arguments: { id: '1' } });

test.each(KINDS)(
  'client %s: what each user calls reaches the API with a token of that user, for the API',
  async (kind) => {
    const { api, identity, url } = await world();
    for (const name of ['ada', 'bob']) {
      const { client, login } = await connected(kind, url, name);
      expect(await getNote(client)).not.toHaveProperty('isError', true);
      const [token = ''] = api.reached.splice(0).map(({ authorization = '' }) => authorization.slice('Bearer '.length));
      expect(token).not.toBe(login.saved?.access_token);
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(identity.jwksUrl)), { audience: api.url });
      expect(payload).toMatchObject({ sub: name, client_id: OUR_CLIENT.clientId, scope: 'notes:read' });
    }
  },
);

test('the token endpoint of a scheme can come from its discovery document', async () => {
  const { api, identity, url } = await world({ discovery: true });
  const { client } = await connected('auto', url, 'ada');
  expect(await getNote(client)).not.toHaveProperty('isError', true);
  const [token = ''] = api.reached.map(({ authorization = '' }) => authorization.slice('Bearer '.length));
  expect(decodeJwt(token)).toMatchObject({ sub: 'ada', aud: api.url, iss: identity.issuer });
});

test.each(KINDS)(
  'client %s: a refused exchange makes it authenticate again, and its call then succeeds',
  async (kind) => {
    const { api, exchange, url } = await world({ ownExchange: true });
    const { client, login } = await connected(kind, url, 'ada');
    const first = login.saved?.access_token;
    exchange.respond(({ form }, response) => {
      const { jti } = decodeJwt(form.subject_token ?? '');
      const isOld = form.subject_token === first;
      const body = isOld ? { error: 'invalid_grant' } : { access_token: `for-${jti}`, token_type: 'Bearer' };
      response.writeHead(isOld ? 400 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
    expect(await getNote(client)).not.toHaveProperty('isError', true);
    expect(login.saved?.access_token).not.toBe(first);
    expect(exchange.asked).toHaveLength(2);
    expect(api.reached).toHaveLength(1);
  },
);
