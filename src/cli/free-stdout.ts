import { Console } from 'node:console';

/**
 * Sends what modules of the user print with `console` to stderr: stdout belongs to the protocol, and to the results of
 * commands.
 */
export function freeStdout(): void {
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
}
