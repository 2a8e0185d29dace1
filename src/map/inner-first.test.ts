import { expect, test } from 'vitest';
import { innerFirst } from './inner-first.ts';

interface Node {
  readonly name: string;
  readonly to: Node[];
}
const node = (name: string, ...to: Node[]): Node => ({ name, to });
const order = (start: Node): string => innerFirst(start, ({ to }) => to).reduce((names, { name }) => names + name, '');

test('targets come before the nodes that lead to them, each once', () => {
  const c = node('c');
  const b = node('b', c);
  expect(order(node('a', b, c, node('d', b)))).toBe('cbda');
});

test('a circle is visited once', () => {
  const b = node('b');
  const a = node('a', b);
  b.to.push(a, b);
  expect(order(a)).toBe('ba');
});

test('a chain of 100,000 does not use the call stack', () => {
  let last = node('x');
  for (let index = 1; index < 100_000; index++) last = node('x', last);
  expect(order(last)).toHaveLength(100_000);
});
