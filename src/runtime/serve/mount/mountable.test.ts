import { expect, test } from 'vitest';
import { createServer } from '../../server.ts';
import { assertMountable } from './mountable.ts';

const server = createServer({ name: 's', version: '1' });

test.each(['', 'pets_', 'pets.', 'A-1'])('"%s" is a valid prefix', (prefix) => {
  expect(() => assertMountable(server, prefix)).not.toThrow();
});

test.each(['my prefix!', 'a/', 'ä_'])('"%s" is not, because clients reject such names', (prefix) => {
  expect(() => assertMountable(server, prefix)).toThrow(
    `"${prefix}" is not a valid prefix: write letters, digits, "_", "-" or ".".`,
  );
});
