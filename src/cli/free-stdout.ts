import { syncBuiltinESMExports } from 'node:module';

/**
 * The standard output of the program: results of commands, and the protocol of a stdio server. Commands write to it and
 * never to `process.stdout`, which belongs to the modules of the user once there are any.
 */
export const stdout = process.stdout;

/**
 * Gives modules of the user stderr for their stdout, before the first of them runs: what they, their loggers and workers
 * write to `process.stdout`, its file descriptor or `console` stands there. What a program that they start inherits is
 * out of reach.
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
