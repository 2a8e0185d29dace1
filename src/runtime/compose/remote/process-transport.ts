import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/**
 * A server that is started. A class of its own: with the SDK's, a second process would be started first, only to find
 * out what protocol the server speaks, and one that is slow to start would take twice as long.
 */
export class ProcessTransport extends StdioClientTransport {
  #closing: Promise<void> | undefined;

  /** The SDK closes it by itself where connecting fails and does not wait for that: each call waits for the one close. */
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
      // It has just ended.
    }
    return this.close();
  }
}
