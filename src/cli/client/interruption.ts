import { EXIT } from '../output/report.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** Raises what Ctrl+C would, for code that reads the terminal itself. */
  interrupt(): void;
  /**
   * From here on SIGINT and SIGTERM abort, because there is something to shut down in order: a call, a connection, a
   * process. Before that they kill the process as usual, even while it computes; a listener would only run after the
   * computation.
   */
  listen(): void;
}

/**
 * The first SIGINT or SIGTERM aborts, so that the call is also cancelled on the server; the second one kills the
 * process.
 */
export function interruption(): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  let listens = false;
  const listen = () => {
    if (listens) return;
    listens = true;
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  };
  return { signal: controller.signal, interrupt, listen };
}
