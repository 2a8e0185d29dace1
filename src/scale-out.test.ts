import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endedAlone, fromRoot, type Started, start } from './cli/started.test.fixture.ts';
import type { Loopback } from './loopback.test.fixture.ts';
import { noRedis, type TestRedis, testRedis } from './redis/redis.test.fixture.ts';
import {
  API_KEY,
  type Balancer,
  CALLERS,
  type Cluster,
  type Era,
  freePort,
  keyOf,
  markApi,
  markClient,
  markServer,
  roundRobin,
  STORE_KEY,
  type TestClient,
  textOf,
} from './scale-out.test.fixture.ts';

// Real processes of one server, a real Redis, and a balancer that sends each request to the next process.

const CALLS = 100;
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

describe.skipIf(noRedis !== undefined)('two processes that share a Redis', () => {
  let redis: TestRedis;
  let api: Loopback & { readonly removed: readonly string[] };
  let server: Cluster;
  let ports: readonly [number, number];
  let processes: [Started, Started];
  let balancer: Balancer;
  /** Everything that was sent to Redis. */
  let monitor: ReturnType<typeof createClient>;
  let sent = '';

  beforeAll(async () => {
    redis = await testRedis({ password: 'password-of-redis' });
    monitor = createClient({ url: redis.url, RESP: 2 });
    monitor.on('error', () => {});
    await monitor.connect();
    await monitor.monitor((line) => {
      sent += `${line}\n`;
    });
    api = await markApi();
    server = markServer(api.url, { store: redis.url });
    ports = [await freePort(), await freePort()];
    processes = [await server.start(ports[0]), await server.start(ports[1])];
    balancer = await roundRobin(ports);
  });
  afterAll(async () => {
    for (const each of processes ?? []) each.kill('SIGKILL');
    await balancer?.close();
    await api?.close();
    monitor?.destroy();
    await redis?.stop();
    server?.close();
  });

  const urlOf = (index: 0 | 1) => `http://127.0.0.1:${ports[index]}/mcp`;
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { ...HEADERS, Authorization: `Bearer ${keyOf(0)}`, ...headers },
      body: JSON.stringify(body),
    });
  /** A new session at one process. */
  async function sessionAt(index: 0 | 1): Promise<string> {
    const response = await post(urlOf(index), INITIALIZE);
    await response.text();
    return response.headers.get('mcp-session-id') ?? '';
  }

  test(`${CALLERS * CALLS} calls of ${CALLERS} callers, while one process is killed: only what was promised is lost`, {
    timeout: 90_000,
  }, async () => {
    const killedOwner = (await sessionAt(0)).split('.')[0];
    expect(killedOwner).toMatch(/^[\w-]{8}$/);
    let done = 0;
    let killedAt = Number.POSITIVE_INFINITY;
    let endedAt = Number.POSITIVE_INFINITY;
    let reachHalf = () => {};
    const halfDone = new Promise<void>((resolve) => {
      reachHalf = resolve;
    });
    const asked: string[] = [];
    const unexpected: string[] = [];
    const lost = { inFlight: 0, sessions: 0 };

    const isAtKilled = ({ session }: TestClient) => session()?.startsWith(`${killedOwner}.`) ?? false;

    async function runCaller(caller: number): Promise<void> {
      const era: Era = caller % 2 === 0 ? 'auto' : 'legacy';
      const elicits = caller % 5 !== 0;
      /** Connecting is several requests, which may be in flight too. */
      const open = async (attempts = 5): Promise<TestClient> => {
        try {
          return await markClient(balancer.url, { caller, era, elicits, asked: (message) => asked.push(message) });
        } catch (error) {
          if (attempts === 1) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
          return open(attempts - 1);
        }
      };
      let current: TestClient = await open();
      // Half of the sessions are at the process that is killed.
      for (let at = 0; at < 9 && era === 'legacy' && isAtKilled(current) !== (caller % 4 === 1); at++) {
        await current.client.close();
        current = await open();
      }
      const call = async (name: string, args: Record<string, unknown>) =>
        textOf(await current.client.callTool({ name, arguments: args }, { timeout: 5_000 }));

      /** One call, or two that belong together. Returns all that was answered. */
      async function step(index: number, mark: string): Promise<string> {
        if (index % 10 === 3) {
          const first = await call('remove', { mark });
          if (elicits) return first;
          const token = /\{"confirm":"([\w-]{16})"\}/.exec(first)?.[1];
          if (token === undefined) return `no token: ${first}`;
          return call('remove', { mark, confirm: token });
        }
        if (index % 10 === 6) {
          const cut = await call('big', { mark });
          const handle = /handle: "([\w-]+)"/.exec(cut)?.[1];
          if (handle === undefined) return `no handle: ${cut}`;
          return `${cut}\n${await call('read_result', { handle, from: 790, limit: 5 })}`;
        }
        return call('echo', { mark });
      }

      for (let index = 0; index < CALLS; index++) {
        const mark = `mark-${caller}-${index}-end`;
        const startedAt = performance.now();
        const session = current.session();
        try {
          const answer = await step(index, mark);
          const marks = new Set(answer.match(/mark-\d+-\d+-end/g));
          if (marks.size !== 1 || !marks.has(mark) || /no (?:token|handle):/.test(answer)) {
            unexpected.push(`${caller}.${index} got ${answer.slice(0, 300)}`);
          }
        } catch (error) {
          const text = String(error instanceof Error ? (error.cause ?? error.message) : error);
          const wasInFlight = startedAt <= endedAt && performance.now() >= killedAt;
          const isSessionLost = session?.startsWith(`${killedOwner}.`) && killedAt < Number.POSITIVE_INFINITY;
          if (!wasInFlight && !isSessionLost) unexpected.push(`${caller}.${index} (${era}) failed: ${text}`);
          lost[isSessionLost ? 'sessions' : 'inFlight'] += 1;
          await current.client.close().catch(() => {});
          current = await open();
        }
        done += 1;
        if (done === (CALLERS * CALLS) / 2) reachHalf();
      }
      await current.client.close().catch(() => {});
    }

    const started = performance.now();
    const all = Promise.all(Array.from({ length: CALLERS }, (_, caller) => runCaller(caller)));
    await halfDone;
    killedAt = performance.now();
    processes[0].kill('SIGKILL');
    await processes[0].ended;
    endedAt = performance.now();
    processes[0] = await server.start(ports[0]);
    await all;
    process.stderr.write(
      `${CALLERS * CALLS} calls in ${((performance.now() - started) / 1000).toFixed(1)} s; lost: ${JSON.stringify(lost)}; asked ${asked.length} times\n`,
    );
    expect(unexpected).toEqual([]);
    expect(done).toBe(CALLERS * CALLS);
    // Each caller at most once for its session, and for one call in flight.
    expect(lost.sessions).toBeGreaterThan(0);
    expect(lost.sessions).toBeLessThanOrEqual(CALLERS / 2);
    expect(lost.inFlight).toBeLessThanOrEqual(CALLERS);
    // Nothing was removed twice.
    expect(new Set(api.removed).size).toBe(api.removed.length);
    expect(asked.length).toBeGreaterThan(100);
    expect(processes.map((each) => each.stderr()).join('\n')).not.toMatch(/error|crash/i);
  });

  test('nothing that Redis gets contains a token, a credential, an argument or the key', async () => {
    const reader = createClient({ url: redis.url, RESP: 2 });
    await reader.connect();
    let stored = '';
    for await (const keys of reader.scanIterator()) {
      for (const key of [keys].flat()) {
        const type = await reader.type(key);
        const value =
          type === 'string'
            ? await reader.get(key)
            : type === 'hash'
              ? await reader.hGetAll(key)
              : await reader.zRange(key, 0, -1);
        stored += `${key} ${JSON.stringify(value)}\n`;
      }
    }
    reader.destroy();
    expect(stored).toContain('openapi-mcp:marks:result:');
    expect(sent).toContain('relay:');
    for (const text of [stored, sent]) {
      expect(text).not.toContain(API_KEY);
      expect(text).not.toContain(STORE_KEY);
      expect(text).not.toMatch(/key-of-caller|mark-\d|caller-\d/);
    }
  });

  describe('attacks', () => {
    test('the session of another caller is unknown at every process', async () => {
      const session = await sessionAt(0);
      for (const index of [0, 1] as const) {
        const stolen = await post(
          urlOf(index),
          { jsonrpc: '2.0', id: 2, method: 'tools/list' },
          {
            'Mcp-Session-Id': session,
            Authorization: `Bearer ${keyOf(1)}`,
          },
        );
        expect([stolen.status, await stolen.text()]).toEqual([404, expect.stringContaining('Unknown session')]);
      }
      const own = await post(urlOf(1), { jsonrpc: '2.0', id: 2, method: 'tools/list' }, { 'Mcp-Session-Id': session });
      expect([own.status, await own.text()]).toEqual([200, expect.stringContaining('"echo"')]);
    });

    test('a request without a token gets nowhere', async () => {
      const response = await post(
        urlOf(1),
        { jsonrpc: '2.0', id: 2, method: 'tools/list' },
        {
          'Mcp-Session-Id': await sessionAt(0),
          Authorization: '',
        },
      );
      expect(response.status).toBe(401);
    });

    test.each(['AAAAAAAA.1', '________.x', `${'a'.repeat(8)}.${'b'.repeat(4_000)}`, 'nothing', '*.x'])(
      'a forged id gets 404 at once: %.20s',
      async (session) => {
        const from = performance.now();
        const response = await post(
          urlOf(1),
          { jsonrpc: '2.0', id: 2, method: 'tools/list' },
          { 'Mcp-Session-Id': session },
        );
        expect(response.status).toBe(404);
        expect(performance.now() - from).toBeLessThan(500);
      },
    );

    test('the result of another caller cannot be read', async () => {
      const [ada, eve] = await Promise.all(
        [0, 2].map((caller) => markClient(balancer.url, { caller, era: 'auto', elicits: false })),
      );
      const cut = textOf(await ada?.client.callTool({ name: 'big', arguments: { mark: 'mark-0-0-end' } }));
      const handle = /handle: "([\w-]+)"/.exec(cut)?.[1];
      const read = (client = ada) => client?.client.callTool({ name: 'read_result', arguments: { handle, limit: 1 } });
      for (let at = 0; at < 2; at++) {
        expect(textOf(await read(eve))).toContain('No result is kept under this handle');
        expect(textOf(await read(ada))).toContain('mark-0-0-end');
      }
      await Promise.all([ada?.client.close(), eve?.client.close()]);
    });
  });

  describe('a session through the other process', () => {
    const streamOf = (session: string, index: 0 | 1, signal: AbortSignal | null = null) =>
      fetch(urlOf(index), {
        headers: { Accept: 'text/event-stream', Authorization: `Bearer ${keyOf(0)}`, 'Mcp-Session-Id': session },
        signal,
      });
    /** A session has one stream of its own: a second one is refused. */
    const isTaken = async (session: string) => {
      const clock = AbortSignal.timeout(300);
      return streamOf(session, 1, clock).then(
        ({ status }) => status === 409,
        () => false,
      );
    };

    test('the stream of a session is there while its client is, and the client can end the session', async () => {
      const session = await sessionAt(0);
      const client = new AbortController();
      const stream = streamOf(session, 1, client.signal).catch(() => {});
      await expect.poll(() => isTaken(session)).toBe(true);
      client.abort();
      await stream;
      await expect.poll(() => isTaken(session)).toBe(false);
      const headers = { Authorization: `Bearer ${keyOf(0)}`, 'Mcp-Session-Id': session };
      expect((await fetch(urlOf(1), { method: 'DELETE', headers })).status).toBe(200);
      const gone = await post(urlOf(0), { jsonrpc: '2.0', id: 2, method: 'tools/list' }, { 'Mcp-Session-Id': session });
      expect(gone.status).toBe(404);
    });

    test('a cancelled call ends at the process that makes it', async () => {
      const session = await sessionAt(0);
      const params = { name: 'slow', arguments: { mark: 'mark-0-9-end', ms: 60_000 } };
      const headers = { 'Mcp-Session-Id': session };
      const call = post(urlOf(1), { jsonrpc: '2.0', id: 7, method: 'tools/call', params }, headers);
      await expect.poll(() => api.requests.some(({ url }) => url.includes('mark-0-9-end'))).toBe(true);
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
      await (await post(urlOf(1), cancelled, headers)).text();
      const from = performance.now();
      await (await call).text();
      expect(performance.now() - from).toBeLessThan(1_000);
    });

    test('streams end when their process is killed', async () => {
      const session = await sessionAt(0);
      const client = new AbortController();
      const stream = streamOf(session, 1, client.signal).then(
        (response) => response.text(),
        () => {},
      );
      await expect.poll(() => isTaken(session)).toBe(true);
      const params = { name: 'slow', arguments: { mark: 'mark-0-8-end', ms: 60_000 } };
      const call = post(
        urlOf(1),
        { jsonrpc: '2.0', id: 3, method: 'tools/call', params },
        { 'Mcp-Session-Id': session },
      );
      await expect.poll(() => api.requests.some(({ url }) => url.includes('mark-0-8-end'))).toBe(true);
      const killed = performance.now();
      processes[0].kill('SIGKILL');
      await stream;
      expect(await (await call).text()).toContain('It is unknown whether the request was carried out');
      expect(performance.now() - killed).toBeLessThan(5_000);
      await processes[0].ended;
      processes[0] = await server.start(ports[0]);
    });
  });

  test('both are healthy and ready, whatever the Host', async () => {
    for (const index of [0, 1] as const) {
      const origin = new URL(urlOf(index)).origin;
      expect([(await fetch(`${origin}/healthz`)).status, (await fetch(`${origin}/readyz`)).status]).toEqual([200, 200]);
    }
  });

  test('Redis is killed and started again: errors within the bound, then everything works', {
    timeout: 60_000,
  }, async () => {
    const origin = new URL(urlOf(1)).origin;
    const session = await sessionAt(1);
    const asker = await markClient(urlOf(1), { caller: 4, era: 'auto', elicits: false });
    const cut = textOf(await asker.client.callTool({ name: 'big', arguments: { mark: 'mark-4-0-end' } }));
    const handle = /handle: "([\w-]+)"/.exec(cut)?.[1];
    const timed = async (work: () => Promise<unknown>) => {
      const from = performance.now();
      const result = await work();
      expect(performance.now() - from).toBeLessThan(3_000);
      return textOf(result);
    };
    const call = (name: string, args: Record<string, unknown>) =>
      timed(() => asker.client.callTool({ name, arguments: args }));
    const outcomes = async () => ({
      echo: (await call('echo', { mark: 'mark-4-1-end' })).includes('mark-4-1-end'),
      remove: await call('remove', { mark: 'mark-4-2-end' }),
      read: await call('read_result', { handle, limit: 1 }),
      big: await call('big', { mark: 'mark-4-3-end' }),
      own: (await post(urlOf(1), { jsonrpc: '2.0', id: 2, method: 'tools/list' }, { 'Mcp-Session-Id': session }))
        .status,
      elsewhere: (await post(urlOf(0), { jsonrpc: '2.0', id: 2, method: 'tools/list' }, { 'Mcp-Session-Id': session }))
        .status,
      health: (await fetch(`${origin}/healthz`)).status,
      ready: (await fetch(`${origin}/readyz`)).status,
    });
    const away = {
      echo: true,
      remove: expect.stringContaining('the store that the processes of this server share cannot be reached'),
      read: expect.stringContaining('the store that the processes of this server share cannot be reached'),
      big: expect.stringContaining('cannot be kept, because the store cannot be reached'),
      own: 200,
      elsewhere: 503,
      health: 200,
      ready: 503,
    };
    redis.freeze();
    // What was sent may arrive later.
    expect(await outcomes()).toEqual({ ...away, elsewhere: 502 });
    redis.thaw();
    await redis.stop();
    expect(await outcomes()).toEqual(away);
    await redis.start();
    await expect.poll(async () => (await fetch(`${origin}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    await expect.poll(async () => (await fetch(new URL('/readyz', urlOf(0)))).status, { timeout: 10_000 }).toBe(200);
    expect(await outcomes()).toMatchObject({
      echo: true,
      remove: expect.stringContaining('requires confirmation'),
      read: expect.stringContaining('No result is kept under this handle'),
      big: expect.stringContaining('is kept for a while'),
      own: 200,
      elsewhere: 200,
      ready: 200,
    });
    await asker.client.close();
  });

  test('SIGTERM: what is in flight is answered, then the process ends with 0', async () => {
    const call = { name: 'slow', arguments: { mark: 'mark-0-0-end', ms: 700 } };
    const before = api.requests.length;
    const session = await sessionAt(0);
    // At the other process, which waits for the one that ends.
    const relayed = post(
      urlOf(1),
      { jsonrpc: '2.0', id: 3, method: 'tools/call', params: call },
      { 'Mcp-Session-Id': session },
    );
    const own = post(
      urlOf(0),
      { jsonrpc: '2.0', id: 4, method: 'tools/call', params: call },
      { 'Mcp-Session-Id': session },
    );
    await expect.poll(() => api.requests.length - before).toBe(2);
    processes[0].kill('SIGTERM');
    const answers = await Promise.all([relayed, own].map(async (answer) => (await answer).text()));
    for (const answer of answers) expect(answer).toContain('mark-0-0-end');
    expect(await processes[0].ended).toMatchObject({ code: 0 });
    processes[0] = await server.start(ports[0]);
  });
});

describe('--workers 2, without Redis', () => {
  let api: Loopback & { readonly removed: readonly string[] };
  let server: Cluster;
  let running: Started;
  let url = '';
  beforeAll(async () => {
    api = await markApi();
    server = markServer(api.url, {});
    running = await server.start(0, ['--workers', '2']);
    url = /Serving (\S+) with 2 workers/.exec(running.stderr())?.[1] ?? '';
  });
  afterAll(async () => {
    running?.kill('SIGKILL');
    await api?.close();
    server?.close();
  });
  /** `fetch` reuses connections, and a connection belongs to one worker. */
  const fresh = { Connection: 'close' };
  const post = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...HEADERS, ...fresh, Authorization: `Bearer ${keyOf(0)}`, ...headers },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      text: await response.text(),
      session: response.headers.get('mcp-session-id') ?? '',
    };
  };
  const workers = () =>
    execFileSync('pgrep', ['-P', String(running.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);

  test('sessions, confirmations and results work, whichever worker responds', { timeout: 30_000 }, async () => {
    const owners = new Set<string>();
    const sessions: string[] = [];
    for (let at = 0; at < 6; at++) {
      const { session } = await post(INITIALIZE);
      sessions.push(session);
      owners.add(session.split('.')[0] ?? '');
    }
    expect(owners.size).toBe(2);
    for (const session of sessions) {
      const responses = await Promise.all(
        [1, 2, 3].map((id) => post({ jsonrpc: '2.0', id, method: 'tools/list' }, { 'Mcp-Session-Id': session })),
      );
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    for (const [caller, era] of [
      [1, 'legacy'],
      [2, 'auto'],
    ] as const) {
      const { client } = await markClient(url, { caller, era, elicits: true });
      for (let at = 0; at < 6; at++) {
        const mark = `mark-${caller}-${at}-end`;
        expect(textOf(await client.callTool({ name: 'remove', arguments: { mark } }))).toContain(mark);
        const cut = textOf(await client.callTool({ name: 'big', arguments: { mark } }));
        const handle = /handle: "([\w-]+)"/.exec(cut)?.[1];
        const read = textOf(await client.callTool({ name: 'read_result', arguments: { handle, from: 790 } }));
        expect(read).toContain(mark);
      }
      await client.close();
    }
    for (const path of ['/healthz', '/readyz']) expect((await fetch(new URL(path, url))).status).toBe(200);
  });

  test('a worker that is killed is replaced, and its sessions are lost', { timeout: 30_000 }, async () => {
    const before = workers();
    expect(before).toHaveLength(2);
    process.kill(before[0] ?? 0, 'SIGKILL');
    await running.said('another one starts in 0.1 s');
    await expect.poll(() => workers().filter((pid) => !before.includes(pid)), { timeout: 10_000 }).toHaveLength(1);
    const owners = new Set<string>();
    await expect
      .poll(
        async () => {
          const { status, session } = await post(INITIALIZE);
          if (status === 200) owners.add(session.split('.')[0] ?? '');
          return owners.size;
        },
        { timeout: 10_000 },
      )
      .toBe(2);
  });

  test('SIGTERM: calls in flight are answered, and all end with 0', { timeout: 30_000 }, async () => {
    const call = { name: 'slow', arguments: { mark: 'mark-0-0-end', ms: 700 } };
    const { session } = await post(INITIALIZE);
    const calls = [1, 2, 3, 4].map((id) =>
      post({ jsonrpc: '2.0', id, method: 'tools/call', params: call }, { 'Mcp-Session-Id': session }),
    );
    await expect.poll(() => api.requests.filter(({ url: path }) => path.startsWith('/slow')).length).toBe(4);
    const pids = workers();
    running.kill('SIGTERM');
    for (const { text } of await Promise.all(calls)) expect(text).toContain('mark-0-0-end');
    expect(await running.ended).toMatchObject({ code: 0 });
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  });

  test('a port in use ends all, and is reported once', { timeout: 30_000 }, async () => {
    const taken = await roundRobin([1]);
    const { port } = new URL(taken.url);
    const { code, stderr } = await endedAlone(
      ['run', join(server.folder, 'openapi-mcp.config.json'), '--port', port, '--no-cache', '--workers', '3'],
      { env: { HOME: server.folder, API_KEY_KEY: API_KEY } },
    );
    await taken.close();
    expect([code, stderr.match(/is in use/g)?.length]).toEqual([3, 1]);
  });
});

describe('a store that cannot be used', () => {
  const petstore = fromRoot('test-specs/petstore.yaml');
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    endedAlone(['run', petstore, '--mock', '--transport', 'http', '--port', '0', '--no-cache', ...args], { env });

  test.each<[string, readonly string[], Record<string, string>, number, RegExp]>([
    [
      'not there',
      ['--store', 'redis://user:hidden-password@127.0.0.1:1'],
      {},
      3,
      /Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached: connect ECONNREFUSED/,
    ],
    [
      'not a Redis',
      ['--store', 'https://user:hidden-password@127.0.0.1'],
      {},
      2,
      /The URL of the store starts with https:/,
    ],
    ['not a URL', ['--store', 'hidden-password'], {}, 2, /The URL of the store is not a URL/],
    ['over stdio', ['--store', 'redis://a', '--transport', 'stdio'], {}, 2, /--store has no effect over stdio/],
  ])('%s', async (_, args, env, code, message) => {
    const from = performance.now();
    const ended = await run(args, env);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(message)]);
    expect(ended.stderr + ended.stdout).not.toContain('hidden-password');
    expect(performance.now() - from).toBeLessThan(9_000);
    const json = await run([...args, '--json'], env);
    expect(json.stderr + json.stdout).not.toContain('hidden-password');
  });

  test('a Redis that does not respond ends the start after five seconds', { timeout: 30_000 }, async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const from = performance.now();
    const { code, stderr } = await run(['--store', `redis://127.0.0.1:${port}`]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('no response within 5 s')]);
    expect(performance.now() - from).toBeLessThan(9_000);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test.skipIf(noRedis !== undefined)(
    'with a wrong password, a short key or another key',
    { timeout: 60_000 },
    async () => {
      const redis = await testRedis({ password: 'right-password' });
      try {
        const wrong = await run(['--store', redis.url.replace('right', 'wrong')]);
        expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('refuses the user or the password')]);
        expect(wrong.stderr).not.toContain('wrong-password');
        const short = await run(['--store', redis.url], { OPENAPI_MCP_STORE_KEY: 'short-key' });
        expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('at least 32 characters')]);
        expect(short.stderr).not.toContain('short-key');
        const none = await run(['--store', redis.url], { OPENAPI_MCP_TOKEN: 'token-of-all-callers' });
        expect([none.code, none.stderr]).toEqual([4, expect.stringContaining('Set OPENAPI_MCP_STORE_KEY')]);
        const args = [
          'run',
          petstore,
          '--mock',
          '--transport',
          'http',
          '--port',
          '0',
          '--no-cache',
          '--store',
          redis.url,
        ];
        const first = start(args, { env: { OPENAPI_MCP_STORE_KEY: STORE_KEY } });
        await first.said('Serving http');
        const other = await run(['--store', redis.url], { OPENAPI_MCP_STORE_KEY: `${STORE_KEY} of another` });
        expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('uses another key')]);
        const elsewhere = start([...args, '--store-name', 'other'], {
          env: { OPENAPI_MCP_STORE_KEY: `${STORE_KEY} of another` },
        });
        await elsewhere.said('Serving http');
        for (const started of [first, elsewhere]) started.kill('SIGTERM');
        await Promise.all([first.ended, elsewhere.ended]);
      } finally {
        await redis.stop();
      }
    },
  );
});
