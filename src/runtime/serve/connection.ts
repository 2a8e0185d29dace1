import type { Transport } from '@modelcontextprotocol/server';
import { serveStdio as serveTransport } from '@modelcontextprotocol/server/stdio';
import type { Provider } from '../provider.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import { followChanges } from './list-changes.ts';
import { mcpServerFactory, type ProviderServer } from './mcp-server.ts';
import { endOf, type SessionWatch } from './session-watch.ts';

export interface Connection {
  /** Resolves once the connection is closed, by either side. Never rejects. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly onError: (error: Error) => void;
  readonly onSession?: SessionWatch | undefined;
}

/** Serves one client over one transport (streams, in-memory), in the protocol era of the client's first message. */
export function serveConnection(
  provider: Provider,
  transport: Transport,
  { onError, onSession }: ConnectionOptions,
): Connection {
  // One, except for a client that tries the new era and then falls back to the old one.
  const servers = new Set<ProviderServer>();
  const changes = followChanges(provider, (change) => {
    for (const server of servers) server.tellChange(change).catch(onError);
  });
  const unfollow = provider.onResourceUpdate?.((uri) => {
    for (const server of servers) server.tellUpdate(uri).catch(onError);
  });
  const calls = new CallsInFlight();
  const makeServer = mcpServerFactory(provider, { onError, calls, announced: changes.announced });

  const end = onSession?.({ transport: 'stdio' });
  let last: ProviderServer | undefined;
  const handle = serveTransport(
    async (context) => {
      const server = await makeServer(context);
      servers.add(server);
      last = server;
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
      unfollow?.();
      end?.(endOf(last?.server));
      resolve();
    };
  });
  return { closed, close: handle.close };
}
