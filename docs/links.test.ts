import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell.test.fixture.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'generated-examples/README.md']
  .concat(
    readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  )
  .filter((page) => existsSync(join(ROOT, page)));

/** Blocks of code show links of others. */
const textOf = (page: string) =>
  readFileSync(join(ROOT, page), 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll('](', '] ('));

/** The names that GitHub gives to headings, and anchors that are written out. */
function anchorsOf(page: string): ReadonlySet<string> {
  const source = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const counts = new Map<string, number>();
  const headings = [...source.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const seen = counts.get(name) ?? 0;
    counts.set(name, seen + 1);
    return seen === 0 ? name : `${name}-${seen}`;
  });
  const written = [...source.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  return new Set([...headings, ...written]);
}

interface Link {
  readonly page: string;
  readonly target: string;
}

const links: Link[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
);
const isExternal = ({ target }: Link) => /^[a-z][a-z0-9+.-]*:/i.test(target);

test('every link to a file leads to one, and to a heading that is there', () => {
  const broken = links
    .filter((link) => !isExternal(link))
    .filter(({ page, target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(relative(ROOT, file)).has(anchor);
    });
  expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([]);
  expect(links.length).toBeGreaterThan(200);
});

test('every link to the network is https and complete', () => {
  const wrong = links.filter(isExternal).filter(({ target }) => !URL.canParse(target) || !target.startsWith('https:'));
  expect(wrong.map(({ page, target }) => `${page}: ${target}`)).toEqual([]);
});

test('every page is on the map', () => {
  const map = textOf('docs/README.md');
  const missing = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(missing.filter((page) => !map.includes(`(${page.slice('docs/'.length)}`))).toEqual([]);
});
