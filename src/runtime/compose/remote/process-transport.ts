import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/**
 * The transport of a started server. A separate class, because with the SDK's own class the SDK would start a second
 * process just to negotiate the protocol, and a slow server would take twice as long.
 */
export class ProcessTransport extends StdioClientTransport {
  #closing: Promise<void> | undefined;

  /**
   * The SDK closes it by itself where connecting fails and does not wait for that: each call waits for the one close.
   */
  override close(): Promise<void> {
    this.#closing ??= super.close();
    return this.#closing;
  }

  /** Ends a process that has never answered at once, where `close()` would wait whether it ends by itself. */
  abandon(): Promise<void> {
    const { pid } = this;
    try {
      if (pid !== null) process.kill(pid, 'SIGTERM');
    } catch {
      // It has just exited.
    }
    return this.close();
  }
}
