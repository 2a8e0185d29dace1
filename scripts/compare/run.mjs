// Child processes with a time limit, in an environment without the user's settings and caches.
import { spawn } from 'node:child_process';

export const STEP_MS = 120_000;

/** The environment of everything that is measured: `home` holds caches. */
export const environmentIn = (home) => ({
  PATH: process.env.PATH,
  HOME: home,
  XDG_CACHE_HOME: `${home}/cache`,
  LOCALAPPDATA: home,
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
});

/** @throws Error with the last lines of the output, if the command fails or does not end in time */
export async function run(command, args, options) {
  const { ok, how, stdout, stderr } = await tryRun(command, args, options);
  if (!ok) throw new Error(`${how}: ${lastLines(`${stdout}\n${stderr}`)}`);
  return stdout;
}

const running = new Set();
process.once('exit', () => {
  for (const child of running) endGroup(child);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

export function tryRun(command, args, { cwd, env, timeoutMs = STEP_MS } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, which can be ended as a whole: compilers and npm start processes too.
      detached: process.platform !== 'win32',
      env: { ...process.env, NO_COLOR: '1', DO_NOT_TRACK: '1', ...env },
      ...(cwd !== undefined && { cwd }),
    });
    running.add(child);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => (texts[name] += data));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child);
    }, timeoutMs);
    const end = (ok, how) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ ok, how: late ? `did not end within ${timeoutMs / 1000} s` : how, ...texts });
    };
    child.on('error', ({ message }) => end(false, message));
    child.on('close', (code) => end(code === 0 && !late, `ended with ${code}`));
  });
}

function endGroup(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const lastLines = (text) => text.trim().split('\n').slice(-3).join(' ').slice(0, 300);

export const reason = ({ message }, most) =>
  message
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 2)
    .join(' ')
    .slice(0, most);
