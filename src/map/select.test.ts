import { describe, expect, test } from 'vitest';
import { createSelection, type NamedOrigin, parseFilter, unmatchedFilters } from './select.ts';

const origin = (method: string, path: string, more: Partial<NamedOrigin> = {}): NamedOrigin => ({
  name: 'tool_name',
  pointer: '#',
  method,
  path,
  tags: [],
  deprecated: false,
  ...more,
});

describe('a filter matches', () => {
  const pets = origin('get', '/pets/{petId}', { operationId: 'pets/get', tags: ['Pets'] });
  test.each([
    ['tag:pets', true],
    ['tag:Pets', true],
    ['tag:pet', false],
    ['id:pets/*', true],
    ['id:*get', true],
    ['id:get', false],
    ['id:tool_*', true],
    ['GET', true],
    ['get /pets/**', true],
    ['GET /pets/*', true],
    ['POST /pets/*', false],
    ['GET|POST /pets/*', true],
    ['* /pets/*', true],
    ['/pets/**', true],
    ['/pets', false],
    ['/**', true],
    ['GET /pet*', false],
    ['/^\\/pets/', true],
    ['/GET/i', true],
    ['/[.]json$/', false],
  ])('%s: %s', (filter, want) => {
    expect(parseFilter(filter)(pets)).toBe(want);
  });

  test('/a/** matches /a itself too', () => {
    expect(parseFilter('/a/**')(origin('get', '/a'))).toBe(true);
    expect(parseFilter('/a/**')(origin('get', '/ab'))).toBe(false);
  });

  test.each(['%j is rejected, and the error names it', 'tag:', 'pets', '/(/'])('%j is refused by name', (filter) => {
    expect(() => parseFilter(filter)).toThrow(`"${filter}"`);
  });
});

describe('a selection', () => {
  const none = { include: [], exclude: [], routes: [], readOnly: false };
  test('exclude overrides include', () => {
    const selection = createSelection({ ...none, include: ['/pets'], exclude: ['tag:old'] });
    expect(selection.kind(origin('get', '/pets'))).toBeUndefined();
    expect(selection.kind(origin('get', '/pets', { tags: ['old'] }))).toBe('exclude');
    expect(selection.kind(origin('get', '/shops'))).toBe('exclude');
  });
  test('the first route that matches wins', () => {
    const selection = createSelection({ ...none, routes: ['GET /pets => resource', '/** => tool'] });
    expect(selection.kind(origin('get', '/pets'))).toBe('resource');
    expect(selection.kind(origin('post', '/pets'))).toBe('tool');
  });
  test('read-only excludes operations that change something', () => {
    const selection = createSelection({ ...none, readOnly: true });
    expect(['get', 'head', 'options', 'trace', 'query'].map((m) => selection.kind(origin(m, '/')))).toEqual(
      Array(5).fill(undefined),
    );
    expect(['put', 'post', 'delete', 'patch', 'PURGE'].map((m) => selection.kind(origin(m, '/')))).toEqual(
      Array(5).fill('exclude'),
    );
  });
  test('a route without a kind is rejected, and the error names it', () => {
    expect(() => createSelection({ ...none, routes: ['GET /pets -> tool'] })).toThrow('GET /pets -> tool');
  });
});

test('filters and routes that match no operation are reported, each by name', () => {
  const options = {
    include: ['tag:nope', '/pets'],
    exclude: ['id:nope'],
    routes: ['POST => tool', 'GET => tool'],
    readOnly: false,
  };
  expect(unmatchedFilters(options, [origin('get', '/pets')])).toEqual([
    'include "tag:nope" matches no operation.',
    'exclude "id:nope" matches no operation.',
    'route "POST => tool" matches no operation.',
  ]);
});
