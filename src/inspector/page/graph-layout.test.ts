import { expect, test } from 'vitest';
import { layOut } from './graph-layout.ts';

const edge = (from: string, to: string) => ({ from, to, labels: ['id'] });
const columns = (ids: string, edges: readonly string[]) =>
  Object.fromEntries(
    layOut(
      ids.split(''),
      edges.map((pair) => edge(pair.charAt(0), pair.charAt(1))),
    ).map(({ id, column }) => [id, column]),
  );

test('each operation is to the right of those whose ids it needs', () => {
  expect(columns('dcba', ['ab', 'bc', 'ac', 'cd'])).toEqual({ a: 0, b: 1, c: 2, d: 3 });
});

test('a cycle is laid out, too', () => {
  expect(Object.values(columns('abc', ['ab', 'bc', 'ca'])).sort()).toEqual([0, 1, 2]);
  expect(columns('a', ['aa'])).toEqual({ a: 0 });
});

test('operations are next to those that they depend on', () => {
  const placed = layOut(['a', 'b', 'x', 'y'], [edge('a', 'y'), edge('b', 'x')]);
  const row = (id: string) => placed.find((each) => each.id === id)?.row;
  expect([row('y'), row('x')]).toEqual([row('a'), row('b')]);
});

test('no two operations share a place', () => {
  const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
  const edges = ids.flatMap((id, index) => (index > 2 ? [edge(`n${index % 3}`, id)] : []));
  const places = layOut(ids, edges).map(({ column, row }) => `${column}/${row}`);
  expect(new Set(places).size).toBe(20);
});
