import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConnectOptions, connect, type McpClient } from '../../client/index.ts';
import type { ListChange } from '../provider.ts';
import { createServer } from '../server.ts';
import { fromMcp } from './remote.ts';

const CHILDREN = { '2026-07-28': 'child-server.mjs', '2025-11-25': 'child-server-2025.mjs' } as const;
const MODES = ['auto', 'legacy'] as const;

describe.each(Object.entries(CHILDREN))('a mounted server of %s', (_, file) => {
  const script = fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url));
  const server = createServer({ name: 'desk', version: '1' });
  server.mount('child', fromMcp({ command: process.execPath, args: [script] }));
  server.tool('ask', {}, async (_, { elicit }) => {
    await elicit({ message: 'Sure?', requestedSchema: { type: 'object', properties: {} } });
    return 'asked';
  });
  const clients: McpClient[] = [];
  const client = async (options: ConnectOptions) => {
    const one = await connect({ provider: server }, options);
    clients.push(one);
    return one;
  };
  // Started once for all of the tests.
  beforeAll(() => server.listTools({}));
  afterAll(async () => {
    await Promise.all(clients.map((one) => one.close()));
    await server.close();
  });

  test.each(MODES)('sends the client the log levels that it requested (%s)', async (mode) => {
    const heard: unknown[] = [];
    const one = await client({ mode, logLevel: 'info', onLog: (level, data) => heard.push([level, data]) });
    await one.callTool('child_log');
    expect(heard).toEqual(['info', 'error'].map((level) => [level, `${level} of the child`]));
  });

  test.each(MODES)('sends three quick updates of progress, and three arrive (%s)', async (mode) => {
    const heard: number[] = [];
    const one = await client({ mode });
    await one.callTool('child_count', {}, { onProgress: ({ progress }) => heard.push(progress) });
    expect(heard).toEqual([1, 2, 3]);
  });

  test('that has to ask a client which cannot be asked: -32021, or before 2026 a failed result', async () => {
    const [modern, legacy] = [await client({ mode: 'auto' }), await client({ mode: 'legacy' })];
    const missing = (capability: object) => ({ code: -32021, data: { requiredCapabilities: capability } });
    for (const name of ['ask', 'child_ask']) {
      await expect(modern.callTool(name)).rejects.toMatchObject(missing({ elicitation: { form: {} } }));
      expect(await legacy.callTool(name)).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/does not support/) }],
      });
    }
    await expect(modern.callTool('child_sample')).rejects.toMatchObject(missing({ sampling: {} }));
  });

  test('changes its lists: clients of both eras are notified', async () => {
    const changes: [string, ListChange][] = [];
    const [modern] = await Promise.all(
      MODES.map((mode) => client({ mode, onChange: (change) => changes.push([mode, change]) })),
    );
    await modern?.callTool('child_grow');
    await expect.poll(() => changes.toSorted()).toEqual(MODES.map((mode) => [mode, 'tools']));
    expect((await modern?.listTools())?.map(({ name }) => name)).toContain('child_grown');
  });
});
