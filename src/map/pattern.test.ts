import { expect, test } from 'vitest';
import { documentPattern } from './pattern.ts';

test.each([
  ['^[a-z]+$', { kind: 'usable', pattern: '^[a-z]+$' }],
  ['/a/b/', { kind: 'usable', pattern: '/a/b/' }],
  ['^/a$', { kind: 'usable', pattern: '^/a$' }],
  ['/^x$/', { kind: 'usable', pattern: '^x$', correction: expect.stringContaining('read without "/"') }],
  ['/^x$/gu', { kind: 'usable', pattern: '^x$', correction: expect.stringContaining('read without "/"') }],
  ['/^x$/i', { kind: 'broken', reason: expect.stringContaining('"i" cannot be dropped') }],
])('%s', (written, want) => {
  expect(documentPattern(written)).toEqual(want);
});
