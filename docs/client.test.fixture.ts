import type { Provider, Server } from 'openapi-mcp';
import { serveConnection } from 'openapi-mcp';
import { afterAll } from 'vitest';
import { type ConnectOptions, connect, type McpClient } from '../src/client/index.ts';

const opened: McpClient[] = [];
afterAll(async () => {
  for (const client of opened.splice(0)) await client.close();
});

/** A client in this process, closed after the tests. */
export async function clientOf(served: Server | Provider, options: ConnectOptions = {}): Promise<McpClient> {
  const client = await connect(
    { serve: (transport) => serveConnection(served, transport, { onError: () => {} }) },
    options,
  );
  opened.push(client);
  return client;
}

/** The texts of a result, and nothing else in it. */
export const textsOf = ({ content }: { readonly content: readonly unknown[] }): readonly string[] =>
  content.map((block) => (block as { readonly text?: string }).text ?? JSON.stringify(block));
