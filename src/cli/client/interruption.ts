import { EXIT } from '../report.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** As Ctrl+C does, for whoever reads it from the terminal. */
  interrupt(): void;
  /**
   * From here on SIGINT and SIGTERM abort, for there is something to end in order: a call, a connection, a process. Until
   * then they end the process as they always do, also while it computes: a listener would have to wait for that.
   */
  listen(): void;
}

/** The first SIGINT or SIGTERM aborts, so that the call is cancelled at the server too; the second ends the process. */
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
