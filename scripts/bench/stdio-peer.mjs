// A minimal client: one JSON text per line to a process and back, so that only the server is measured.
import { spawn } from 'node:child_process';
import { memoryOf, processorTime } from './process-time.mjs';

/**
 * Starts `node <args>`, or another command, with additional variables. `request` resolves with the `result` of a
 * response, and rejects if there is none after `timeoutMs`.
 */
export function startPeer(args, environment, { command = process.execPath, env = process.env, timeoutMs } = {}) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env, ...environment },
  });
  // What is written to a process that has ended is reported by its end.
  child.stdin.on('error', () => {});
  const waiting = new Map();
  let id = 0;
  let rest = [];
  let errors = '';
  let arrivedAt;
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      arrivedAt = performance.now();
      rest.push(chunk.subarray(start, end));
      const line = Buffer.concat(rest).toString('utf8');
      rest = [];
      start = end + 1;
      // Some servers print other lines than messages.
      if (line.startsWith('{')) settle(JSON.parse(line));
    }
    rest.push(chunk.subarray(start));
  });
  let ended;
  const end = (how) => {
    ended = new Error(`${args.join(' ')} ${how}:\n${errors}`);
    for (const { reject } of waiting.values()) reject(ended);
  };
  child.on('error', ({ message }) => end(`cannot be started: ${message}`));
  child.on('exit', (code) => end(`ended with ${code}`));

  function settle({ id: answered, result, error }) {
    const request = waiting.get(answered);
    waiting.delete(answered);
    if (error) request?.reject(new Error(JSON.stringify(error)));
    else request?.resolve(result);
  }
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method, params) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      id += 1;
      waiting.set(id, { resolve, reject });
      send({ id, method, params });
      if (timeoutMs === undefined) return;
      const late = () => reject(new Error(`no response to ${method} within ${timeoutMs / 1000} s`));
      setTimeout(late, timeoutMs).unref();
    });

  return {
    pid: child.pid,
    request,
    async initialize() {
      const clientInfo = { name: 'bench', version: '1.0.0' };
      await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      send({ method: 'notifications/initialized' });
    },
    /** Peak memory of the process. */
    peakMemory: () => memoryOf(child.pid, 'VmHWM'),
    /** Resident memory of the process now. */
    memory: () => memoryOf(child.pid, 'VmRSS'),
    /** When the last line was complete, before it was decoded and parsed, by `performance.now()`. */
    arrivedAt: () => arrivedAt,
    /** Its processor time so far. */
    cpu: () => processorTime(child.pid),
    async stop() {
      if (ended) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await gone;
      clearTimeout(timer);
    },
  };
}
