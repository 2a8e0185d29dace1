import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Why tests with a real Redis are skipped; `undefined` if they run. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)';
if (noRedis !== undefined) process.stderr.write(`Skipped: ${noRedis}\n`);

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** SIGKILL; nothing is kept. */
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
  /** The process does nothing any more, and accepts connections all the same. */
  freeze(): void;
  thaw(): void;
}

/** A Redis of its own, on a free port, in memory. */
export async function testRedis({ password }: { readonly password?: string } = {}): Promise<TestRedis> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const own = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--daemonize',
      'no',
    ];
    const started = spawn('redis-server', [...own, ...(password === undefined ? [] : ['--requirepass', password])], {
      cwd: '/tmp',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      started.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server has ended: ${said}`)));
    });
  };
  await start();
  return {
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    port,
    start,
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
