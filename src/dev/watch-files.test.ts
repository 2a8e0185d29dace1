import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFiles } from './watch-files.ts';

let folder: string;
let stop = () => {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-watch-'));
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);

/** Watches, and has looked twice. */
async function watching(files: readonly string[], codeFolders: readonly string[] = []) {
  const onChange = vi.fn();
  const watched = vi.fn(() => ({ files, codeFolders }));
  stop = watchFiles({ watched, onChange, everyMs: 5 });
  const looks = (count: number) => {
    const from = watched.mock.calls.length;
    return vi.waitFor(() => expect(watched.mock.calls.length).toBeGreaterThanOrEqual(from + count));
  };
  await looks(3);
  return { onChange, looks };
}

test('a file that is edited, replaced, removed or restored is a change', async () => {
  write('a.yaml', 'one');
  const { onChange } = await watching([at('a.yaml')]);
  write('a.yaml', 'three');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  write('b.yaml', 'four!');
  renameSync(at('b.yaml'), at('a.yaml'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  rmSync(at('a.yaml'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(3), { timeout: 10_000 });
  write('a.yaml', 'five');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(4), { timeout: 10_000 });
});

test('a file that is still being written is not a change yet', async () => {
  write('a.yaml', '');
  let text = '';
  let looks = 0;
  let changedAt = 0;
  const onChange = vi.fn(() => {
    changedAt = looks;
  });
  const watched = () => {
    looks += 1;
    if (looks > 3 && looks < 13) {
      text += 'x';
      write('a.yaml', text);
    }
    if (looks === 13) expect(onChange).not.toHaveBeenCalled();
    return { files: [at('a.yaml')], codeFolders: [] };
  };
  stop = watchFiles({ watched, onChange, everyMs: 5 });
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(changedAt).toBe(13);
});

test('code that a module imports counts, also when it is new or gone; packages and other files do not', async () => {
  mkdirSync(at('lib'));
  mkdirSync(at('node_modules'));
  write('lib/helper.ts', 'one');
  const { onChange, looks } = await watching([], [folder]);
  write('lib/helper.ts', 'two!');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  write('lib/other.ts', '');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  rmSync(at('lib/other.ts'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(3), { timeout: 10_000 });
  write('node_modules/x.js', '');
  write('notes.txt', '');
  await looks(4);
  expect(onChange).toHaveBeenCalledTimes(3);
});

test('nothing is reported without a change, or after stopping', async () => {
  write('a.yaml', 'one');
  const { onChange, looks } = await watching([at('a.yaml')]);
  await looks(3);
  stop();
  write('a.yaml', 'three');
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(onChange).not.toHaveBeenCalled();
});
