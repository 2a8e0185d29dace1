import { expect, test } from 'vitest';
import { OPTIONS } from './options.ts';

test('the table of options lists no option twice', () => {
  const flags = OPTIONS.map((row) => row.flags.split(' ')[0]);
  expect(flags).toEqual([...new Set(flags)]);
});
