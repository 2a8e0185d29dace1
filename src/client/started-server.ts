import type { Transport } from '@modelcontextprotocol/client';
import type { StdioServerParameters } from '@modelcontextprotocol/client/stdio';

/** A connection to a process that was started for it. */
export interface StartedServer extends Transport {
  /** Kills a process that has never responded, where `close()` would wait for it to exit by itself. */
  abandon(): Promise<void>;
}

/** Starts a server command when connecting, and leaves no process behind when closed. */
export async function startedServer(params: StdioServerParameters): Promise<StartedServer> {
  // Imported on demand: it loads child_process.
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const transport = new StdioClientTransport(params);
  const closeOnce = transport.close.bind(transport);
  let closing: Promise<void> | undefined;
  // The SDK closes the transport if connecting fails, without waiting; a second close would not wait either.
  const close = () => {
    closing ??= closeOnce();
    return closing;
  };
  // Must be the SDK's own class: with any other, the SDK negotiates the protocol in the only process, and servers of
  // 2025 may exit at the first unknown request.
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
    // It has just exited.
  }
}
