import { connect, login, type TokenStore } from 'openapi-mcp/client';

/** @param store memoryTokenStore(), or openTokenStore(), which commands and programs share */
export async function callFor(url: string, store: TokenStore, show: (page: string) => void) {
  await using client = await connect(
    {
      url,
      auth: {
        store,
        // Called if nobody is logged in, or if the login lacks scopes. Without it, requests fail with NotAuthorized.
        logIn: ({ scopes }) => login(url, { store, scopes, onUrl: show }),
      },
    },
    // Connecting includes the login.
    { connectTimeoutMs: 300_000 },
  );
  return await client.callTool('read');
}

/** A machine has its own client at the authorization server. */
export async function callAsMachine(url: string, clientId: string, clientSecret: string) {
  await using client = await connect({ url, auth: { clientId, clientSecret } });
  return await client.callTool('read');
}
