import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpSender } from '../runtime/api/http.ts';
import { readFile } from '../runtime/api/serialize/files.ts';
import { fileAccess } from '../runtime/node/files.ts';
import { startSwapping } from './folder-swap.test.fixture.ts';

// Somebody who may write to an allowed folder swaps a folder in it for a link, while a file below it is checked and
// opened.

const TRIES = 1_500;
const noSend: HttpSender = () => Promise.reject(new Error('nothing is to be sent'));
const { signal } = new AbortController();

let root: string;
let stopSwapping: (() => void) | undefined;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-swap-')));
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside/file.txt'), 'SECRET');
});
afterEach(() => {
  stopSwapping?.();
  rmSync(root, { recursive: true, force: true });
});

async function readings(directory: string, path: string): Promise<ReadonlyMap<string, number>> {
  const access = fileAccess({ directories: [directory], urlOrigins: [], send: noSend });
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  await access.readPath?.(path, signal).catch(() => undefined);
  for (let left = TRIES; left > 0; left--) {
    try {
      const { bytes } = await readFile({ path }, access, signal);
      count(Buffer.from(bytes).toString());
    } catch (error) {
      count((error as { code: string }).code);
    }
  }
  return counts;
}

describe('while a folder is swapped for a link', () => {
  test('below an allowed folder, only what is inside is read', async () => {
    mkdirSync(join(root, 'allowed/sub'), { recursive: true });
    writeFileSync(join(root, 'allowed/sub/file.txt'), 'inside');
    symlinkSync(join(root, 'outside'), join(root, 'allowed/link'));
    stopSwapping = await startSwapping(join(root, 'allowed/sub'), join(root, 'allowed/link'));
    const counts = await readings(join(root, 'allowed'), 'sub/file.txt');
    expect(counts.get('SECRET')).toBeUndefined();
    // Both happened: the swap was seen, and honest reads go through.
    expect(counts.get('inside')).toBeGreaterThan(0);
    expect(counts.get('FILE_REFUSED')).toBeGreaterThan(0);
  }, 60_000);

  test('an allowed folder that is itself swapped stays what it was at the start', async () => {
    mkdirSync(join(root, 'allowed'));
    writeFileSync(join(root, 'allowed/file.txt'), 'inside');
    symlinkSync(join(root, 'outside'), join(root, 'link'));
    const access = fileAccess({ directories: [join(root, 'allowed')], urlOrigins: [], send: noSend });
    await readFile({ path: 'file.txt' }, access, signal);
    execFileSync('mv', [join(root, 'allowed'), join(root, 'aside')]);
    symlinkSync(join(root, 'outside'), join(root, 'allowed'));
    await expect(readFile({ path: 'file.txt' }, access, signal)).rejects.toMatchObject({ code: 'FILE_REFUSED' });
  });
});

describe('a special file', () => {
  test.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    [
      'a link to a FIFO next to it',
      (path: string) => {
        execFileSync('mkfifo', [`${path}.fifo`]);
        symlinkSync(`${path}.fifo`, path);
      },
    ],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('%s is refused, and nothing waits for its other end', async (_, make) => {
    mkdirSync(join(root, 'allowed'));
    make(join(root, 'allowed/odd'));
    const access = fileAccess({ directories: [join(root, 'allowed')], urlOrigins: [], send: noSend });
    await expect(readFile({ path: 'odd' }, access, signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      message: 'The path is not a regular file.',
    });
  });

  test('a device outside is refused like everything else there', async () => {
    mkdirSync(join(root, 'allowed'));
    symlinkSync('/dev/zero', join(root, 'allowed/zero'));
    const access = fileAccess({ directories: [join(root, 'allowed')], urlOrigins: [], send: noSend });
    await expect(readFile({ path: 'zero' }, access, signal)).rejects.toMatchObject({ code: 'FILE_REFUSED' });
  });
});
