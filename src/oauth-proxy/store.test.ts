import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IdentityProvider } from '../identity-provider.test.fixture.ts';
import { fileStore, memoryStore, type OAuthProxyStore } from './index.ts';
import { logIn, startProxy, startUpstream } from './proxy.test.fixture.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'oauth-proxy-'));
  folder = join(root, 'store');
});
afterEach(() => rmSync(root, { recursive: true }));

interface Bounds {
  readonly maxEntries?: number;
  readonly now?: () => number;
}

describe.each<[string, (bounds?: Bounds) => OAuthProxyStore]>([
  ['memory', (bounds) => memoryStore(bounds)],
  ['files', (bounds) => fileStore({ folder, ...bounds })],
])('a store in %s', (_, open) => {
  test('gives what was put, until its time is over', async () => {
    let now = 1_000_000;
    const store = open({ now: () => now });
    await store.put('grant:a', 'one\ntwo', 60);
    expect(await store.get('grant:a')).toBe('one\ntwo');
    await store.put('grant:a', 'three', 60);
    expect(await store.get('grant:a')).toBe('three');
    expect(await store.get('grant:b')).toBeUndefined();
    now += 60_000;
    expect(await store.get('grant:a')).toBeUndefined();
    expect(await store.take('grant:a')).toBeUndefined();
  });

  test('gives a value to one of many takers', async () => {
    const store = open();
    await store.put('code:a', 'value', 60);
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.take('code:a')));
    expect(taken.filter((value) => value !== undefined)).toEqual(['value']);
    expect(await store.get('code:a')).toBeUndefined();
  });

  test('deletes', async () => {
    const store = open();
    await store.put('code:a', 'value', 60);
    await store.delete('code:a');
    await store.delete('code:a');
    expect(await store.get('code:a')).toBeUndefined();
  });

  test('keeps a bounded number of each kind, and drops what is over first', async () => {
    let now = Date.now();
    const store = open({ maxEntries: 10, now: () => now });
    await store.put('grant:mine', 'kept', 1000);
    for (let index = 0; index < 10; index++) await store.put(`login:short${index}`, 'x', 1);
    now += 2000;
    for (let index = 0; index < 10; index++) await store.put(`login:long${index}`, 'x', 100);
    const left = await Promise.all(Array.from({ length: 10 }, (_, index) => store.get(`login:long${index}`)));
    expect(left.every((value) => value === 'x')).toBe(true);
    for (let index = 0; index < 100; index++) await store.put(`login:more${index}`, 'x', 100);
    const more = await Promise.all(Array.from({ length: 100 }, (_, index) => store.get(`login:more${index}`)));
    expect(more.filter((value) => value !== undefined).length).toBeLessThanOrEqual(10);
    expect(more.at(-1)).toBe('x');
    expect(await store.get('grant:mine')).toBe('kept');
  });
});

describe('row 44: a store in files', () => {
  let idp: IdentityProvider;
  beforeAll(async () => {
    idp = await startUpstream();
  });
  afterAll(() => idp.close());

  const paths = (kind: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name) => join(folder, name));

  test('is private, contains no token in clear text, and outlives a restart', async () => {
    const started = await startProxy(idp, { store: fileStore({ folder }) });
    const { accessToken, refreshToken, clientId } = await logIn(started);
    const upstream = await started.proxy.upstreamToken(await started.proxy.verify(accessToken));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = readdirSync(folder);
    expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(names.map(() => 0o600));
    const text = names.map((name) => name + readFileSync(join(folder, name), 'utf8')).join('\n');
    for (const secret of [upstream, refreshToken, accessToken, 'alice', clientId]) expect(text).not.toContain(secret);
    const { baseUrl, resource } = started;
    const restarted = await startProxy(idp, { store: fileStore({ folder }), baseUrl, resource });
    expect(await restarted.proxy.verify(accessToken)).toMatchObject({ subject: 'alice' });
  });

  test('that was copied is of no use without the secret', async () => {
    const started = await startProxy(idp, { store: fileStore({ folder }) });
    const { accessToken } = await logIn(started);
    const token = await started.proxy.verify(accessToken);
    const { baseUrl, resource } = started;
    const other = await startProxy(idp, {
      store: fileStore({ folder }),
      baseUrl,
      resource,
      secret: 'another passphrase of more than 32 characters',
    });
    await expect(other.proxy.upstreamToken(token)).rejects.toThrow('has ended');
    expect(other.errors.map(({ message }) => message).join()).toContain('written with another secret');
    // And with the secret, of another server.
    const foreign = await startProxy(idp, { store: fileStore({ folder }) });
    await expect(foreign.proxy.upstreamToken(token)).rejects.toThrow('has ended');
  });

  test('does not give the login of one user to another if their files are swapped', async () => {
    const started = await startProxy(idp, { store: fileStore({ folder }) });
    const alice = await logIn(started, { visit: { login: 'alice' } });
    const [first = ''] = paths('grant');
    const bob = await logIn(started, { visit: { login: 'bob' } });
    const second = paths('grant').find((path) => path !== first) ?? '';
    copyFileSync(first, second);
    const [theirs, ours] = [readFileSync(first, 'utf8'), readFileSync(second, 'utf8')];
    expect(ours).toBe(theirs);
    await expect(started.proxy.verify(bob.accessToken)).rejects.toThrow('has ended');
    // Also with the key in its first line corrected.
    await started.proxy.verify(alice.accessToken);
    writeFileSync(second, theirs.replace(/grant:\S+/, `grant:${await digestOf(started, bob.accessToken)}`));
    await expect(started.proxy.verify(bob.accessToken)).rejects.toThrow('has ended');
    expect(started.errors.map(({ message }) => message).join()).toContain('changed, moved');
  });

  test('that others can read is refused', async () => {
    const started = await startProxy(idp, { store: fileStore({ folder }) });
    const { accessToken, refreshToken, refresh } = await logIn(started);
    for (const path of paths('grant')) chmodSync(path, 0o644);
    await expect(started.proxy.verify(accessToken)).rejects.toMatchObject({
      name: 'VerifierUnavailableError',
      cause: { message: expect.stringContaining('is not private (mode 0644)') },
    });
    expect((await refresh(refreshToken)).status).toBe(503);
    for (const path of paths('grant')) chmodSync(path, 0o600);
    await started.proxy.verify(accessToken);
  });

  test('does not follow links, and its folder becomes private', async () => {
    mkdirSync(folder, { mode: 0o755 });
    const store = fileStore({ folder });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await store.put('grant:a', 'value', 60);
    const [path = ''] = paths('grant');
    copyFileSync(path, join(root, 'elsewhere'));
    rmSync(path);
    symlinkSync(join(root, 'elsewhere'), path);
    await expect(store.get('grant:a')).rejects.toThrow();
    symlinkSync(folder, join(root, 'link'));
    expect(() => fileStore({ folder: join(root, 'link') })).toThrow('is not a folder owned by this user');
  });
});

/** The key of the stored grant of an access token. */
async function digestOf({ proxy }: Awaited<ReturnType<typeof startProxy>>, token: string): Promise<string> {
  const { decodeJwt } = await import('jose');
  const { digestText: digest } = await import('../runtime/text/random-text.ts');
  expect(proxy.claims(token)).toBe(true);
  return digest(String(decodeJwt(token).sid));
}
