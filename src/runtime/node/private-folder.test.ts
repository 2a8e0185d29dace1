import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPrivate, makePrivateFolder } from './private-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openapi-mcp-private-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a folder is made with those above it, for this user only, and an existing one is closed to others', () => {
  const folder = join(root, 'a', 'b');
  makePrivateFolder(folder);
  expect(isPrivate(folder, 'folder')).toBe(true);
  const open = join(root, 'open');
  mkdirSync(open, { mode: 0o777 });
  makePrivateFolder(open);
  if (process.platform === 'win32') return;
  for (const each of [join(root, 'a'), folder, open]) expect(statSync(each).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform === 'win32')('a link is refused, also one that leads nowhere', () => {
  symlinkSync(root, join(root, 'link'));
  symlinkSync(join(root, 'missing'), join(root, 'broken'));
  for (const name of ['link', 'broken']) expect(() => makePrivateFolder(join(root, name))).toThrow();
});

test.skipIf(process.platform !== 'linux')('where nothing can be made, it ends with an error', () => {
  expect(() => makePrivateFolder('/proc/openapi-mcp/code')).toThrow('ENOENT');
  expect(() => makePrivateFolder('/dev/null/openapi-mcp')).toThrow();
});
