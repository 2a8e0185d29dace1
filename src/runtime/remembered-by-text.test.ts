import { expect, test, vi } from 'vitest';
import { rememberedByText } from './remembered-by-text.ts';

test('computes once for each text, and forgets all results when there are too many', () => {
  const compute = vi.fn((text: string) => text.length);
  const lengthOf = rememberedByText(compute, 2);
  expect(['a', 'bb', 'a', 'bb'].map((text) => lengthOf(text))).toEqual([1, 2, 1, 2]);
  expect(compute).toHaveBeenCalledTimes(2);
  expect(lengthOf('ccc')).toBe(3);
  expect(lengthOf('a')).toBe(1);
  expect(compute.mock.calls.map(([text]) => text)).toEqual(['a', 'bb', 'ccc', 'a']);
});
