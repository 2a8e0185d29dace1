import { afterEach, expect, test } from 'vitest';
import { startBrowser } from '../identity-provider.test.fixture.ts';
import { connectedClient, connectWorld, consent, serveWorld } from './connect.test.fixture.ts';

// Each caller connects an account at a third party, on a page of this server: §5 of the engineering of on-behalf calls.

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function world(options: Parameters<typeof serveWorld>[1] = {}) {
  const around = await connectWorld((close) => cleanups.push(close));
  const { server, errors } = await serveWorld(around, options);
  cleanups.push(() => server.close());
  return { ...around, errors };
}

const CALL = { name: 'getNote', arguments: { id: '1' } };

test('a client of 2026-07-28 opens the link, and the call goes on', async () => {
  const { owners, ...around } = await world();
  const { client, asked } = await connectedClient(around, {
    mode: 'auto',
    login: 'ada',
    async opens(url) {
      const page = await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
      expect(await page.text()).toContain('Your account is connected');
      return 'accept';
    },
  });
  cleanups.push(() => client.close());
  const result = await client.callTool(CALL);
  expect(result).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
  expect(asked).toHaveLength(1);
});

test('a client of 2025-11-25 gets the link as an error, and calls again', async () => {
  const { owners, ...around } = await world();
  const { client } = await connectedClient(around, { mode: 'legacy', login: 'ada', opens: async () => 'accept' });
  cleanups.push(() => client.close());
  const error = await client.callTool(CALL).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: -32042 });
  const [{ url, elicitationId, mode }] = error.data.elicitations;
  expect({ mode, elicitationId }).toEqual({ mode: 'url', elicitationId: expect.any(String) });
  await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
});

test.each(['legacy', 'auto'] as const)('a client (%s) that cannot open links shows one in the result', async (mode) => {
  const { owners, ...around } = await world();
  const { client } = await connectedClient(around, { mode, login: 'ada' });
  cleanups.push(() => client.close());
  const result = await client.callTool(CALL);
  expect(result.isError).toBe(true);
  const { text } = (result.content as { text: string }[])[0] ?? { text: '' };
  const url = /http:\S+\/connect\?ticket=\S+/.exec(text)?.[0] ?? '';
  await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
});
