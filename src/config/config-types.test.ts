import { expect, test } from 'vitest';
import type { ApiConfig, Config } from './config.ts';
import type { ConfigValue } from './config-spec.ts';

// The compiler is the test: a field that only one of the two has, or has otherwise, does not compile.

/** Without names and intersections, all the way down: what is left is the fields. */
type Plain<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

test('programs and files accept the same config', () => {
  const same: Same<Plain<Config>, Plain<ConfigValue>> = true;
  expect(same).toBe(true);
});

test('a difference deep within would be seen', () => {
  type Changed = Omit<Config, 'apis'> & { readonly apis?: Readonly<Record<string, ApiConfig & { further?: string }>> };
  const same: Same<Plain<Changed>, Plain<ConfigValue>> = false;
  expect(same).toBe(false);
});
