import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.test.fixture.ts';
import type { Provider } from '../runtime/provider.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { ConnectError, ConnectionLost, type ConnectionState, type ConnectOptions, connect } from './index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const onError = () => {};
const QUICK = { firstDelayMs: 20, longestDelayMs: 100 };

describe('a command that dies', () => {
  async function start(options: ConnectOptions = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-client-'));
    const log = join(folder, 'calls');
    const args = [join(import.meta.dirname, 'fixtures', 'dying-server.mjs'), log];
    const states: ConnectionState['state'][] = [];
    const client = await connect(
      { command: process.execPath, args },
      { reconnect: QUICK, onState: ({ state }) => states.push(state), ...options },
    );
    cleanups.push(
      () => rmSync(folder, { recursive: true }),
      () => client.close(),
    );
    return { client, states, calls: () => readFileSync(log, 'utf8').trim().split('\n') };
  }

  test('fails the call in flight, which is not sent again; the next call restarts it', async () => {
    const { client, states, calls } = await start();
    const paying = client.callTool('pay');
    await expect(paying).rejects.toThrow(ConnectionLost);
    await expect(paying).rejects.toThrow(
      /^The connection to the command ".*" was lost during the tool "pay": .* The call may or may not have run, and was not sent again\.$/,
    );
    expect(await client.callTool('hello')).toMatchObject({ content: [{ text: 'hello' }] });
    expect(calls()).toEqual(['pay', 'hello']);
    expect(states).toEqual(['lost', 'restored']);
  });

  test('stays down without reconnect', async () => {
    const { client } = await start({ reconnect: false });
    await expect(client.callTool('pay')).rejects.toThrow(ConnectionLost);
    await expect(client.callTool('hello')).rejects.toThrow(/^The connection to the command ".*" was lost: /);
    expect(client.isConnected).toBe(false);
  });
});

/** A server over HTTP that can be taken away and put back at the same port. */
async function restartable() {
  const provider = fixtureProvider();
  const port = await freePort();
  let server = await serveHttp(provider, { port, token: 't', onError });
  cleanups.push(() => server.close());
  return {
    provider,
    url: server.url,
    stop: () => server.close(),
    start: async () => {
      server = await serveHttp(provider, { port, token: 't', onError });
    },
  };
}

describe.each(['auto', 'legacy'] as const)('a server over HTTP that is restarted (%s)', (mode) => {
  test('is called again once it is back, and the call waits for it', async () => {
    const { url, stop, start } = await restartable();
    const client = await connect({ url, headers: { Authorization: 'Bearer t' } }, { mode, reconnect: QUICK });
    cleanups.push(() => client.close());
    expect(await client.callTool('echo', { text: '1' })).toMatchObject({ content: [{ text: '1' }] });
    await stop();
    // Otherwise the call may go out over a connection whose end the client has not seen yet, and is then in doubt.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const calling = client.callTool('echo', { text: '2' });
    setTimeout(start, 100);
    expect(await calling).toMatchObject({ content: [{ text: '2' }] });
  });

  test('is given up after a while, until somebody asks', async () => {
    const { url, stop, start } = await restartable();
    const states: string[] = [];
    const client = await connect(
      { url, headers: { Authorization: 'Bearer t' } },
      { mode, reconnect: { ...QUICK, attempts: 2 }, onState: ({ state }) => states.push(state) },
    );
    cleanups.push(() => client.close());
    await stop();
    await expect(client.listTools()).rejects.toThrow(ConnectError);
    expect(states).toEqual(['lost', 'down']);
    await expect(client.listTools()).rejects.toThrow(/^Cannot connect to http:.*ECONNREFUSED/);
    await start();
    expect((await client.listTools()).length).toBeGreaterThan(0);
    expect(states).toEqual(['lost', 'down', 'restored']);
  });
});

test('a server of 2025 that has forgotten the session gets the request again', async () => {
  const program = join(import.meta.dirname, '..', 'runtime', 'compose', 'fixtures', 'child-server-2025.mjs');
  const begin = (port: string) =>
    new Promise<{ port: string; end: () => Promise<unknown> }>((resolve) => {
      const child = spawn(process.execPath, [program, port], { stdio: ['ignore', 'pipe', 'inherit'] });
      const gone = new Promise((ended) => child.on('close', ended));
      const end = () => {
        child.kill();
        return gone;
      };
      cleanups.push(end);
      child.stdout.once('data', (said) => resolve({ port: String(said).trim(), end }));
    });
  const first = await begin(String(await freePort()));
  const client = await connect(`http://127.0.0.1:${first.port}/mcp`, { reconnect: QUICK });
  cleanups.push(() => client.close());
  expect(await client.callTool('echo', { text: '1' })).toMatchObject({ content: [{ text: '1' }] });
  await first.end();
  await begin(first.port);
  expect(await client.callTool('echo', { text: '2' })).toMatchObject({ content: [{ text: '2' }] });
});

test('a stream of changes that ends is reopened, and possible changes are announced', async () => {
  const { url, provider, stop, start } = await restartable();
  const changes: string[] = [];
  const client = await connect(
    { url, headers: { Authorization: 'Bearer t' } },
    { reconnect: QUICK, onChange: (change) => changes.push(change) },
  );
  cleanups.push(() => client.close());
  await stop();
  await start();
  await expect.poll(() => changes).toEqual(['tools', 'resources', 'prompts']);
  provider.announce('tools');
  await expect.poll(() => changes).toEqual(['tools', 'resources', 'prompts', 'tools']);
});

test('arguments that cannot be sent do not count as a lost connection', async () => {
  const { url } = await restartable();
  const client = await connect({ url, headers: { Authorization: 'Bearer t' } });
  cleanups.push(() => client.close());
  const calling = client.callTool('echo', { text: 1n });
  await expect(calling).rejects.toThrow('BigInt');
  await expect(calling).rejects.not.toBeInstanceOf(ConnectError);
});

describe('a server that dies in a call over HTTP', () => {
  /** In front of a server that works: cuts the connection of every `tools/call`, having read it. */
  async function cutting(url: string, cut: (response: ServerResponse) => void) {
    const calls: string[] = [];
    const front: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        const body = Buffer.concat(chunks).toString();
        if (body.includes('"tools/call"')) {
          calls.push(body);
          cut(response);
          return;
        }
        const headers = passedOn(request, url);
        const { method = 'GET' } = request;
        const answer = await fetch(url, { method, headers, ...(body && { body }) });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
        response.end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      () => front.closeAllConnections(),
      () => front.close(),
    );
    return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/mcp`, calls };
  }

  const STREAM = { 'content-type': 'text/event-stream' };
  const cuts: Record<string, (response: ServerResponse) => void> = {
    'before its answer': (response) => response.destroy(),
    'behind a gateway': (response) => response.writeHead(503).end('try later'),
    'in its answer': (response) => response.writeHead(200, STREAM).write(': on it\n\n', () => response.destroy()),
    'after an empty answer': (response) => response.writeHead(200, STREAM).end(),
  };
  const cases = Object.keys(cuts).flatMap((when) => (['auto', 'legacy'] as const).map((mode) => ({ when, mode })));

  test.each(cases)('fails that call, and sends it once ($when, $mode)', async ({ when, mode }) => {
    const { url } = await restartable();
    const front = await cutting(url, (response) => cuts[when]?.(response));
    const client = await connect(
      { url: front.url, headers: { Authorization: 'Bearer t' } },
      { mode, reconnect: QUICK, timeoutMs: 3000 },
    );
    cleanups.push(() => client.close());
    await expect(client.callTool('echo', { text: 'x' })).rejects.toThrow(ConnectionLost);
    expect(front.calls.length).toBe(1);
    expect((await client.listTools()).length).toBeGreaterThan(0);
  });
});

test.each(['auto', 'legacy'] as const)(
  'whatever is cut and whenever, no call is done twice, and what succeeds was done once (%s)',
  async (mode) => {
    const done = new Map<string, number>();
    const provider: Provider = {
      ...fixtureProvider(),
      async callTool({ arguments: { text } }) {
        const key = String(text);
        done.set(key, (done.get(key) ?? 0) + 1);
        return { content: [{ type: 'text', text: key }] };
      },
    };
    const server = await serveHttp(provider, { port: 0, token: 't', onError });
    cleanups.push(() => server.close());
    const whims = randomWhims(mode === 'auto' ? 7 : 11);
    const front = await capricious(server.url, whims);
    const client = await connect(
      { url: front, headers: { Authorization: 'Bearer t' } },
      { mode, reconnect: { attempts: 50, firstDelayMs: 1, longestDelayMs: 5 }, timeoutMs: 5000 },
    );
    cleanups.push(() => client.close());
    whims.begin();
    const keys = Array.from({ length: 80 }, (_, index) => `call ${index}`);
    const lanes = [0, 1, 2, 3].map(async (lane) => {
      const outcomes: [key: string, ok: boolean][] = [];
      for (const key of keys.filter((_, index) => index % 4 === lane)) {
        const ok = await client.callTool('echo', { text: key }).then(
          () => true,
          (error: unknown) => {
            expect(error).toBeInstanceOf(ConnectError);
            return false;
          },
        );
        outcomes.push([key, ok]);
      }
      return outcomes;
    });
    const outcomes = (await Promise.all(lanes)).flat();
    for (const [key, ok] of outcomes) {
      if (ok) expect([key, done.get(key)]).toEqual([key, 1]);
      else expect(done.get(key) ?? 0).toBeLessThanOrEqual(1);
    }
    // Both kinds came about.
    expect(new Set(outcomes.map(([, ok]) => ok)).size).toBe(2);
  },
);

/** Headers for `fetch`, which counts the body itself. */
function passedOn({ headers }: IncomingMessage, url: string) {
  const { 'content-length': _, ...others } = headers as Record<string, string>;
  return { ...others, host: new URL(url).host };
}

type Whim = 'pass' | 'cut before' | 'cut after';

/** The same for the same seed; everything passes until it begins. */
function randomWhims(seed: number) {
  let [state, begun] = [seed, false];
  return {
    begin: () => {
      begun = true;
    },
    next(): Whim {
      // Numerical Recipes' linear congruential generator.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const draw = state / 2 ** 32;
      if (!begun || draw < 0.7) return 'pass';
      return draw < 0.85 ? 'cut before' : 'cut after';
    },
  };
}

/** In front of a server: cuts some connections, before or after what came over them was passed on. */
async function capricious(url: string, whims: { next(): Whim }): Promise<string> {
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const whim = whims.next();
    if (whim === 'cut before') return response.destroy();
    const { method = 'GET' } = request;
    const body = Buffer.concat(chunks);
    const headers = passedOn(request, url);
    const answer = await fetch(url, { method, headers, ...(body.length > 0 && { body }) });
    const text = await answer.text();
    if (whim === 'cut after') return response.destroy();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    return response.end(text);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () => front.closeAllConnections(),
    () => front.close(),
  );
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}/mcp`;
}
