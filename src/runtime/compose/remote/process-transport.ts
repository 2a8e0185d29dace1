import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/**
 * The transport of a started server. A separate class, because with the SDK's own class the SDK would start a second
 * process just to negotiate the protocol, and a slow server would take twice as long.
 */
export class ProcessTransport extends StdioClientTransport {
  /** Kills a process that has never responded, where `close()` would wait for it to exit by itself. */
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
