import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromMcp } from '../runtime/compose/remote.ts';
import { createServer } from '../runtime/server.ts';
import { type ConnectOptions, connect, type McpClient } from './index.ts';

// The reference server of the protocol's authors. It has its own licence and a hundred dependencies, so it is not a
// dependency of ours: the gate installs it into a separate folder, and passes the path.
const folder = process.env.EVERYTHING_SERVER;
const script = join(folder ?? '', 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
if (folder === undefined) {
  process.stderr.write('Not run: EVERYTHING_SERVER names no folder with @modelcontextprotocol/server-everything.\n');
} else if (!existsSync(script)) throw new Error(`EVERYTHING_SERVER: ${script} does not exist.`);

const command = { command: process.execPath, args: [script], stderr: 'ignore' } as const;

const logs: string[] = [];
const changes: string[] = [];
const options: ConnectOptions = {
  onLog: (level) => logs.push(level),
  logLevel: 'debug',
  onChange: (change) => changes.push(change),
  onElicit: async () => ({ action: 'accept', content: { name: 'Ada' } }),
  onSample: async () => ({ role: 'assistant', content: { type: 'text', text: 'A title' }, model: 'm-1' }),
};

/** The server connected to, and mounted in one of ours, for clients of both eras. */
const WAYS = {
  directly: () => connect(command, options),
  'mounted, asked by a client of 2026-07-28': () => mounted('auto'),
  'mounted, asked by a client of 2025-11-25': () => mounted('legacy'),
};

async function mounted(mode: 'auto' | 'legacy') {
  const server = createServer({ name: 'desk', version: '1' });
  server.mount('all', fromMcp(command));
  const client = await connect({ provider: server }, { ...options, mode });
  ends.push(() => server.close());
  return client;
}
const ends: (() => unknown)[] = [];

describe.skipIf(folder === undefined).each(Object.entries(WAYS))('the reference server %s', (way, open) => {
  const prefix = way === 'directly' ? '' : 'all_';
  let client: McpClient;
  beforeAll(async () => {
    logs.length = 0;
    changes.length = 0;
    client = await open();
    await client.listTools();
  });
  afterAll(async () => {
    await client.close();
    for (const end of ends.splice(0)) await end();
  });
  const call = (name: string, args = {}, more = {}) => client.callTool(prefix + name, args, more);
  const textOf = async (result: ReturnType<typeof call>) =>
    (await result).content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');

  test('speaks 2025-11-25', () => {
    if (way === 'directly') expect(client.protocolVersion).toBe('2025-11-25');
  });

  test('gives its lists', async () => {
    expect((await client.listTools()).map(({ name }) => name)).toContain(`${prefix}echo`);
    expect((await client.listPrompts()).length).toBeGreaterThan(2);
    expect((await client.listResources()).length).toBeGreaterThan(2);
    expect(await textOf(call('echo', { message: 'hi' }))).toContain('hi');
  });

  test('announces list changes after the handshake', async () => {
    await expect.poll(() => changes).toContain('tools');
    expect((await client.listTools()).map(({ name }) => name)).toContain(`${prefix}trigger-elicitation-request`);
  });

  test('logs', async () => {
    await call('toggle-simulated-logging');
    await expect.poll(() => logs.length).toBeGreaterThan(0);
    await call('toggle-simulated-logging');
  });

  test('reports progress, including three quick updates', async () => {
    const heard: number[] = [];
    const onProgress = ({ progress }: { progress: number }) => heard.push(progress);
    await call('trigger-long-running-operation', { duration: 0.003, steps: 3 }, { onProgress });
    expect(heard).toEqual([1, 2, 3]);
  });

  test('has the defaults of its form for missing fields', async () => {
    const text = await textOf(call('trigger-elicitation-request'));
    expect(text).toContain('- Name: Ada');
    expect(text).toContain('- Favorite Integer: 42');
    expect(text).toContain('- Favorite Number: 3.14');
  });

  test('has the client’s model write', async () => {
    expect(await textOf(call('trigger-sampling-request', { prompt: 'A title?', maxTokens: 20 }))).toContain('A title');
  });
});
