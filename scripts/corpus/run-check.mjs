// Runs a check of one document in its own process, because a large document may not fit into the remaining memory.
import { spawn } from 'node:child_process';

const LIMIT_MS = 120_000;

/** @returns `value`, the JSON that the script prints, or `fault`, the first line of the error */
export async function runCheck(script, args, limitMs = LIMIT_MS) {
  const { code, stdout, stderr } = await runToEnd([script, ...args], limitMs);
  if (code === 0) return { value: JSON.parse(stdout) };
  return { fault: stderr.trim().split('\n')[0] || `ended with ${code}` };
}

/** Runs Node with these arguments. A process that takes longer ends with the signal `SIGKILL`. */
export function runToEnd(args, limitMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      return chunks;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
