import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

// docs/dependencies.md has every package that users get, with the reason. A dependency without a reason fails here.

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string) => readFileSync(fromRoot(path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const page = read('docs/dependencies.md');

/** The rows of the table below a heading: package, range, licence, what for, why not our own. */
function rowsBelow(heading: string): ReadonlyMap<string, readonly string[]> {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)`\s*\|(.*)\|$/gm)];
  return new Map(
    rows.map(([, name = '', cells = '']) => [
      name,
      cells.split(' | ').map((cell) => cell.trim().replaceAll('\\|', '|')),
    ]),
  );
}

describe.each([
  ['Dependencies', manifest.dependencies],
  ['Optional dependencies', manifest.optionalDependencies],
  ['Peer dependencies', manifest.peerDependencies],
] as const)('%s', (heading, wanted: Record<string, string>) => {
  const rows = rowsBelow(heading);

  test('are those of package.json', () => {
    expect([...rows.keys()]).toEqual(Object.keys(wanted));
  });

  test.each(Object.entries(wanted))('%s has its range, its licence, and reasons', (name, range) => {
    const { license } = JSON.parse(read(`node_modules/${name}/package.json`));
    const [shown, shownLicense, purpose = '', reason = ''] = rows.get(name) ?? [];
    expect([shown, shownLicense]).toEqual([`\`${range}\``, license]);
    expect(purpose.length).toBeGreaterThan(10);
    expect(reason.length).toBeGreaterThan(10);
  });
});

test('the bundled packages are those that the bundles name', () => {
  const bundler = read('scripts/bundle.mjs');
  const inside = [...(/const INSIDE = \[([^\]]*)\]/.exec(bundler)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
    ([, name]) => name,
  );
  expect(inside.length).toBeGreaterThan(3);
  const rows = [...rowsBelow('Bundled packages')];
  const into = (bundle: string) => rows.filter(([, [where = '']]) => where.includes(bundle)).map(([name]) => name);
  expect(into('command line').sort()).toEqual([...inside].sort());
  expect(into('page')).toEqual(['preact']);
});
