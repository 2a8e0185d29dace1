import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The API that is called, in its own process, so that it does not share one with the client. */
export async function startApi(answer) {
  const program = fileURLToPath(new URL('api.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, answer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  return { url, stop: () => child.kill() };
}
