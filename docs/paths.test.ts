import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** The rows of a page's "to change X, open Y" table, and the paths in their second column. */
const rowsOf = (page: string) =>
  (/\| to change [\s\S]*?\n\n/.exec(readFileSync(join(ROOT, page), 'utf8'))?.[0] ?? '')
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | '))
    .filter(([, open]) => open !== undefined)
    .map(([what = '', open = '']) => ({
      what: what.replace(/^\| /, '').trim(),
      paths: [...open.matchAll(/`((?:src|templates|test-specs)\/[^`\s]*)`/g)].map(([, path = '']) => path),
    }));

describe.each(['README.md', 'CONTRIBUTING.md'])('where to change something, in %s', (page) => {
  test('every row names a path', () => {
    const rows = rowsOf(page);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ paths }) => paths.length === 0)).toEqual([]);
  });

  test('every path exists', () => {
    const paths = rowsOf(page).flatMap((row) => row.paths);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('CONTRIBUTING.md leads to the file that holds', () => {
  test.each([
    ['a query style', 'src/runtime/api/serialize/query.ts', 'pipeDelimited'],
    ['an error text of a call', 'src/runtime/call-error.ts', 'INVALID_ARGUMENTS'],
    ['a middleware', 'src/runtime/middleware/index.ts', 'timeout'],
    ['an option: flag and config key', 'src/options/options.ts', 'SERVING_OPTIONS'],
    ['tool names', 'src/map/tool-name.ts', 'toolName'],
    ['a security scheme', 'src/map/auth.ts', 'securitySchemes'],
    ['a template', 'templates/', ''],
    ['a profile: what a model provider accepts', 'src/map/profiles/index.ts', 'openai'],
    ['a problem code: its meaning and its fix', 'src/problems.ts', 'UNRESOLVED_REF'],
    ['the stdio loop', 'src/runtime/serve/stdio/serve-stdio.ts', 'serveStdio'],
  ])('%s', (what, path, word) => {
    expect(rowsOf('CONTRIBUTING.md').find((row) => row.what === what)?.paths).toContain(path);
    if (word !== '') expect(readFileSync(join(ROOT, path), 'utf8')).toContain(word);
  });
});
