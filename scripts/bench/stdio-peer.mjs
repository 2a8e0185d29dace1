// A minimal client: one JSON text per line to a process and back, so that only the server is measured.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Starts `node <args>` with additional variables. `request` resolves with the `result` of a response. */
export function startPeer(args, environment) {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const waiting = new Map();
  let id = 0;
  let rest = [];
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      const message = JSON.parse(Buffer.concat(rest).toString('utf8'));
      rest = [];
      start = end + 1;
      settle(message);
    }
    rest.push(chunk.subarray(start));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${args.join(' ')} ended with ${code}:\n${errors}`));
  });

  function settle({ id: answered, result, error }) {
    const request = waiting.get(answered);
    waiting.delete(answered);
    if (error) request?.reject(new Error(JSON.stringify(error)));
    else request?.resolve(result);
  }
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method, params) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { resolve, reject });
      send({ id, method, params });
    });

  return {
    pid: child.pid,
    request,
    async initialize() {
      const clientInfo = { name: 'bench', version: '1.0.0' };
      await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      send({ method: 'notifications/initialized' });
    },
    /** Peak memory of the process, in bytes; `undefined` if the system does not report it (only Linux does). */
    peakMemory() {
      try {
        const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
        return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
      } catch {
        return undefined;
      }
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      const timer = setTimeout(() => child.kill(), 3_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
