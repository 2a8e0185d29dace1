import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  memoryTokenStore,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
} from '../runtime/secrets/token-store.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { openTokenStore } from './open-token-store.ts';
import { tokenFolder } from './token-folder.ts';

const KEY = { issuer: 'https://issuer.test', audience: 'https://api.test', account: 'self' };
const OTHER = { ...KEY, account: 'caller' };
const RECORD: TokenRecord = {
  accessToken: 'access-secret',
  refreshToken: 'refresh-secret',
  issuedAt: 1,
  expiresAt: 2,
  scopes: ['a'],
  clientId: 'c',
  clientAuthentication: 'none',
  tokenEndpoint: 'https://issuer.test/token',
};

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tokens-'));
  folder = join(root, 'tokens');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const fileStore = (): TokenStore => openTokenStore({ folder, place: 'file' });
const recordFiles = () => readdirSync(folder).filter((name) => name.endsWith('.token.json'));
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof TokenStoreError && error.hint !== '' ? error.code : error),
  );

describe.each([
  ['memory', () => memoryTokenStore()],
  ['file', fileStore],
] as const)('a store in a %s', (_, open) => {
  test('keeps records by issuer, audience and account', async () => {
    const store = open();
    await store.update(KEY, async () => RECORD);
    await store.update(OTHER, async () => ({ ...RECORD, accessToken: 'other' }));
    expect(await store.get(KEY)).toEqual(RECORD);
    expect(await store.get({ ...KEY, audience: 'https://else.test' })).toBe(undefined);
    expect([...(await store.list())].sort((a, b) => (a.account < b.account ? -1 : 1))).toEqual([OTHER, KEY]);
    expect([await store.delete(KEY), await store.delete(KEY)]).toEqual([true, false]);
    expect(await store.list()).toEqual([OTHER]);
  });

  test('updates one at a time, each with the record of the one before', async () => {
    const store = open();
    const add = () => store.update(KEY, async (current) => ({ ...RECORD, issuedAt: (current?.issuedAt ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 20 }, add));
    expect((await store.get(KEY))?.issuedAt).toBe(20);
  });

  test('keeps the record if the change fails', async () => {
    const store = open();
    await store.update(KEY, async () => RECORD);
    const failed = store.update(KEY, () => Promise.reject(new Error('refused')));
    await expect(failed).rejects.toThrow('refused');
    expect(await store.get(KEY)).toEqual(RECORD);
    await store.update(KEY, async (current) => ({ ...RECORD, ...current, issuedAt: 7 }));
    expect((await store.get(KEY))?.issuedAt).toBe(7);
  });
});

describe('files', () => {
  test('are private, encrypted, and readable by another store with the same key', async () => {
    await fileStore().update(KEY, async () => RECORD);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/secret/);
    }
    expect(readdirSync(folder)).toHaveLength(2);
    expect(await fileStore().get(KEY)).toEqual(RECORD);
  });

  test('that others can read are refused, with the remedy', async () => {
    await fileStore().update(KEY, async () => RECORD);
    chmodSync(join(folder, recordFiles()[0] ?? ''), 0o644);
    await expect(fileStore().get(KEY)).rejects.toMatchObject({ hint: expect.stringContaining('chmod 600') });
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_FILE_NOT_PRIVATE');
    expect(recordFiles()).toHaveLength(1);
    chmodSync(join(folder, recordFiles()[0] ?? ''), 0o600);
    chmodSync(join(folder, 'encryption.key'), 0o644);
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_FILE_NOT_PRIVATE');
  });

  test('of another key are refused and kept', async () => {
    await fileStore().update(KEY, async () => RECORD);
    writeFileSync(join(folder, 'encryption.key'), Buffer.alloc(32, 1).toString('base64'));
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_KEY_WRONG');
    expect(await failureOf(fileStore().update(KEY, async () => RECORD))).toBe('TOKEN_KEY_WRONG');
    rmSync(join(folder, 'encryption.key'));
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_KEY_MISSING');
    writeFileSync(join(folder, 'encryption.key'), 'short', { mode: 0o600 });
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_KEY_WRONG');
    expect(recordFiles()).toHaveLength(1);
  });

  test('swapped between accounts are refused, also with a corrected envelope', async () => {
    const store = fileStore();
    await store.update(KEY, async () => RECORD);
    const [own = ''] = recordFiles();
    await store.update(OTHER, async () => ({ ...RECORD, accessToken: 'other' }));
    const other = recordFiles().find((name) => name !== own) ?? '';
    const stolen = readFileSync(join(folder, own), 'utf8');
    copyFileSync(join(folder, own), join(folder, other));
    expect(await failureOf(store.get(OTHER))).toBe('TOKEN_RECORD_DAMAGED');
    writeFileSync(join(folder, other), stolen.replace('"account":"self"', '"account":"caller"'));
    expect(await failureOf(store.get(OTHER))).toBe('TOKEN_RECORD_DAMAGED');
    expect(await store.get(KEY)).toEqual(RECORD);
  });

  test.each([
    [
      'a flipped bit',
      (text: string) => text.replace(/"data":"(.)/, (_, first) => `"data":"${first === 'A' ? 'B' : 'A'}`),
    ],
    ['a cut file', (text: string) => text.slice(0, 50)],
    ['no JSON', () => 'hello'],
  ])('%s is refused and kept', async (_, damage) => {
    await fileStore().update(KEY, async () => RECORD);
    const path = join(folder, recordFiles()[0] ?? '');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(await failureOf(fileStore().get(KEY))).toBe('TOKEN_RECORD_DAMAGED');
    expect(recordFiles()).toHaveLength(1);
    expect(await fileStore().delete(KEY)).toBe(true);
  });

  test('in a folder that cannot be created are an error with a remedy', async () => {
    writeFileSync(folder, '');
    expect(await failureOf(fileStore().update(KEY, async () => RECORD))).toBe('TOKEN_FILE_UNREADABLE');
    expect(await failureOf(fileStore().list())).toBe('TOKEN_FILE_UNREADABLE');
  });

  test('of a folder that does not exist are none', async () => {
    expect(await fileStore().list()).toEqual([]);
    expect(await fileStore().get(KEY)).toBe(undefined);
  });

  test('keep a lock of a process that ended no longer than 10 seconds', async () => {
    await fileStore().update(KEY, async () => RECORD);
    const lock = join(folder, `${recordFiles()[0]}.lock`);
    writeFileSync(lock, 'of another process');
    utimesSync(lock, new Date(), new Date(Date.now() - 11_000));
    await fileStore().update(KEY, async () => ({ ...RECORD, issuedAt: 9 }));
    expect((await fileStore().get(KEY))?.issuedAt).toBe(9);
    expect(readdirSync(folder).filter((name) => name.includes('.lock'))).toEqual([]);
  });

  test('that three processes change lose no update', { timeout: 60_000 }, async () => {
    const jiti = join(import.meta.dirname, '../../node_modules/jiti/lib/jiti-cli.mjs');
    const fixture = join(import.meta.dirname, 'token-store.test.fixture.ts');
    const run = () => promisify(execFile)(process.execPath, [jiti, fixture, folder, '20']);
    await Promise.all([run(), run(), run()]);
    expect((await fileStore().get(KEY))?.issuedAt).toBe(60);
    expect(readdirSync(folder).sort()).toEqual(['encryption.key', ...recordFiles()].sort());
  });
});

describe('the encryption key', () => {
  const keychain = (): Keychain => {
    let held: Uint8Array | undefined;
    return {
      get: async () => held,
      async set(secret) {
        held = secret;
      },
    };
  };

  test('is in the keychain if there is one', async () => {
    const chain = keychain();
    await openTokenStore({ folder, keychain: chain }).update(KEY, async () => RECORD);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(await openTokenStore({ folder, keychain: chain }).get(KEY)).toEqual(RECORD);
    const emptied = openTokenStore({ folder, keychain: keychain() });
    expect(await failureOf(emptied.get(KEY))).toBe('TOKEN_KEY_MISSING');
  });

  test('is in a private file with a warning if the keychain cannot be used', async () => {
    const warnings: string[] = [];
    const store = openTokenStore({ folder, keychain: noKeychain(), onWarning: (text) => warnings.push(text) });
    await store.update(KEY, async () => RECORD);
    expect(warnings).toEqual([expect.stringMatching(/keychain of this computer cannot be used: .*encryption\.key/)]);
    expect(await openTokenStore({ folder, keychain: noKeychain() }).get(KEY)).toEqual(RECORD);
  });

  test('is nowhere else if the user requires the keychain', async () => {
    const store = openTokenStore({ folder, place: 'keychain', keychain: noKeychain() });
    expect(await failureOf(store.update(KEY, async () => RECORD))).toBe('TOKEN_KEYCHAIN_UNAVAILABLE');
    expect(readdirSync(folder)).toEqual([]);
  });

  const noKeychain = (): Keychain => {
    const fail = () =>
      Promise.reject(
        new TokenStoreError('TOKEN_KEYCHAIN_UNAVAILABLE', 'The keychain of this computer cannot be used: no D-Bus.', {
          hint: 'Start it.',
        }),
      );
    return { get: fail, set: fail };
  };

  test.runIf(process.platform === 'linux' && process.env.DBUS_SESSION_BUS_ADDRESS === undefined)(
    'never goes to the kernel keyring of Linux',
    async () => {
      expect(await failureOf(openKeychain(folder).set(Buffer.alloc(32)))).toBe('TOKEN_KEYCHAIN_UNAVAILABLE');
    },
  );
});

test.each([
  ['linux', { HOME: '/home/a' }, '/home/a/.local/state/openapi-mcp/tokens'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: '/state' }, '/state/openapi-mcp/tokens'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: 'relative' }, '/home/a/.local/state/openapi-mcp/tokens'],
  ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/openapi-mcp/tokens'],
  ['win32', { LOCALAPPDATA: 'C:\\a' }, 'C:\\a\\openapi-mcp\\tokens'],
  ['linux', { HOME: '/home/a', OPENAPI_MCP_TOKENS: '/mnt/t' }, '/mnt/t'],
  ['linux', {}, undefined],
] as const)('the folder of logins on %s with %j', (platform, env, want) => {
  expect(tokenFolder(env, platform)).toBe(want);
});
