import { isRecord } from '../is-record.ts';
import { fits, type Range, rangeText } from './option-range.ts';

/** The type of an option. */
export interface OptionKind {
  /** In the reader's words: `true or false`. */
  readonly expected: string;
  /** Its values are not secret, so messages may quote them. */
  readonly isOpen?: boolean;
  readonly required?: boolean;
  fits(value: unknown): boolean;
  /** Checks the parts of a value of the right type; `name` is the path inside the option: `[0]`, `.tools`. */
  inside?(value: unknown, check: (name: string, part: unknown, kind: OptionKind) => void): void;
  /** The options in the value, if it is an object of options. */
  readonly options?: OptionTable;
}

/** The known options, and what to write instead of other spellings. */
export interface OptionTable {
  readonly kinds: Readonly<Record<string, OptionKind>>;
  /** Other spelling → what to write: `Write "input".` */
  readonly hints: Readonly<Record<string, string>>;
}

export type RequiredKind = OptionKind & { readonly required: true };

/** Every option of an interface: TypeScript reports a missing or extra one, and a wrong `required`. */
export type OptionKinds<Options> = {
  readonly [Name in keyof Required<Options>]: Record<never, never> extends Pick<Options, Name>
    ? OptionKind & { readonly required?: false }
    : RequiredKind;
};

type Optional = OptionKind & { readonly required?: false };

const isText = (value: unknown): value is string => typeof value === 'string';

export const required = (kind: OptionKind): RequiredKind => ({ ...kind, required: true });

export const onOff: Optional = {
  expected: 'true or false',
  isOpen: true,
  fits: (value) => typeof value === 'boolean',
};
export const text: Optional = { expected: 'a string', fits: isText };
export const texts: Optional = {
  expected: 'a list of strings',
  fits: (value) => Array.isArray(value) && value.every(isText),
};
export const byName: Optional = {
  expected: 'an object of strings',
  fits: (value) => isRecord(value) && Object.values(value).every((each) => each === undefined || isText(each)),
};
export const func: Optional = { expected: 'a function', fits: (value) => typeof value === 'function' };
export const regExp: Optional = { expected: 'a regular expression', fits: (value) => value instanceof RegExp };
export const record: Optional = { expected: 'an object', fits: isRecord };
const pairs: Optional = {
  expected: 'a list of [name, value]',
  fits: (value) =>
    Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText)),
};
/** Headers: `{ 'X-Key': '…' }`, or pairs if a name is repeated. */
export const headers: Optional = {
  expected: 'an object of strings, or a list of [name, value]',
  fits: (value) => byName.fits(value) || pairs.fits(value),
};
/** Checked elsewhere, or only by its type. */
export const anything: Optional = { expected: 'a value', fits: () => true };

export function pattern(expected: string, allowed: RegExp): Optional {
  return { expected, isOpen: true, fits: (value) => isText(value) && allowed.test(value) };
}

/** @param choices a list, or an object with them as keys, so that TypeScript reports a missing one */
export function choice(choices: readonly string[] | Readonly<Record<string, true>>): Optional {
  const names: readonly string[] = Array.isArray(choices) ? choices : Object.keys(choices);
  return {
    expected: names.length === 1 ? `"${names[0]}"` : `one of ${names.join(', ')}`,
    isOpen: true,
    fits: (value) => isText(value) && names.includes(value),
  };
}

export function number(range: Range): Optional {
  return { expected: rangeText(range), isOpen: true, fits: (value) => fits(value, range) };
}

/** An object with these methods: `expected` describes it, `tokenBucket({ size: 20, perSecond: 2 })`. */
export function withMethods(expected: string, ...methods: readonly string[]): Optional {
  return {
    expected,
    fits: (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function'),
  };
}

export function either(expected: string, ...kinds: readonly OptionKind[]): Optional {
  return {
    expected,
    isOpen: kinds.every(({ isOpen }) => isOpen === true),
    fits: (value) => kinds.some((kind) => kind.fits(value)),
    inside(value, check) {
      const kind = kinds.find((each) => each.fits(value));
      if (kind) check('', value, kind);
    },
  };
}

/** @param of in the plural: `rules` */
export function listOf(of: string, kind: OptionKind): Optional {
  return {
    expected: `a list of ${of}`,
    fits: Array.isArray,
    inside(value, check) {
      for (const [index, part] of (value as readonly unknown[]).entries()) check(`[${index}]`, part, kind);
    },
  };
}

/** @param of the values by name: `names of arguments by tool` */
export function recordOf(of: string, kind: OptionKind): Optional {
  return {
    expected: `an object of ${of}`,
    fits: isRecord,
    inside(value, check) {
      for (const [name, part] of Object.entries(value as Readonly<Record<string, unknown>>)) {
        if (part !== undefined) check(`.${name}`, part, kind);
      }
    },
  };
}

/** A nested object of options. */
export function shape<Options>(
  kinds: OptionKinds<Options>,
  { expected = 'an object', hints = {} }: { readonly expected?: string; readonly hints?: OptionTable['hints'] } = {},
): Optional {
  // Only the names differ between interfaces.
  return { expected, fits: isRecord, options: { kinds: kinds as OptionTable['kinds'], hints } };
}
