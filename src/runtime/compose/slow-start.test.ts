import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { openTarget } from '../../cli/targets/open-target.ts';
import { connect } from '../../client/index.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import { callContext } from '../call-context.ts';
import type { ListChange, Provider } from '../provider.ts';
import { serveHttp } from '../serve/http/node-http.ts';
import { createServer } from '../server.ts';
import { fromClientConfig } from './client-config.ts';
import { fromMcp } from './remote.ts';

const SERVER = fileURLToPath(new URL('./fixtures/gated-server.mjs', import.meta.url));
const CHILD = fileURLToPath(new URL('./fixtures/child-server.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slow-start-'));

// All of it waits for processes most of the time, so the tests run at the same time, and end together.
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  await Promise.all(cleanups.reverse().map((cleanup) => cleanup()));
  rmSync(folder, { recursive: true });
});

let gates = 0;

/** A server to start, which does not answer until the gate is opened. */
function slowServer(server = 'child-server.mjs') {
  const gate = join(folder, `gate-${gates++}`);
  const open = () => writeFileSync(gate, '');
  // What is still waiting at the end must not wait for good.
  cleanups.push(open);
  return { open, target: { command: process.execPath, args: [SERVER], env: { GATE: gate, SERVER: server } } };
}

/** Its tools are there at once; those of the mount are not. */
function desk(mounted: Provider): Provider {
  const server = createServer({ name: 'desk', version: '1' });
  server.tool('hello', {}, () => 'at once');
  server.resource('desk://notes/{id}', { name: 'note' }, ({ id }) => `note ${id}`);
  server.mount('slow', mounted);
  // Takes as long as processes do.
  server.mount('other', fromMcp({ command: process.execPath, args: [CHILD] }));
  cleanups.push(() => server.close());
  return server;
}

const CLIENTS = [
  { mode: 'auto', version: '2026-07-28', http: false },
  { mode: 'legacy', version: '2025-11-25', http: false },
  { mode: 'auto', version: '2026-07-28', http: true },
  { mode: 'legacy', version: '2025-11-25', http: true },
] as const;

async function clientOf(provider: Provider, { mode, http }: { mode: 'auto' | 'legacy'; http: boolean }) {
  const changes: ListChange[] = [];
  const served = http ? await serveHttp(provider, { port: 0, onError: () => {} }) : undefined;
  const client = await connect(served?.url ?? { provider }, { mode, onChange: (change) => void changes.push(change) });
  cleanups.push(
    () => served?.close(),
    () => client.close(),
  );
  return { client, changes };
}

describe.concurrent.each(CLIENTS)(
  'a mounted server that is slow to start, for a client of $version (HTTP: $http)',
  (kind) => {
    test('delays no other calls, and its lists and calls arrive when it does', async ({ expect }) => {
      const { open, target } = slowServer(kind.http ? 'child-server-2025.mjs' : 'child-server.mjs');
      const { client, changes } = await clientOf(desk(fromMcp(target)), kind);
      expect(client.protocolVersion).toBe(kind.version);
      expect(client.capabilities).toMatchObject({ tools: {}, resources: {}, prompts: {}, completions: {} });

      const [tools, prompts, resources, echo, readme] = [
        client.listTools(),
        client.listPrompts(),
        client.listResources(),
        client.callTool('slow_echo', { text: 'hi' }),
        client.readResource('notes://slow.readme'),
      ];
      expect(await client.callTool('hello')).toMatchObject({ content: [{ text: 'at once' }] });
      expect(await client.readResource('desk://notes/7')).toMatchObject({ contents: [{ text: 'note 7' }] });
      open();

      expect((await tools).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['hello', 'slow_echo', 'slow_grow']),
      );
      expect((await prompts).map(({ name }) => name)).toEqual(['slow_greet', 'other_greet']);
      expect((await resources).map(({ uri }) => uri)).toEqual(['notes://slow.readme', 'notes://other.readme']);
      expect(await echo).toMatchObject({ content: [{ text: 'hi' }] });
      expect(await readme).toMatchObject({ contents: [{ text: 'Read me.' }] });
      // 2025 clients over HTTP have no stream for the notification.
      if (!kind.http || kind.mode === 'auto') await expect.poll(() => changes).toContain('resources');
    });
  },
);

test.concurrent.for([{ mode: 'auto' }, { mode: 'legacy' }] as const)(
  'a mounted server that takes longer than the limit comes with a change of the lists ($mode)',
  async ({ mode }, { expect }) => {
    const { open, target } = slowServer();
    const server = createServer({ name: 'desk', version: '1', listTimeoutMs: 50 });
    cleanups.push(() => server.close());
    server.mount('slow', fromMcp(target));
    const { client, changes } = await clientOf(server, { mode, http: false });
    expect(await client.listTools()).toEqual([]);
    await expect(client.callTool('slow_echo')).rejects.toThrow(
      'Unknown tool: slow_echo. "slow" is not available: no response within 50 ms.',
    );
    open();
    await expect
      .poll(() => [...new Set(changes)].toSorted(), { timeout: 5000 })
      .toEqual(['prompts', 'resources', 'tools']);
    expect((await client.listTools()).map(({ name }) => name)).toContain('slow_echo');
    expect(await client.listPrompts()).toHaveLength(1);
    expect(await client.listResources()).toHaveLength(1);
    expect(await client.callTool('slow_echo', { text: 'hi' })).toMatchObject({ content: [{ text: 'hi' }] });
  },
);

const toolsOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);

test.concurrent('a server of a client’s configuration is waited for', async () => {
  const { open, target } = slowServer();
  const provider = fromClientConfig({ mcpServers: { slow: target } });
  cleanups.push(() => provider.close());
  const [tools, echo] = [
    toolsOf(provider),
    provider.callTool({ name: 'slow_echo', arguments: { text: 'hi' } }, callContext()),
  ];
  open();
  expect(await tools).toContain('slow_echo');
  expect(await echo).toMatchObject({ content: [{ text: 'hi' }] });
});

describe.concurrent('a server of a config file', () => {
  const opened = async (server: object) => {
    const path = join(folder, `${gates}.openapi-mcp.config.json`);
    writeFileSync(path, JSON.stringify({ servers: { slow: server } }));
    const flags = withApiDefaults({});
    const options = { flags, given: {}, environment: {}, exec: true, purpose: 'serve', onError: () => {} } as const;
    const { provider } = await openTarget({ kind: 'config', path }, options);
    cleanups.push(() => provider.close());
    return provider;
  };

  test('is waited for', async () => {
    const { open, target } = slowServer();
    const provider = await opened(target);
    const [tools, prompts] = [toolsOf(provider), provider.listPrompts({})];
    open();
    expect(await tools).toContain('slow_echo');
    expect(await prompts).toHaveLength(1);
  });

  test('is waited for up to its timeout', async () => {
    const provider = await opened({ ...slowServer().target, timeout: 0.05 });
    expect(await toolsOf(provider)).toEqual([]);
    const call = provider.callTool({ name: 'slow_echo', arguments: {} }, callContext());
    await expect(call).rejects.toThrow('"slow" is not available: ');
  });
});
