import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell.test.fixture.ts';

// docs/comparison.md is what `npm run compare -- --write` writes: every heading, sentence, row and column, whatever the
// numbers of the run are.

interface Peer {
  readonly name: string;
  readonly title: string;
  readonly generate?: unknown;
}

const script = (name: string) => import(join(ROOT, 'scripts/compare', name));
const { pageOf } = await script('page.mjs');
const { PEERS } = (await script('peers.mjs')) as { PEERS: readonly Peer[] };
const { GROUPS } = await script('cases.mjs');
const page = readFileSync(join(ROOT, 'docs/comparison.md'), 'utf8');

/** The peers that the page has. */
const shown = PEERS.filter(({ title }) => page.includes(`\n| ${title} |`));

/** Without what a run measures: the cells of tables but the first of each row, and numbers in sentences. */
const shapeOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => !/ is left out: /.test(line))
    .map((line) => (/^\| (?!---)/.test(line) && !isHeading(line) ? `| ${line.split(' | ')[0]?.slice(2)} | …` : line))
    .map((line) => (line.startsWith('|') || line.startsWith('#') ? line : line.replace(/v?\d[\d.-]*/g, 'N')))
    .filter((line, index, lines) => line !== '' || lines[index - 1] !== '');

const isHeading = (line: string): boolean => /^\| (?:peer|exact requests|start|list|call|generator|case) \|/.test(line);

test('the page is what the command writes', () => {
  const report = {
    date: '2026-01-01',
    node: 'v20.0.0',
    operations: 400,
    left: [],
    peers: shown.map((peer) => ({
      ...peer,
      version: '1.0.0',
      isGenerator: peer.generate !== undefined,
      wire: {},
      documents: {},
      calls: { failed: 'not measured' },
    })),
  };
  expect(shapeOf(page)).toEqual(shapeOf(pageOf(report)));
});

test('the page has openapi-mcp, most peers, and every case with the section that requires its request', () => {
  expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(['openapi-mcp', 'openapi-mcp-generate']));
  expect(shown.length).toBeGreaterThan(5);
  const cases = GROUPS.flatMap((group: { cases: { id: string; section: string }[] }) => group.cases);
  expect(cases.length).toBeGreaterThan(100);
  for (const { id, section } of cases) {
    expect(section).toMatch(/OpenAPI 3|Swagger 2\.0|RFC \d+/);
    expect(page).toContain(`| \`${id}\` | ${section} |`);
  }
});
