import type { Provider } from 'openapi-mcp';
import { connectAll } from 'openapi-mcp/client';

export async function askEverybody(local: Provider, remote: string) {
  await using clients = await connectAll({ local: { provider: local }, remote, gone: 'http://127.0.0.1:1/mcp' });

  // One that is down takes no other with it.
  const down = [...clients.problems].map(([name, problem]) => `${name}: ${problem.message}`);

  // Tools are called <server>_<tool>, and each says whose it is.
  const tools = (await clients.listTools()).map(({ name, server }) => `${name} of ${server}`);

  const first = await clients.callTool('local_where');
  // The same tool, by its own name.
  const second = await clients.server('remote').callTool('where');
  return { down, tools, first, second };
}

/** What Claude Desktop, Cursor and others keep in a file. Entries that are disabled are left out. */
export const fromFile = (json: string) => connectAll(JSON.parse(json));
