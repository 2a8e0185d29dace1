import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromRoot } from './cli/started.test.fixture.ts';

// What is in the package that users get. `npm pack --dry-run` lists it as npm would publish it.

/** Raise them on purpose, with the reason in the commit. */
const MOST = { packed: 3_500_000, unpacked: 13_000_000, files: 2_900 };

/** Pages that are for people who work on this repository. */
const REPOSITORY_ONLY = ['CONTRIBUTING.md', 'generated-examples/README.md'];

const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
let size: { packed: number; unpacked: number };
let files: ReadonlySet<string>;

beforeAll(() => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: fromRoot('.'),
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // npm 11 has a list, npm 12 an object by name.
  const [pack] = Object.values(JSON.parse(listed)) as [PackReport];
  size = { packed: pack.size, unpacked: pack.unpackedSize };
  files = new Set(pack.files.map(({ path }) => path));
});

interface PackReport {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

test('stays within its size', () => {
  expect(size.packed).toBeLessThan(MOST.packed);
  expect(size.unpacked).toBeLessThan(MOST.unpacked);
  expect(files.size).toBeLessThan(MOST.files);
});

test('has folders and files of these kinds alone', () => {
  const kinds = [...files].map((path) => path.replace(/^(dist\/[^/]+|docs|templates|src\/[^/]+)\/.*$/, '$1'));
  expect([...new Set(kinds)].filter((kind) => !kind.startsWith('dist')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'docs',
    'package.json',
    'src/model',
    'src/runtime',
    'templates',
  ]);
});

test('has no tests, fixtures, source maps, images or credentials', () => {
  const unwanted = /\.(?:test|bench)\.|\/fixtures\/|\.map$|\.png$|\.tsbuildinfo$|(?:^|\/)\.(?:env|npmrc)/;
  // The template of a project's own test is one.
  const found = [...files].filter((path) => unwanted.test(path) && !path.startsWith('templates/'));
  expect(found).toEqual([]);
});

describe('dist', () => {
  /** Files that are read, not imported. */
  const READ = [
    /^dist\/bin\/code-worker\.js$/,
    /^dist\/inspector\/page\.html$/,
    /^dist\/worker-bundle\/openapi-mcp\.js$/,
  ];

  test('has every file that an entry imports', () => {
    const missing = [...reachable()].filter((path) => existsSync(fromRoot(path)) && !files.has(path));
    expect(missing).toEqual([]);
  });

  test('has no folder of which nothing is used', () => {
    const used = reachable();
    const folders = new Map<string, boolean>();
    for (const path of files) {
      if (!path.startsWith('dist/')) continue;
      const folder = path
        .split('/')
        .slice(0, 2)
        .join('/')
        .replace(/(?:\.d)?\.(?:js|ts)$/, '');
      const isUsed = used.has(path) || READ.some((each) => each.test(path));
      folders.set(folder, isUsed || folders.get(folder) === true);
    }
    expect(folders.size).toBeGreaterThan(10);
    expect([...folders].flatMap(([folder, isUsed]) => (isUsed ? [] : [folder]))).toEqual([]);
  });

  test('has what is read from it, with the licences of bundled packages', () => {
    const wanted = ['bin', 'inspector', 'worker-bundle'].map((bundle) => `dist/${bundle}/THIRD-PARTY-LICENSES.txt`);
    for (const path of wanted) expect(files).toContain(path);
    for (const read of READ) expect([...files].filter((path) => read.test(path))).toHaveLength(1);
  });
});

/** Everything that the entries of package.json lead to, in code and in declarations. */
function reachable(): ReadonlySet<string> {
  const entries = Object.values(manifest.exports as Record<string, string | Record<string, string>>);
  const queue = [
    ...entries.flatMap((entry) => (typeof entry === 'string' ? [] : Object.values(entry))),
    manifest.bin['openapi-mcp'],
  ].map((path) => posix.normalize(path));
  const found = new Set<string>();
  for (const path of queue) {
    if (found.has(path) || !existsSync(fromRoot(path))) continue;
    found.add(path);
    const text = readFileSync(fromRoot(path), 'utf8');
    const specifiers = text.matchAll(
      /(?:from\s*|import\s*\(?\s*|new URL\()\s*["'`](\.{1,2}\/[^"'`]+\.(?:js|ts))["'`]/g,
    );
    for (const [, specifier = ''] of specifiers) {
      const target = posix.join(dirname(path), specifier);
      queue.push(path.endsWith('.d.ts') ? target.replace(/(?:\.d)?\.(?:ts|js)$/, '.d.ts') : target);
    }
  }
  return found;
}

test('README.md links to what is in the package, or to pages for contributors', () => {
  const text = readFileSync(fromRoot('README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target));
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((target) => !files.has(join(target)) && !REPOSITORY_ONLY.includes(target))).toEqual([]);
});
