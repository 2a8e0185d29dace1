import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { preparePack } from './write-pack.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openapi-mcp-write-'));
  folder = join(root, 'out');
});
afterEach(() => rmSync(root, { recursive: true }));

const files = [
  { path: 'a.json', content: '1' },
  { path: 'deep/b.json', content: '2' },
];
const write = (more: Partial<Parameters<typeof preparePack>[0]> = {}) =>
  preparePack({ folder, target: 'docker', files, overwrite: false, ...more })();
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

test('writes to a new folder, and nothing before that', () => {
  const prepared = preparePack({ folder, target: 'docker', files, overwrite: false });
  expect(existsSync(folder)).toBe(false);
  prepared();
  expect([read('a.json'), read('deep/b.json')]).toEqual(['1', '2']);
});

test('a folder with anything else in it is refused', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'mine.txt'), '');
  expect(() => write()).toThrow(`${folder} is not empty.`);
  expect(() => write({ overwrite: true })).toThrow(`${folder} is not empty.`);
});

test('an earlier pack is replaced with overwrite only, and what it no longer has is removed', () => {
  write();
  expect(() => write()).toThrow(`${folder} has a pack already.`);
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  write({ overwrite: true, files: [{ path: 'a.json', content: '3' }] });
  expect([read('a.json'), read('mine.txt'), existsSync(join(folder, 'deep'))]).toEqual(['3', 'mine', false]);
});

test('a file of the user at the path of a new file is kept', () => {
  write();
  writeFileSync(join(folder, 'c.json'), 'mine');
  expect(() => write({ overwrite: true, files: [...files, { path: 'c.json', content: '4' }] })).toThrow(
    `${join(folder, 'c.json')} was not written by pack`,
  );
  expect(read('c.json')).toBe('mine');
});

test('links are not followed, whatever the list of files says', () => {
  write();
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'b.json'), 'other');
  rmSync(join(folder, 'deep'), { recursive: true });
  symlinkSync(elsewhere, join(folder, 'deep'));
  expect(() => write({ overwrite: true })).toThrow('was not written by pack');
  const mark = join(folder, '.openapi-mcp-pack.json');
  writeFileSync(mark, JSON.stringify({ files: ['../elsewhere/b.json', 'deep/b.json', 'a.json'] }));
  write({ overwrite: true, files: [{ path: 'a.json', content: '5' }] });
  expect(readFileSync(join(elsewhere, 'b.json'), 'utf8')).toBe('other');
});
