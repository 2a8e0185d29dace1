import { syncBuiltinESMExports } from 'node:module';

/**
 * The standard output of the program: results of commands, and the protocol of a stdio server. Commands write here and
 * never to `process.stdout`, which user modules may use.
 */
export const stdout = process.stdout;

/**
 * Redirects stdout of user modules to stderr, before the first one runs: `process.stdout`, its file descriptor and
 * `console`, also in loggers and workers. Child processes that inherit stdout cannot be redirected.
 */
export function freeStdout(): void {
  Object.defineProperty(process, 'stdout', {
    value: process.stderr,
    configurable: true,
    enumerable: true,
    writable: true,
  });
  // For `import { stdout } from 'node:process'`.
  syncBuiltinESMExports();
}
