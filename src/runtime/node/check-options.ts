import { suggestion } from '../api/nearest.ts';
import { fits, type Range, rangeText } from '../option-range.ts';
import { OptionError } from './option-error.ts';

/** What an option may be. */
export interface OptionKind {
  /** In the reader's words: `true or false`. */
  readonly expected: string;
  /** Values that are no secret, so that a message may repeat them. */
  readonly isOpen?: boolean;
  fits(value: unknown): boolean;
}

/** Every option that there is. */
export type OptionKinds<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

/**
 * Checks what a program gives as options: types tell that to TypeScript only. A config file is checked by `config/`, with
 * its variables and paths.
 *
 * @throws OptionError that names the option, and what it may be or what was probably meant.
 */
export function checkOptions(options: object, kinds: Readonly<Record<string, OptionKind>>): void {
  for (const [name, value] of Object.entries(options)) {
    // `process.env.X` that is not set.
    if (value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw new OptionError(`The option "${name}" is not known. ${suggestion(name, Object.keys(kinds))}`);
    if (kind.fits(value)) continue;
    throw new OptionError(`The option "${name}" must be ${kind.expected}, and is ${shown(value, kind)}.`);
  }
}

export const onOff: OptionKind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };

const isText = (value: unknown): value is string => typeof value === 'string';
export const text: OptionKind = { expected: 'a text', fits: isText };
export const texts: OptionKind = {
  expected: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.every(isText),
};
export const pairs: OptionKind = {
  expected: 'a list of [name, value]',
  fits: (value) =>
    Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText)),
};
export const byName: OptionKind = {
  expected: 'an object of texts',
  fits: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => each === undefined || isText(each)),
};
/** What only a program can give. */
export const anything: OptionKind = { expected: 'a value', fits: () => true };

export function pattern(expected: string, allowed: RegExp): OptionKind {
  return { expected, isOpen: true, fits: (value) => isText(value) && allowed.test(value) };
}

/** @param choices as keys, so that the compiler misses none of a type. */
export function choice(choices: Readonly<Record<string, true>>): OptionKind {
  const names = Object.keys(choices);
  return {
    expected: `one of ${names.join(', ')}`,
    isOpen: true,
    fits: (value) => isText(value) && names.includes(value),
  };
}

export function number(range: Range): OptionKind {
  return { expected: rangeText(range), fits: (value) => fits(value, range) };
}

function shown(value: unknown, { isOpen = false }: OptionKind): string {
  if (isText(value)) return isOpen ? JSON.stringify(value) : 'a text';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
