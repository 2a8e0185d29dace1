import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, test } from 'vitest';
import { freePort } from '../free-port.test.fixture.ts';
import { browse, type IdentityProvider, startIdentityProvider } from '../identity-provider.test.fixture.ts';
import { type OAuthProxy, presetProxy } from '../oauth-proxy/index.ts';
import { createServer } from '../runtime/server.ts';
import { LoginClient, REDIRECT_URL } from './login-client.test.fixture.ts';

// The complete path of a login at a real identity provider, with the clients of the field.

const KINDS = ['v1', 'legacy', 'auto'] as const;
type Kind = (typeof KINDS)[number];
const METADATA_URL = 'https://client.example/metadata.json';
const LIFETIME_S = 2;

/** Registers what a test closes at its end. Tests wait for tokens to expire, so they run at the same time. */
type AtEnd = (close: () => Promise<void>) => void;

interface World {
  readonly identity: IdentityProvider;
  readonly url: string;
  readonly seen: (string | undefined)[];
}

interface Options {
  readonly cimd?: boolean;
  /** Our OAuth proxy stands in front of the provider, which then has neither registration nor metadata documents. */
  readonly proxied?: boolean;
  /** Tokens do not expire during the test. */
  readonly isPatient?: boolean;
}

async function world({ cimd = false, proxied = false, isPatient = false }: Options, atEnd: AtEnd): Promise<World> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const identity = await startIdentityProvider({
    resource: url,
    scopes: ['notes:read', 'notes:write'],
    registration: !cimd && !proxied,
    cimd: cimd && !proxied,
    ...(proxied && { clients: [{ ...PROXY_CLIENT, redirect_uris: [`http://127.0.0.1:${port}/auth/callback`] }] }),
    documents: {
      [METADATA_URL]: {
        client_id: METADATA_URL,
        client_name: 'Test client',
        redirect_uris: [REDIRECT_URL],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
    },
    accessTokenTtl: isPatient ? 600 : LIFETIME_S,
  });
  const seen: (string | undefined)[] = [];
  const server = createServer({ name: 'notes', version: '1' });
  server.tool('read', {}, (_, { caller }) => {
    seen.push(caller?.id);
    return 'a note';
  });
  server.tool('write', {}, () => 'written');
  await server.run({
    transport: 'http',
    port,
    auth: {
      ...(proxied ? { proxy: await proxyOf(identity, url) } : { provider: identity.issuer }),
      requiredScopes: ['notes:read'],
      scopes: { tools: { write: ['notes:write'] } },
      cacheSeconds: 0,
      clockTolerance: 0,
    },
  });
  atEnd(async () => {
    await server.close();
    await identity.close();
  });
  return { identity, url, seen };
}

/** As an operator registers it, by hand. */
const PROXY_CLIENT = {
  client_id: 'our-server',
  client_secret: 'our-server-secret',
  grant_types: ['authorization_code', 'refresh_token'],
};

/** The metadata document of the client is at a host that only this `fetch` knows. */
function proxyOf({ issuer }: IdentityProvider, publicUrl: string): Promise<OAuthProxy> {
  const document = {
    client_id: METADATA_URL,
    client_name: 'Test client',
    redirect_uris: [REDIRECT_URL],
    token_endpoint_auth_method: 'none',
  };
  return presetProxy({
    provider: issuer,
    clientId: PROXY_CLIENT.client_id,
    clientSecret: PROXY_CLIENT.client_secret,
    audience: publicUrl,
    publicUrl,
    upstream: { scopes: ['openid', 'offline_access', 'notes:read', 'notes:write'], forwardResource: true },
    secret: 'a secret of at least 32 characters',
    publicFetch: async () =>
      new Response(JSON.stringify(document), { headers: { 'Content-Type': 'application/json' } }),
    onError: () => {},
  });
}

function transportFor(kind: Kind, url: string, authProvider: LoginClient) {
  const address = new URL(url);
  // Both SDKs read the same fields of the provider.
  return kind === 'v1'
    ? (new OldTransport(address, { authProvider: authProvider as never }) as unknown as StreamableHTTPClientTransport)
    : new StreamableHTTPClientTransport(address, { authProvider });
}

function clientOf(kind: Kind): Client {
  const info = { name: 'test', version: '1' };
  if (kind === 'v1') return new OldClient(info) as unknown as Client;
  return new Client(info, { versionNegotiation: { mode: kind } });
}

/** Connects; where the server demands it, the user logs in. */
async function connected(kind: Kind, url: string, login: LoginClient, atEnd: AtEnd): Promise<Client> {
  const first = clientOf(kind);
  const transport = transportFor(kind, url, login);
  try {
    await first.connect(transport);
    atEnd(() => first.close());
    return first;
  } catch (error) {
    if (login.sent.length === 0) throw error;
    await finish(kind, transport, login);
  }
  const client = clientOf(kind);
  await client.connect(transportFor(kind, url, login));
  atEnd(() => client.close());
  return client;
}

/** The user logs in, consents, and is sent back to the client. */
async function finish(kind: Kind, transport: StreamableHTTPClientTransport, login: LoginClient): Promise<void> {
  const back = await browse(login.sent.at(-1) ?? '', { login: 'ada', stopAt: ({ port }) => port === '1' });
  if (kind === 'v1') await transport.finishAuth(back.searchParams.get('code') ?? '');
  else await transport.finishAuth(back.searchParams);
}

const call = (client: Client, name: string) => client.callTool({ name, arguments: {} });
const TEXT = (text: string) => ({ content: [{ type: 'text', text }] });

describe.concurrent.each(KINDS)('client %s', (kind) => {
  test.concurrent.for<[string, Options]>([
    ['dynamic registration', {}],
    ['a client ID metadata document', { cimd: true }],
    ['dynamic registration at our OAuth proxy', { proxied: true }],
    ['a client ID metadata document at our OAuth proxy', { proxied: true, cimd: true }],
  ])(
    'discovers, gets a client id by %s, logs in, calls, refreshes, and logs in again after a revocation',
    { timeout: 30_000 },
    async ([, options], { onTestFinished: atEnd }) => {
      const { cimd = false } = options;
      const { identity, url, seen } = await world(options, atEnd);
      const login = new LoginClient(cimd ? { clientMetadataUrl: METADATA_URL } : {});
      const client = await connected(kind, url, login, atEnd);
      expect(login.sent).toHaveLength(1);
      expect(login.sent[0]?.searchParams.get('resource')).toBe(url);
      expect(login.sent[0]?.searchParams.get('scope')).toContain('notes:read');
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read']);
      expect(await call(client, 'read')).toMatchObject(TEXT('a note'));
      expect(seen).toEqual([`${identity.issuer} ada`]);

      const tokens = identity.requests.get('/token');
      await wait(LIFETIME_S * 1000 + 200);
      expect(await call(client, 'read')).toMatchObject(TEXT('a note'));
      expect(identity.requests.get('/token')).toBe((tokens ?? 0) + 1);
      expect(login.sent).toHaveLength(1);

      await identity.revoke('ada');
      await wait(LIFETIME_S * 1000 + 200);
      await expect(call(client, 'read')).rejects.toThrow();
      const again = await connected(kind, url, login, atEnd);
      expect(login.sent.length).toBeGreaterThan(1);
      expect(await call(again, 'read')).toMatchObject(TEXT('a note'));
    },
  );
});

// With a refresh token, the first SDK refreshes in place of stepping up, and gives up: its client has none here. Our
// OAuth proxy issues them always.
test.concurrent.for([
  ['v1', false],
  ['legacy', false],
  ['legacy', true],
  ['auto', false],
  ['auto', true],
] as const)(
  'client %s steps up to the scopes of a tool; through our OAuth proxy: %s',
  { timeout: 30_000 },
  async ([kind, proxied], { onTestFinished: atEnd }) => {
    const refreshes = kind !== 'v1';
    const { identity, url } = await world({ cimd: refreshes, proxied, isPatient: true }, atEnd);
    const login = new LoginClient(refreshes ? { clientMetadataUrl: METADATA_URL } : { refreshes });
    const transport = transportFor(kind, url, login);
    await connected(kind, url, login, atEnd);
    const client = clientOf(kind);
    await client.connect(transport);
    atEnd(() => client.close());
    await expect(call(client, 'write')).rejects.toThrow();
    const asked = login.sent.at(-1)?.searchParams.get('scope')?.split(' ') ?? [];
    expect(asked).toEqual(expect.arrayContaining(['notes:read', 'notes:write']));
    await finish(kind, transport, login);
    const stronger = clientOf(kind);
    await stronger.connect(transportFor(kind, url, login));
    atEnd(() => stronger.close());
    expect(await call(stronger, 'write')).toMatchObject(TEXT('written'));
    expect((await stronger.listTools()).tools).toHaveLength(2);
    expect(identity.requests.get('/auth')).toBeGreaterThanOrEqual(2);
  },
);
