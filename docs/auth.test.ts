import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { CONFIG } from '../src/config/config-spec.ts';
import { readValue } from '../src/config/read-value.ts';
import { startBrowser } from '../src/identity-provider.test.fixture.ts';
import { startTokenIssuer } from '../src/runtime/serve/auth/token-issuer.test.fixture.ts';
import {
  connectDocument,
  connectWorld,
  consent,
  PAGES_CLIENT,
  PARTY_CLIENT,
} from '../src/security/connect.test.fixture.ts';
import { callAs } from '../src/security/on-behalf.test.fixture.ts';

const page = readFileSync(new URL('auth.md', import.meta.url), 'utf8');
const files = [...page.matchAll(/<!-- file ([\w.-]+) -->\n\n```yaml\n([\s\S]*?)```/g)];

describe('the config files on the page', () => {
  test.each(files.map(([, name = '', text = '']) => [name, text]))('%s is valid', (_, text) => {
    const variables = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'x'.repeat(40)]));
    const { mistakes } = readValue(parse(text), CONFIG, { variables, pathOf: (named) => `/desk/${named}` });
    expect(mistakes).toEqual([]);
  });

  test('are six', () => expect(files).toHaveLength(6));
});

describe('examples/auth.ts', async () => {
  // The audience is the URL of the server, which picks its own port.
  const issuer = await startTokenIssuer({ audience: '' });
  vi.stubEnv('ISSUER', issuer.issuer);
  vi.stubEnv('CI_KEY', 'key-of-ci-0123456789');
  const { running } = await import('./examples/auth.ts');
  afterAll(async () => {
    await running.close();
    await issuer.close();
  });

  const request = async (token: string, method: string, params: object = {}) => {
    const response = await fetch(running.url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return { status: response.status, text: await response.text() };
  };
  const whoami = { name: 'whoami', arguments: {} };

  test('accepts users of the provider, with their scopes, and keys', async () => {
    const user = await issuer.token({ aud: running.url, scope: 'shop:read' });
    const { text } = await request(user, 'tools/call', whoami);
    expect(text).toContain(`${issuer.issuer} ada`);
    expect((await request('key-of-ci-0123456789', 'tools/call', whoami)).text).toContain('static-keys ci');
    expect((await request(user, 'tools/list')).text).not.toContain('shop_addPet');
    const call = { name: 'shop_addPet', arguments: { name: 'Rex' } };
    expect((await request(user, 'tools/call', call)).status).toBe(403);
    const other = await issuer.token({ aud: running.url, scope: 'other' });
    expect((await request(other, 'tools/list')).status).toBe(403);
  });
});

describe('examples/on-behalf.ts', async () => {
  const issuer = await startTokenIssuer({ audience: '' });
  const seen: unknown[] = [];
  const api = createServer((request, response) => {
    seen.push(request.headers['x-shop-key']);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('ISSUER', issuer.issuer);
  vi.stubEnv('PET_SHOP_URL', `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  const { running } = await import('./examples/on-behalf.ts');
  afterAll(async () => {
    await running.close();
    await issuer.close();
    api.close();
  });

  test('sends the key that the caller has saved, and none for others', async () => {
    const call = { name: 'addPet', args: { name: 'Rex', species: 'dog' } };
    const ada = await callAs(await issuer.token({ aud: running.url, sub: 'ada' }), running.url, call);
    expect(ada).toMatchObject({ status: 200, isError: false });
    const bob = await callAs(await issuer.token({ aud: running.url, sub: 'bob' }), running.url, call);
    expect(bob.text).toContain('There is no credential for "shop_key" of this caller.');
    expect(seen).toEqual(['key-of-ada']);
  });
});

describe('examples/connect.ts', async () => {
  const closers: (() => Promise<unknown>)[] = [];
  const world = await connectWorld((close) => closers.push(close));
  const folder = mkdtempSync(join(tmpdir(), 'connect-example-'));
  writeFileSync(join(folder, 'notes.json'), JSON.stringify(connectDocument(world)));
  vi.stubEnv('ISSUER', world.identity.issuer);
  vi.stubEnv('NOTES_DOCUMENT', join(folder, 'notes.json'));
  vi.stubEnv('TOKENS', join(folder, 'tokens'));
  vi.stubEnv('NOTES_SECRET', PARTY_CLIENT.clientSecret);
  vi.stubEnv('PAGES_SECRET', PAGES_CLIENT.clientSecret);
  vi.stubEnv('PORT', String(world.port));
  const { running } = await import('./examples/connect.ts');
  afterAll(async () => {
    await running.close();
    for (const close of closers) await close();
    rmSync(folder, { recursive: true });
  });

  test('calls with the account that the caller has connected', async () => {
    const token = await world.tokenOf('ada');
    const call = { name: 'getNote', args: { id: '1' } };
    const { text } = await callAs(token, running.url, call);
    const link = /http:\S+\/connect\?ticket=\S+/.exec(text)?.[0] ?? '';
    await consent(startBrowser(), link, { login: 'ada', account: 'ada-at-notes' });
    expect(await callAs(token, running.url, call)).toMatchObject({ isError: false });
    expect(await world.owners()).toEqual(['ada-at-notes']);
  });
});
