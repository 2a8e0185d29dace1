import { afterEach, describe, expect, test } from 'vitest';
import { type ProtectedServer, startProtectedServer, visit } from '../login/protected-server.test.fixture.ts';
import { connect, login, memoryTokenStore, NotAuthorized } from './index.ts';

// Our client and a protected server: the real MCP server, a real identity provider, a browser that follows a script.

let world: ProtectedServer;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function started(options: Parameters<typeof startProtectedServer>[0] = {}): Promise<ProtectedServer> {
  world = await startProtectedServer(options);
  closers.push(() => world.close());
  return world;
}

describe.each(['auto', 'legacy'] as const)('with mode %s', (mode) => {
  test('a person logs in, and the connection uses the login', async () => {
    const { url, identity, seen } = await started();
    const store = memoryTokenStore();
    const loggedIn = await login(url, { store, onUrl: visit });
    expect(loggedIn).toMatchObject({ issuer: identity.issuer, renewable: true });
    const client = await connect({ url, auth: { store } }, { mode });
    closers.push(() => client.close());
    expect((await client.callTool('read')).content).toEqual([{ type: 'text', text: 'a note' }]);
    expect(new Set(seen.slice(1)).size).toBe(1);
  });
});

test('without a login, the error says so', async () => {
  const { url } = await started();
  const failed = connect({ url, auth: { store: memoryTokenStore() } });
  await expect(failed).rejects.toMatchObject({ cause: expect.any(NotAuthorized) });
  await expect(failed).rejects.toThrow(/requires a token, and nobody is logged in/);
});
