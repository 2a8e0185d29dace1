import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { fixtureProvider } from '../provider.test.fixture.ts';
import { serveStdio } from './serve-stdio.ts';

const onError = () => {};
const line = (message: object) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const HELLO = line({
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
const READY = line({ method: 'notifications/initialized' });
const call = (id: number, name: string) =>
  line({ id, method: 'tools/call', params: { name, arguments: { text: 'hi' } } });

async function served(options: { drainMs?: number } = {}) {
  const provider = fixtureProvider();
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  let written = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const connection = await serveStdio(provider, { onError, stdin, stdout, ...options });
  const answers = () =>
    written
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text));
  return { provider, stdin, stdout, connection, answers };
}

describe('the end of stdin', () => {
  test('comes after the responses to everything sent before it', async () => {
    const { provider, stdin, connection, answers } = await served();
    stdin.end(HELLO + READY + call(1, 'slow') + call(2, 'echo'));
    await connection.closed;
    expect(answers().map(({ id }) => id)).toEqual([0, 2, 1]);
    expect(provider.seen.closed).toBe(true);
  });

  test.each([
    ['and both are valid', call(1, 'echo')],
    ['and one is refused', line({ id: 1, method: 'tools/list', params: [] })],
  ])('also waits for both of two requests with the same id, %s', async (_, other) => {
    const { stdin, connection, answers } = await served();
    stdin.end(HELLO + READY + call(1, 'slow') + other);
    await connection.closed;
    // A refusal does not wait for the handshake.
    expect(
      answers()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([0, 1, 1]);
  });

  test('waits for a call so long and no longer', async () => {
    const { provider, stdin, connection, answers } = await served({ drainMs: 50 });
    stdin.end(HELLO + READY + call(1, 'hang'));
    await connection.closed;
    expect(answers().map(({ id }) => id)).toEqual([0]);
    expect(provider.hanging).toEqual({ started: 1, aborted: 1 });
  });

  test('does not wait for a call that was cancelled', async () => {
    const { stdin, connection } = await served({ drainMs: 60_000 });
    const cancel = line({ method: 'notifications/cancelled', params: { requestId: 1 } });
    stdin.end(HELLO + READY + call(1, 'hang') + cancel);
    await connection.closed;
  });
});

test('closing also finishes the calls in flight', async () => {
  const { provider, stdin, connection, answers } = await served();
  stdin.write(HELLO + READY + call(1, 'slow'));
  await expect.poll(() => provider.seen.callers.length).toBe(1);
  await connection.close();
  expect(answers().map(({ id }) => id)).toEqual([0, 1]);
  expect(provider.seen.closed).toBe(true);
});

test('a client that no longer reads ends the connection', async () => {
  const { provider, stdin, stdout, connection } = await served();
  stdin.write(HELLO + READY);
  stdout.destroy(new Error('EPIPE'));
  await connection.closed;
  expect(provider.seen.closed).toBe(true);
});

test('a line that is not a message is reported, and the next one handled', async () => {
  const errors: Error[] = [];
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const connection = await serveStdio(fixtureProvider(), { onError: (error) => errors.push(error), stdin, stdout });
  stdin.end(`{"neither":"request"}\n${HELLO}`);
  await connection.closed;
  expect(String(stdout.read())).toContain('"id":0');
  expect(errors).not.toEqual([]);
});

test.each([
  ['params', []],
  ['params', 'text'],
  ['params', { _meta: null }],
  ['params', { _meta: { progressToken: {} } }],
  ['jsonrpc', '1.0'],
  ['other', 1],
])('a request whose %s is %j is refused, so that its client does not wait', async (key, value) => {
  const { stdin, connection, answers } = await served();
  stdin.end(HELLO + READY + line({ id: 'wrong', method: 'tools/list', [key]: value }) + call(1, 'echo'));
  await connection.closed;
  const refused = answers().filter(({ id }) => id === 'wrong');
  expect(refused).toEqual([{ jsonrpc: '2.0', id: 'wrong', error: { code: -32600, message: expect.any(String) } }]);
  expect(answers().map(({ id }) => id)).toContain(1);
});
