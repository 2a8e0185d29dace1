import type { Transport } from '@modelcontextprotocol/client';
import type { StdioServerParameters } from '@modelcontextprotocol/client/stdio';

/** A connection to a process that was started for it. */
export interface StartedServer extends Transport {
  /** Ends a process that has never answered: at once, where `close()` would wait whether it ends by itself. */
  abandon(): Promise<void>;
}

/** Starts the command of a server when it is connected, and leaves no process behind when it is closed. */
export async function startedServer(params: StdioServerParameters): Promise<StartedServer> {
  // Loaded where it is needed: it brings child processes.
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const transport = new StdioClientTransport(params);
  const closeOnce = transport.close.bind(transport);
  let closing: Promise<void> | undefined;
  // The SDK closes it by itself where connecting fails, and does not wait for that; the second close would not, either.
  const close = () => {
    closing ??= closeOnce();
    return closing;
  };
  // No class of its own: for any but the SDK's own, the SDK finds out the protocol with the one process that there is,
  // which servers of 2025 may end at the first question they do not know.
  return Object.assign(transport, {
    close,
    abandon() {
      const { pid } = transport;
      if (pid !== null) end(pid);
      return close();
    },
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}
