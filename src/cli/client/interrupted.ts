import { EXIT } from '../report.ts';

/** Aborts at the first SIGINT or SIGTERM, so that the call is cancelled at the server too; the second ends the process. */
export function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}
