import { describe, expect, it } from 'vitest';
import { isMultiple } from './decimal.ts';

describe('multiples in decimal', () => {
  it.each([
    [19.99, 0.01],
    [0.3, 0.1],
    [1.1, 0.1],
    [-19.99, 0.01],
    [1.005, 0.001],
    [0, 0.01],
    [-0, 5],
    [1e-7, 1e-7],
    [3e-7, 1e-7],
    [1e21, 0.01],
    [1e308, 1e-308],
    [Number.MAX_VALUE, Number.MIN_VALUE],
    [4.35, 0.05],
    [7, 3.5],
    ['990000000262240065', 5],
  ])('%s is a multiple of %s', (value, factor) => {
    expect(isMultiple(value, factor)).toBe(true);
  });

  it.each([
    [1.005, 0.01],
    [0.35, 0.1],
    [1e-8, 1e-7],
    [-1.005, 0.01],
    [5, 2],
    [1e-308, 1e308],
    ['990000000262240065', 2],
    ['990000000262240065', 128],
  ])('%s is not a multiple of %s', (value, factor) => {
    expect(isMultiple(value, factor)).toBe(false);
  });

  it('holds nothing to a factor of zero', () => {
    expect(isMultiple(5, 0)).toBe(true);
  });
});
