import { ConnectError, ConnectionLost, connect, ToolCallFailed } from 'openapi-mcp/client';

export async function callOverHttp(url: string, token: string): Promise<readonly string[]> {
  await using client = await connect(
    { url, headers: { Authorization: `Bearer ${token}` } },
    // Reconnects automatically, up to `reconnect.attempts` times; `onState` reports each change.
    { timeoutMs: 10_000, reconnect: { attempts: 4 }, onState: ({ state }) => console.error(state) },
  );
  console.error(client.server?.name, client.protocolVersion);

  for (const tool of await client.listTools()) console.error(tool.name, tool.description);
  await client.readResource('api://pet-shop/pets');

  try {
    const { content } = await client.callTool('listPets', { limit: 2 }, { raiseOnError: true });
    return content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  } catch (error) {
    if (error instanceof ToolCallFailed) console.error('the tool failed:', error.message);
    // The call may or may not have run, and was not sent again: only you know whether a retry is safe.
    else if (error instanceof ConnectionLost) console.error('connection lost during the call');
    else if (error instanceof ConnectError) console.error('cannot connect');
    throw error;
  }
}
