import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANGES } from '../src/surface/change.ts';
import { openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// The transcript of docs/diff.md, and its table of changes. To update it: npx vitest run docs/diff.test.ts -u

const page = join(ROOT, 'docs', 'diff.md');
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
});
afterAll(() => shell.close());

test('the page shows the output of the commands, and every kind of change', { timeout: 60_000 }, async () => {
  const text = await pageAsRun(shell, readFileSync(page, 'utf8'));
  const [head, tail = ''] = text.split('<!-- changes -->\n');
  const after = tail.slice(tail.indexOf('<!-- end of changes -->'));
  await expect(`${head}<!-- changes -->\n\n${changesTable()}\n\n${after}`).toMatchFileSnapshot(page);
});

function changesTable(): string {
  const rows = Object.entries(CHANGES).map(([code, { breaks, meaning }]) => [
    `\`${code}\``,
    breaks.map((one) => (one === 'api' ? 'the API' : 'the model')).join(', '),
    meaning,
  ]);
  const all = [['code', 'breaks', 'meaning'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(all[0] ?? []), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
