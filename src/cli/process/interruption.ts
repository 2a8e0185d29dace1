import { EXIT } from '../output/report.ts';

/**
 * Resolves with exit code 0 at the first SIGINT or SIGTERM, so that calls in flight can finish. The second one exits
 * immediately, with 130.
 *
 * @param signals default: both
 */
export function interruption(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM']): Promise<typeof EXIT.ok> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (asked) process.exit(EXIT.interrupted);
        asked = true;
        resolve(EXIT.ok);
      });
    }
  });
}
