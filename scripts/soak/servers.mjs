// The servers under load: the built program, with a probe for its heap.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { printed } from '../printed.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The words after `node`, and the environment. */
export const command = (folder, ...words) => ({
  args: [
    '--expose-gc',
    '--import',
    fromRoot('scripts/soak/probe.mjs'),
    fromRoot('dist/bin/openapi-mcp.js'),
    'run',
    join(folder, 'openapi-mcp.config.json'),
    ...words,
  ],
  env: { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: folder, SOAK_PROBES: folder },
});

/** Starts a server over HTTP, with metrics. */
export async function startHttp(folder) {
  const { args, env } = command(folder, '--transport', 'http', '--port', '0', '--metrics-port', '0');
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
  child.stderr.on('data', (chunk) => (said += chunk));
  const url = await printed(child, /Serving (\S+)/);
  const start = said.length;
  return {
    pid: child.pid,
    url: new URL(url),
    metrics: /served at (\S+)\./.exec(said)[1],
    ended,
    /** What it wrote to stderr since it started. */
    said: () => said.slice(start),
    kill: (signal) => child.kill(signal),
  };
}

/** Resident memory, in MB, and open descriptors. */
export function processState(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { rss: Number(kilobytes) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** The heap after a garbage collection, in MB. */
export async function heapOf(folder, pid) {
  const socket = connect(join(folder, String(pid)));
  return Number(await text(socket)) / 1024 / 1024;
}

/** The sessions that the metrics of a server count. */
export async function sessionsOf({ metrics }) {
  const scraped = await (await fetch(metrics)).text();
  const counts = [...scraped.matchAll(/^openapi_mcp_sessions_open\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
