import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CacheEntry, cacheDirectory, hashFile, isCurrent, offlineNotice, openModelCache } from './model-cache.ts';
import { hashOf } from './parse/source-hash.ts';

const entry = (title = 'Pets'): CacheEntry => ({
  model: {
    format: 1,
    name: 'pets',
    title,
    version: '1',
    servers: [{ url: 'https://api.example', variables: {} }],
    auth: { key: { kind: 'apiKey', in: 'header', name: 'X-Key' } },
    schemas: JSON.parse('{"__proto__":{"type":"string"}}'),
    operations: [],
  },
  counts: { found: 1, filtered: 0 },
  notices: [],
  problems: [{ code: 'UNRESOLVED_REF', severity: 'warning', pointer: '#/a', message: 'm' }],
  document: { location: '/pets.yaml', version: '3.1.0' },
  files: [{ location: '/pets.yaml', hash: hashOf('pets') }],
  savedAt: '2026-11-23T00:00:00.000Z',
});
const key = { location: '/pets.yaml', options: { profile: 'generic', readOnly: false } };

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-cache-'));
  directory = join(folder, 'cache', 'models');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (version = '1.0.0', limits = { entries: 50, bytes: 1e9 }) =>
  openModelCache({ directory, version, limits });
const onlyFile = async () => join(directory, (await readdir(directory))[0] ?? '');

describe('reading and writing', () => {
  test('an entry comes back as it was written', async () => {
    await open().write(key, entry());
    expect(JSON.stringify(await open().read(key))).toBe(JSON.stringify(entry()));
  });

  test('text of every script comes back', async () => {
    const title = 'Tiere – 動物 🐈 \u2028 \ud800 \\u00e9';
    await open().write(key, entry(title));
    expect((await open().read(key))?.model.title).toBe(title);
    expect(await readFile(await onlyFile(), 'latin1')).toMatch(/^[\x20-\x7e]+\n[\x20-\x7e]+$/);
  });

  test('the order of options makes no difference', async () => {
    await open().write(key, entry());
    expect(
      await open().read({ options: { readOnly: false, profile: 'generic' }, location: '/pets.yaml' }),
    ).toBeDefined();
  });

  test.each([
    ['another location', { ...key, location: '/other.yaml' }, '1.0.0'],
    ['other options', { ...key, options: { profile: 'gemini', readOnly: false } }, '1.0.0'],
    ['another text from stdin', { ...key, content: 'a'.repeat(64) }, '1.0.0'],
    ['another version of ours', key, '1.0.1'],
  ])('%s is another slot', async (_name, other, version) => {
    await open().write(key, entry());
    expect(await open(version).read(other)).toBeUndefined();
  });

  test('nothing was ever written', async () => {
    expect(await open().read(key)).toBeUndefined();
  });

  test('only the user can read it', async () => {
    await open().write(key, entry());
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600);
  });

  test('many starts at once leave one whole entry and nothing else', async () => {
    const titles = Array.from({ length: 20 }, (_, index) => `Pets ${index}`.padEnd(50_000, '.'));
    const reads = titles.map(async (title) => {
      await open().write(key, entry(title));
      return open().read(key);
    });
    for (const read of await Promise.all(reads)) expect(titles).toContain(read?.model.title);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test('a folder that cannot be made is an error of write, and an empty cache for read', async () => {
    await writeFile(join(folder, 'cache'), 'a file');
    await expect(open().write(key, entry())).rejects.toThrow();
    expect(await open().read(key)).toBeUndefined();
  });
});

describe('an entry that cannot be trusted is ignored and replaced', () => {
  test.each([
    ['truncated', async (path: string) => truncate(path, 300)],
    ['empty', async (path: string) => writeFile(path, '')],
    ['not ours', async (path: string) => writeFile(path, '{"hello":1}\n{}')],
    ['not JSON', async (path: string) => writeFile(path, 'x\ny')],
    ['null for a head', async (path: string) => writeFile(path, 'null\n{}')],
    [
      'changed by one character',
      async (path: string) => writeFile(path, (await readFile(path, 'utf8')).replace('Pets', 'Cats')),
    ],
    ['writable by others', async (path: string) => chmod(path, 0o666)],
    ['in a folder others can write to', async () => chmod(directory, 0o777)],
  ])('%s', async (_name, damage) => {
    await open().write(key, entry());
    await damage(await onlyFile());
    expect(await open().read(key)).toBeUndefined();
    await open().write(key, entry());
    expect(await open().read(key)).toEqual(entry());
  });

  test('an entry of another slot under this name', async () => {
    await open().write(key, entry());
    const mine = await onlyFile();
    const other = { ...key, location: '/other.yaml' };
    await open().write(other, entry('Other'));
    const path = (await readdir(directory)).map((name) => join(directory, name)).find((name) => name !== mine) ?? '';
    await writeFile(path, await readFile(mine));
    expect(await open().read(other)).toBeUndefined();
  });
});

describe('a symbolic link is not followed', () => {
  test('in place of the folder: nothing is read or written there, and its permissions stay', async () => {
    const home = join(folder, 'home');
    await open().write(key, entry());
    await rename(directory, home);
    await symlink(home, directory);
    await chmod(home, 0o755);
    expect(await open().read(key)).toBeUndefined();
    await expect(open().write(key, entry('Other'))).rejects.toThrow('not a folder owned by this user');
    expect((await stat(home)).mode & 0o777).toBe(0o755);
    expect(await readFile(join(home, (await readdir(home))[0] ?? ''), 'utf8')).not.toContain('Other');
  });

  test('in place of an entry: it is replaced, and the file it led to stays', async () => {
    await open().write(key, entry());
    const path = await onlyFile();
    const elsewhere = join(folder, 'elsewhere.json');
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
    expect(await open().read(key)).toBeUndefined();
    await open().write(key, entry('Other'));
    expect((await open().read(key))?.model.title).toBe('Other');
    expect(await readFile(elsewhere, 'utf8')).not.toContain('Other');
  });

  test('nor does it wait for special files', async () => {
    await open().write(key, entry());
    const path = await onlyFile();
    await rm(path);
    await mkdir(path);
    expect(await open().read(key)).toBeUndefined();
  });
});

test('what earlier versions kept is removed: there may be a token in it', async () => {
  await open().write(key, entry());
  const old = join(directory, `${'a'.repeat(64)}.json`);
  await writeFile(old, 'https://a.example/o.json?token=t');
  await open().write(key, entry());
  expect(await readdir(directory)).toEqual([expect.stringMatching(/\.model\.json$/)]);
});

describe('size', () => {
  const keyOf = (index: number) => ({ location: `/${index}.yaml`, options: {} });

  test('the entries that were not used for longest go', async () => {
    const cache = open('1.0.0', { entries: 2, bytes: 1e9 });
    await cache.write(keyOf(1), entry());
    await utimes(await onlyFile(), 1, 1);
    await cache.write(keyOf(2), entry());
    await cache.read(keyOf(1));
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      if ((await stat(path)).mtimeMs < Date.now() - 60_000) throw new Error('a read entry counts as used');
    }
    await cache.write(keyOf(3), entry());
    expect(await readdir(directory)).toHaveLength(2);
    expect(await cache.read(keyOf(3))).toBeDefined();
  });

  test('the bytes of all entries are bounded', async () => {
    const cache = open('1.0.0', { entries: 50, bytes: 2500 });
    for (const index of [1, 2, 3]) await cache.write(keyOf(index), entry('x'.repeat(500)));
    expect((await readdir(directory)).length).toBeLessThan(3);
  });

  test('what an interrupted write left is cleared away after an hour, and other files never', async () => {
    await open().write(key, entry());
    const left = join(directory, `${'a'.repeat(64)}.json.${'b'.repeat(16)}.tmp`);
    for (const path of [left, join(directory, 'notes.txt')]) {
      await writeFile(path, '');
      await utimes(path, 1, 1);
    }
    await open().write(key, entry());
    expect((await readdir(directory)).filter((name) => !name.endsWith('.json'))).toEqual(['notes.txt']);
  });
});

describe('secrets', () => {
  test('options are never stored, for headers may stand among them', async () => {
    const secret = 's3cr3t';
    await open().write({ ...key, options: { documentHeader: secret } }, entry());
    expect(await readFile(await onlyFile(), 'utf8')).not.toContain(secret);
  });

  test('an entry is the model and the facts of its document: no field holds credentials or headers', () => {
    expect(Object.keys(entry())).toEqual(['model', 'counts', 'notices', 'problems', 'document', 'files', 'savedAt']);
    expect(Object.keys(entry().model.auth.key ?? {})).toEqual(['kind', 'in', 'name']);
  });

  test.each([
    ['document', { document: { location: 'https://u:pw@a.example/o.json', version: '3.1.0' } }],
    ['further file', { files: [{ location: 'https://u:pw@a.example/b.json', hash: '' }] }],
    ['model', { model: { ...entry().model, documentUrl: 'https://u:pw@a.example/o.json' } }],
    ['document with a query', { document: { location: '/o', version: '3.1.0', url: 'https://a.example/o.json?t=x' } }],
    ['further file with a query', { files: [{ location: 'https://a.example/b.json?t=x', hash: '' }] }],
    ['server', { model: { ...entry().model, servers: [{ url: 'https://u:pw@a.example/', variables: {} }] } }],
  ])('an address that may hold a secret (%s) is not written', async (_name, change) => {
    await open().write(key, { ...entry(), ...change });
    expect(await open().read(key)).toBeUndefined();
  });
});

describe('is the entry current?', () => {
  const files = [
    { location: '/a.yaml', hash: 'A' },
    { location: '/b.yaml', hash: 'B' },
    { location: '/missing.yaml', hash: '' },
  ];
  test.each([
    ['nothing changed', 'A', { '/b.yaml': 'B' }, true],
    ['the document changed', 'X', { '/b.yaml': 'B' }, false],
    ['a further file changed', 'A', { '/b.yaml': 'X' }, false],
    ['a further file went away', 'A', {}, false],
    ['a missing file came', 'A', { '/b.yaml': 'B', '/missing.yaml': 'C' }, false],
  ])('%s', async (_name, documentHash, now, want) => {
    const hashOf = async (location: string) => new Map(Object.entries(now)).get(location) ?? '';
    expect(await isCurrent({ files }, { documentHash, hashOf })).toBe(want);
  });

  test('a file is known by its content', async () => {
    const path = join(folder, 'a.yaml');
    expect(await hashFile(path)).toBe('');
    await writeFile(path, 'abc');
    expect(await hashFile(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('documents from a URL', () => {
  const document = { location: 'https://a.example/o.json?token=t', version: '3.1.0' };
  test('the notice names the address without its query, the reason and the age', () => {
    expect(offlineNotice({ ...entry(), document }, 'the host name does not resolve')).toBe(
      'https://a.example/o.json cannot be fetched (the host name does not resolve). ' +
        'Serving the copy cached on 2026-11-23T00:00:00.000Z.',
    );
  });
});

test.each([
  [{ HOME: '/h' }, 'linux', '/h/.cache/openapi-mcp/models'],
  [{ HOME: '/h', XDG_CACHE_HOME: '/x' }, 'linux', '/x/openapi-mcp/models'],
  [{ HOME: '/h', XDG_CACHE_HOME: 'relative' }, 'linux', '/h/.cache/openapi-mcp/models'],
  [{ HOME: '/h' }, 'darwin', '/h/Library/Caches/openapi-mcp/models'],
  [{ LOCALAPPDATA: 'C:\\L' }, 'win32', 'C:\\L\\openapi-mcp\\models'],
  [{ USERPROFILE: 'C:\\U' }, 'win32', 'C:\\U\\AppData\\Local\\openapi-mcp\\models'],
  [{}, 'linux', undefined],
  [{ HOME: '' }, 'darwin', undefined],
  [{}, 'win32', undefined],
] as const)('with %j on %s models are kept in %s', (env, platform, want) => {
  expect(cacheDirectory(env, platform)).toBe(want);
});
