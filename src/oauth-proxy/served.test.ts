import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../free-port.test.fixture.ts';
import { browse } from '../identity-provider.test.fixture.ts';
import { createServer } from '../runtime/server.ts';
import { LoginClient } from '../security/login-client.test.fixture.ts';
import { type AuthFetch, createOAuthProxy, memoryStore } from './index.ts';
import { CLIENT_REDIRECT, introspection, SECRET, startUpstream, upstreamOf, visit } from './proxy.test.fixture.ts';

const DOCUMENT = 'https://client.example/client.json';
const publicFetch: AuthFetch = async () =>
  Response.json({ client_id: DOCUMENT, client_name: 'A client', redirect_uris: [CLIENT_REDIRECT] });

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An MCP server whose tool tells who calls it, and which token it has for the API upstream. */
async function world() {
  const idp = await startUpstream();
  cleanups.push(() => idp.close());
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const proxy = createOAuthProxy({
    baseUrl,
    resource: `${baseUrl}/mcp`,
    upstream: upstreamOf(idp),
    verifier: introspection(idp),
    store: memoryStore(),
    secret: SECRET,
    publicFetch,
    onError: () => {},
  });
  const upstream = introspection(idp);
  const server = createServer({ name: 'notes', version: '1' });
  server.tool('whoami', {}, async (_, { caller }) => {
    const { iss, sub, ...claims } = caller?.claims ?? {};
    const token = await proxy.upstreamToken({ issuer: String(iss), subject: String(sub), claims });
    return JSON.stringify([iss === idp.issuer, sub, (await upstream.verify(token)).subject]);
  });
  await server.run({ transport: 'http', port, auth: { proxy, requiredScopes: ['read'], cacheSeconds: 0 } });
  cleanups.push(() => server.close());
  return { baseUrl, url: new URL(`${baseUrl}/mcp`), idp };
}

function connection(kind: string, url: URL, authProvider: LoginClient) {
  const info = { name: 'test', version: '1' };
  if (kind === 'v1') {
    // Both SDKs read the same fields of the provider.
    const transport = new OldTransport(url, { authProvider: authProvider as never });
    const client = new OldClient(info);
    return {
      connect: () => client.connect(transport as Parameters<OldClient['connect']>[0]),
      finish: (code: string) => transport.finishAuth(code),
      call: async () => JSON.stringify(await client.callTool({ name: 'whoami' })),
      close: () => client.close(),
    };
  }
  const transport = new StreamableHTTPClientTransport(url, { authProvider });
  const client = new Client(info, { versionNegotiation: { mode: kind === 'auto' ? 'auto' : 'legacy' } });
  return {
    connect: () => client.connect(transport),
    finish: (code: string, iss: string) => transport.finishAuth(code, iss),
    call: async () => JSON.stringify(await client.callTool({ name: 'whoami' })),
    close: () => client.close(),
  };
}

test.each([
  ['v1', undefined],
  ['legacy', undefined],
  ['auto', undefined],
  ['v1', DOCUMENT],
  ['auto', DOCUMENT],
])(
  'an MCP client (%s, document: %s) logs in through the proxy, and calls as the user of the upstream',
  async (kind, document) => {
    const { url, baseUrl, idp } = await world();
    const login = new LoginClient(document === undefined ? {} : { clientMetadataUrl: document });
    const first = connection(kind, url, login);
    await expect(first.connect()).rejects.toThrow();
    const back = await browse(login.sent.at(-1) ?? '', { ...visit, login: 'erin' });
    await first.finish(back.searchParams.get('code') ?? '', back.searchParams.get('iss') ?? '');
    const second = connection(kind, url, login);
    await second.connect();
    cleanups.push(() => second.close());
    expect(await second.call()).toContain(JSON.stringify(JSON.stringify([true, 'erin', 'erin'])).slice(1, -1));

    const { client_id: id = '' } = (login.client ?? {}) as { client_id?: string };
    expect(id === DOCUMENT).toBe(document !== undefined);
    const fields = { client_id: id, token: login.saved?.refresh_token ?? '' };
    const revoked = await fetch(`${baseUrl}/revoke`, { method: 'POST', body: new URLSearchParams(fields) });
    expect(revoked.status).toBe(200);
    const { access_token: token = '' } = login.saved ?? {};
    const refused = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect([refused.status, refused.headers.get('www-authenticate')?.includes('invalid_token')]).toEqual([401, true]);
    expect(idp.requests.get('/reg') ?? 0).toBe(0);
  },
);
