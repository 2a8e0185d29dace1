import type { McpServer, Transport } from '@modelcontextprotocol/server';
import { serveStdio as serveTransport } from '@modelcontextprotocol/server/stdio';
import type { ListChange, Provider } from '../provider.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import { followChanges } from './list-changes.ts';
import { mcpServerFactory } from './mcp-server.ts';

export interface Connection {
  /** Resolves once the connection is closed, by either side. Never rejects. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Serves one client over one transport (streams, in-memory), in the protocol era of the client's first message. */
export function serveConnection(
  provider: Provider,
  transport: Transport,
  { onError }: { readonly onError: (error: Error) => void },
): Connection {
  // One, except for a client that tries the new era and then falls back to the old one.
  const servers = new Set<McpServer>();
  const changes = followChanges(provider, (change) => {
    for (const server of servers) tellChange(server, change).catch(onError);
  });
  const calls = new CallsInFlight();
  const makeServer = mcpServerFactory(provider, { onError, calls, announced: changes.announced });

  const handle = serveTransport(
    async (context) => {
      const server = await makeServer(context);
      servers.add(server);
      server.server.onclose = () => servers.delete(server);
      return server;
    },
    { transport, onerror: onError },
  );
  // The SDK has set its callback by now; it has no other way to report that the client has disconnected.
  const { onclose } = transport;
  const closed = new Promise<void>((resolve) => {
    transport.onclose = () => {
      onclose?.();
      changes.stop();
      resolve();
    };
  });
  return { closed, close: handle.close };
}

async function tellChange({ server }: McpServer, change: ListChange): Promise<void> {
  // No notifications before the handshake, or for lists that were not declared in it.
  if (server.getNegotiatedProtocolVersion() === undefined || !server.getCapabilities()[change]) return;
  switch (change) {
    case 'tools':
      return server.sendToolListChanged();
    case 'resources':
      return server.sendResourceListChanged();
    case 'prompts':
      return server.sendPromptListChanged();
  }
}
