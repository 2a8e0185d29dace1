import { describe, expect, test } from 'vitest';
import { argumentKeys } from './arguments.ts';
import { safeKey, safeKeys } from './safe-key.ts';

const wish = (place: string, name: string) => ({ place, name, what: place });

describe('the key of an argument', () => {
  test('is the name if that is safe', () => {
    expect(argumentKeys([wish('query', 'limit'), wish('path', 'petId')])).toEqual(['limit', 'petId']);
  });
  test('has its location appended if the name occurs in several: path, query, header, cookie, body in this order', () => {
    expect(argumentKeys([wish('body', 'id'), wish('cookie', 'id'), wish('query', 'id'), wish('path', 'id')])).toEqual([
      'id_body',
      'id_cookie',
      'id_query',
      'id',
    ]);
  });
  test('is never the name of another argument', () => {
    expect(argumentKeys([wish('query', '$top'), wish('query', 'top')])).toEqual(['top_query', 'top']);
    const keys = argumentKeys([wish('path', 'id'), wish('query', 'id'), wish('query', 'id_query')]);
    expect(keys[0]).toBe('id');
    expect(keys[2]).toBe('id_query');
    expect(keys[1]).toMatch(/^id_[0-9a-f]{6}$/);
  });
  test('has a hash if another name in the same location becomes the same key', () => {
    const keys = argumentKeys([wish('body', 'a-b'), wish('body', 'a.b')]);
    expect(keys[0]).toBe('a_b');
    expect(keys[1]).toMatch(/^a_b_[0-9a-f]{6}$/);
  });
  test('is never __proto__, which many programs drop', () => {
    expect(argumentKeys([wish('query', '__proto__')])).toEqual(['proto']);
  });
});

test.each([
  ['filter[x]', 'filter_x'],
  ['$top', 'top'],
  ['X-Request-ID', 'X_Request_ID'],
  ['+1', '_1'],
  ['StartTime<', 'StartTime'],
  ['_links', '_links'],
  ['ü', 'u'],
])('%s becomes %s', (name, want) => {
  expect(safeKey(name)).toBe(want);
});

test('names without ASCII letters, and overlong ones, get a hash', () => {
  expect(safeKey('日本')).toMatch(/^key_[0-9a-f]{6}$/);
  expect(safeKey('a'.repeat(100))).toMatch(/^a{57}_[0-9a-f]{6}$/);
});

test('safe keys are unique among themselves', () => {
  const keys = safeKeys(['+1', '-1', '_1', 'a b', 'a_b']);
  expect(new Set(keys.values()).size).toBe(5);
  expect(keys.get('_1')).toBe('_1');
  expect(keys.get('a_b')).toBe('a_b');
});
