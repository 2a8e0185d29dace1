import { EXIT } from '../report.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** As Ctrl+C does, for whoever reads it from the terminal. */
  interrupt(): void;
}

/** Aborts at the first SIGINT or SIGTERM, so that the call is cancelled at the server too; the second ends the process. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  return { signal: controller.signal, interrupt };
}
