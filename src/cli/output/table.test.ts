import { expect, test } from 'vitest';
import { table } from './table.ts';

const COLUMNS = ['bytes', 'name'];

test('aligns columns, numbers to the right, and leaves no space at the end of a line', () => {
  expect(
    table(COLUMNS, [
      ['7', 'getPet'],
      ['1200', 'a'],
    ]),
  ).toEqual(['bytes  name', '    7  getPet', ' 1200  a']);
});

test('shortens lines to the width of a terminal, and only there', () => {
  const rows = [['7', 'a-long-name']];
  expect(table(COLUMNS, rows, 12)).toEqual(['bytes  name', '    7  a-lo…']);
  expect(table(COLUMNS, rows)).toEqual(['bytes  name', '    7  a-long-name']);
});
