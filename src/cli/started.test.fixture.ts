import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A path from the root of the package. */
export const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** The built program, which tests start as a user does. */
export const MAIN = fromRoot('dist/bin/openapi-mcp.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr has this text in it; rejects where the process ends without. */
  readonly said: (text: string) => Promise<void>;
  readonly stderr: () => string;
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream & { destroy(): void };
  readonly kill: (signal?: NodeJS.Signals) => void;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** @param options.env all there is but `PATH` */
export function start(args: readonly string[], { env = {}, cwd }: StartOptions = {}): Started {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env }, cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return {
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stderr.includes(text) || stdout.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`It ended without saying "${text}": ${stderr}`)));
        look();
      }),
    stderr: () => stderr,
    stdin: child.stdin,
    stdout: child.stdout,
    kill: (signal) => child.kill(signal),
  };
}

/** Runs to its end. @param options.stdin default: nothing */
export function ended(
  args: readonly string[],
  { stdin = '', ...options }: StartOptions & { readonly stdin?: string } = {},
): Promise<Ended> {
  const started = start(args, options);
  // A command that fails at once does not read it.
  started.stdin.on('error', () => {});
  started.stdin.end(stdin);
  return started.ended;
}
