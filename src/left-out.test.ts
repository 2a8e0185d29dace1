import { expect, test } from 'vitest';
import { leftOut } from './left-out.ts';

const counts = { filtered: 3, found: 3 };

test('filters are blamed only where the user gave some', () => {
  expect(leftOut({}, counts).message).toBe('The document excludes 3 of 3 operations ("x-mcp")');
  expect(leftOut({ include: [], exclude: [], routes: [], readOnly: false }, counts).message).not.toContain('filters');
});

test.each([{ include: ['tag:a'] }, { exclude: ['tag:a'] }, { routes: ['GET /a => exclude'] }, { readOnly: true }])(
  'filters that were given are blamed: %j',
  (filters) => {
    expect(leftOut(filters, counts).message).toBe('The filters exclude 3 of 3 operations');
  },
);
