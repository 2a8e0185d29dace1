import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACK_TARGETS } from '../src/pack/index.ts';
import { openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// The transcript of docs/pack.md. To update it: npx vitest run docs/pack.test.ts -u

const page = join(ROOT, 'docs', 'pack.md');
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
  const desk = join(shell.folder, 'desk');
  mkdirSync(desk);
  writeFileSync(join(desk, 'package.json'), '{ "name": "desk", "type": "module" }');
  writeFileSync(join(desk, 'package-lock.json'), '{ "name": "desk", "lockfileVersion": 3, "packages": {} }');
  renameSync(join(shell.folder, 'desk.ts'), join(desk, 'server.ts'));
});
afterAll(() => shell.close());

test('the page shows the output of the commands', { timeout: 60_000 }, async () => {
  await expect(await pageAsRun(shell, readFileSync(page, 'utf8'))).toMatchFileSnapshot(page);
});

test('the page has a row for each target', () => {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `(\w+)` /gm)].map(([, target]) => target);
  expect(rows).toEqual(Object.keys(PACK_TARGETS));
});
