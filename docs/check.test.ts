import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// The transcript of docs/check.md. To update it: npx vitest run docs/check.test.ts -u

const page = join(ROOT, 'docs', 'check.md');
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
});
afterAll(() => shell.close());

test('the page shows the output of the commands', { timeout: 60_000 }, async () => {
  await expect(await pageAsRun(shell, readFileSync(page, 'utf8'))).toMatchFileSnapshot(page);
});
