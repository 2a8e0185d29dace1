import { expect, test } from 'vitest';
import { madeLater } from './made-later.ts';

function counted(value: number | undefined) {
  let times = 0;
  const made = madeLater<{ name: string; more?: number | undefined }, number | undefined>({ name: 'a' }, 'more', () => {
    times += 1;
    return value;
  });
  return { made, times: () => times };
}

test('the value is made when it is read, and only once', () => {
  const { made, times } = counted(1);
  expect(times()).toBe(0);
  expect([made.more, made.more]).toEqual([1, 1]);
  expect(times()).toBe(1);
});

test('copies and JSON have the value', () => {
  expect({ ...counted(1).made }).toEqual({ name: 'a', more: 1 });
  expect(JSON.stringify(counted(1).made)).toBe('{"name":"a","more":1}');
});

test('without a value, the property is absent once it was read', () => {
  const { made, times } = counted(undefined);
  expect(JSON.stringify(made)).toBe('{"name":"a"}');
  expect(Object.keys(made)).toEqual(['name']);
  expect(made.more).toBeUndefined();
  expect(times()).toBe(1);
});

test('the given object stays as it is', () => {
  const given: { name: string; more?: number } = { name: 'a' };
  expect(madeLater(given, 'more', () => 1).more).toBe(1);
  expect(given).toEqual({ name: 'a' });
});
