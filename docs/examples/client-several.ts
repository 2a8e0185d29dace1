import type { Provider } from 'openapi-mcp';
import { connectAll } from 'openapi-mcp/client';

export async function askEverybody(local: Provider, remote: string) {
  await using clients = await connectAll({ local: { provider: local }, remote, gone: 'http://127.0.0.1:1/mcp' });

  // A server that is down does not affect the others.
  const down = [...clients.problems].map(([name, problem]) => `${name}: ${problem.message}`);

  // Tools are named <server>_<tool>, and each has the name of its server.
  const tools = (await clients.listTools()).map(({ name, server }) => `${name} of ${server}`);

  const first = await clients.callTool('local_where');
  // The same tool, by its own name.
  const second = await clients.server('remote').callTool('where');
  return { down, tools, first, second };
}

/** The config file format of Claude Desktop, Cursor and others. Disabled entries are skipped. */
export const fromFile = (json: string) => connectAll(JSON.parse(json));
