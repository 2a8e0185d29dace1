// Runs a check of one document in its own process, because a large document may not fit into the remaining memory.
import { spawn } from 'node:child_process';

const LIMIT_MS = 120_000;

/** @returns `value`, the JSON that the script prints, or `fault`, the first line of the error */
export function runCheck(script, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args]);
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      return chunks;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve({ value: JSON.parse(Buffer.concat(stdout)) });
      return resolve({ fault: `${Buffer.concat(stderr)}`.trim().split('\n')[0] || `ended with ${code}` });
    });
  });
}
