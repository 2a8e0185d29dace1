import type { Readable, Writable } from 'node:stream';
import type { Provider } from '../../provider.ts';
import { type Connection, serveConnection } from '../connection.ts';
import type { SessionWatch } from '../session-watch.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface StdioOptions {
  /** Receives errors that occur outside calls. Must not write to stdout, which is reserved for the protocol. */
  readonly onError: (error: Error) => void;
  /** Default: the process's own streams. */
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** How long to wait for calls in flight after stdin has ended; default 5,000. */
  readonly drainMs?: number;
  /** Called when the connection begins, and when it ends. */
  readonly onSession?: SessionWatch | undefined;
}

/**
 * Serves the provider to the client that started this process, until stdin ends or `close()` is called. Then calls in
 * flight finish, the provider is closed, and `closed` resolves.
 */
export async function serveStdio(
  provider: Provider,
  { onError, stdin = process.stdin, stdout = process.stdout, drainMs = 5_000, onSession }: StdioOptions,
): Promise<Connection> {
  const transport = new StdioTransport({ input: stdin, output: stdout, drainMs });
  const connection = serveConnection(provider, transport, { onError, onSession });
  const closed = connection.closed.then(() => provider.close()).catch(onError);
  return {
    closed,
    async close() {
      await transport.end();
      await connection.close();
      await closed;
    },
  };
}
