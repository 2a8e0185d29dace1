import { type ChildProcess, fork, spawn } from 'node:child_process';
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
  readonly pid: number;
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
    pid: child.pid ?? 0,
  };
}

export interface EndOptions extends StartOptions {
  /** Default: nothing. */
  readonly stdin?: string;
}

/** Runs to its end, in a process of its own. */
export function endedAlone(args: readonly string[], { stdin = '', ...options }: EndOptions = {}): Promise<Ended> {
  const started = start(args, options);
  // A command that fails at once does not read it.
  started.stdin.on('error', () => {});
  started.stdin.end(stdin);
  return started.ended;
}

/** Runs to its end, in a process that has loaded the program already: a tenth of the time that a new process takes. */
export async function ended(args: readonly string[], options: EndOptions = {}): Promise<Ended> {
  const { code, stdout, stderr } = await endedWithBytes(args, options);
  return { code, stdout: stdout.toString(), stderr };
}

/** The same, with the bytes of stdout. */
export function endedWithBytes(
  args: readonly string[],
  { env = {}, cwd = process.cwd(), stdin = '' }: EndOptions = {},
): Promise<Omit<Ended, 'stdout'> & { readonly stdout: Buffer }> {
  // One at a time: a process has one folder, one environment and one stdout.
  const run = last.then(() => askResident({ args, env: { PATH: process.env.PATH, ...env }, cwd, stdin }));
  last = run.catch(() => {});
  return run;
}

let resident: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();
let runs = 0;

/** The answer of resident.mjs. */
interface Answer {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

function askResident(line: object): ReturnType<typeof endedWithBytes> {
  resident ??= startResident();
  const child = resident;
  return new Promise((resolve, reject) => {
    // The command never ends, or has ended the process with it: the next one gets another process.
    const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
    const lost = () => {
      resident = undefined;
      clearTimeout(limit);
      reject(new Error(`The resident process has ended: ${JSON.stringify(line)}`));
    };
    child.once('exit', lost);
    child.once('message', ({ code, stdout, stderr }: Answer) => {
      child.off('exit', lost);
      clearTimeout(limit);
      resolve({ code, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() });
    });
    child.send({ id: runs++, ...line });
  });
}

/** Ends with the thread that started it. */
function startResident(): ChildProcess {
  const child = fork(fromRoot('src/cli/fixtures/resident.mjs'), [MAIN], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}
