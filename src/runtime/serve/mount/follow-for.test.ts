import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { McpServer as FirstServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { mountV1 } from '../../../adapters/mount-v1.ts';
import type { Provider } from '../../provider.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';
import { mountInto } from './mount-into.ts';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

function counted() {
  const provider = fixtureProvider();
  const listeners = { count: 0 };
  const onChange: Provider['onChange'] = (listener) => {
    const stop = provider.onChange(listener);
    listeners.count++;
    return () => {
      listeners.count--;
      stop();
    };
  };
  return { provider: { ...provider, onChange }, listeners };
}

const INFO = { name: 'main', version: '1' };

test.each<[string, (provider: Provider) => Promise<{ server: object; unmount(): void }>]>([
  [
    'mountInto',
    async (provider) => {
      const server = new McpServer(INFO);
      return { server, ...(await mountInto(server, provider)) };
    },
  ],
  [
    'mountV1',
    async (provider) => {
      const server = new FirstServer(INFO);
      return { server, ...(await mountV1(server, provider)) };
    },
  ],
])('%s: a provider forgets servers that are gone, and no others', async (_name, mount) => {
  const { provider, listeners } = counted();
  const kept = await mount(provider);
  for (let request = 0; request < 20; request++) await mount(provider);
  expect(listeners.count).toBe(21);
  await expect
    .poll(
      () => {
        collectGarbage();
        return listeners.count;
      },
      { timeout: 15_000 },
    )
    .toBe(1);
  kept.unmount();
  expect(listeners.count).toBe(0);
});
