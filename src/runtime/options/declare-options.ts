import { suggestion } from '../text/nearest.ts';
import { OptionError } from './option-error.ts';
import { type OptionKind, type OptionKinds, type OptionTable, shape } from './option-kinds.ts';

export interface Declaration {
  /** Other spelling → what to write: `Write "input".` */
  readonly hints?: OptionTable['hints'];
  /** A correct call, shown for an unknown or missing option. */
  readonly example?: string;
}

/** @returns the options, `{}` if there are none. @throws OptionError */
export type CheckOptions<Options> = (options: Options | undefined, about?: string) => Options;

/**
 * Declares the options of a function, and their types. TypeScript checks them at compile time; this checks them at run
 * time as well, and TypeScript checks the declaration against the type.
 *
 * ```ts
 * const checked = declareOptions<TimeoutOptions>('timeout()', { ms: required(number(TIMER_MS)) });
 * export function timeout(options: TimeoutOptions) {
 *   const { ms } = checked(options);
 * ```
 *
 * @param maker the function's name in messages; `about` of a check is more specific: `the tool "add"`
 * @returns a check that throws an {@link OptionError} with the option and its type, or a suggestion. An option that is
 *   `undefined` (`process.env.X`) is absent.
 */
export function declareOptions<Options extends object>(
  maker: string,
  kinds: OptionKinds<Options>,
  { hints = {}, example }: Declaration = {},
): CheckOptions<Options> {
  const kind = shape<Options>(kinds, { hints });
  return (options, about = maker) => {
    // Without options, `required` reports what is missing.
    const given: unknown = options ?? {};
    if (!kind.fits(given)) throw new OptionError(`${about} takes an object of options; got ${shown(given, kind)}.`);
    checkValue({ maker: about, path: '', example }, given, kind);
    return given as Options; // checked above
  };
}

/** Declares the argument of a function that takes something other than options, for example values by name. */
export function declareValues<Value>(
  maker: string,
  kind: OptionKind,
  { example }: Pick<Declaration, 'example'> = {},
): (value: Value) => Value {
  return (value) => {
    const place = { maker, path: '', example };
    if (!kind.fits(value)) {
      throw new OptionError(`${maker} takes ${kind.expected}; got ${shown(value, kind)}.${exampleOf(place)}`);
    }
    checkValue(place, value, kind);
    return value;
  };
}

interface Place {
  readonly maker: string;
  /** Empty for the options themselves, otherwise `redaction.keys`, `include[0]`. */
  readonly path: string;
  readonly example: string | undefined;
}

function checkValue(place: Place, value: unknown, kind: OptionKind): void {
  if (!kind.fits(value)) {
    throw new OptionError(
      `${place.maker}: "${place.path}" must be ${kind.expected}; got ${shown(value, kind)}.${exampleOf(place)}`,
    );
  }
  if (kind.options) checkTable(place, value as Readonly<Record<string, unknown>>, kind.options);
  kind.inside?.(value, (name, part, inner) => checkValue(inPlace(place, name), part, inner));
}

function checkTable(place: Place, options: Readonly<Record<string, unknown>>, { kinds, hints }: OptionTable): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind) {
      checkValue(inPlace(place, `.${name}`), value, kind);
      continue;
    }
    const { path } = inPlace(place, `.${name}`);
    const advice = Object.hasOwn(hints, name) ? hints[name] : suggestion(name, Object.keys(kinds));
    throw new OptionError(`${place.maker} has no option "${path}". ${advice}${exampleOf(place)}`);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    if (!kind.required || options[name] !== undefined) continue;
    const { path } = inPlace(place, `.${name}`);
    throw new OptionError(`${place.maker} needs the option "${path}": ${kind.expected}.${exampleOf(place)}`);
  }
}

const inPlace = ({ path, ...place }: Place, name: string): Place => ({
  ...place,
  path: path === '' && name.startsWith('.') ? name.slice(1) : path + name,
});

const exampleOf = ({ example }: Place): string => (example === undefined ? '' : ` Example: ${example}`);

/** The given value, for a message; a string only if it cannot be secret. */
function shown(value: unknown, { isOpen = false }: Pick<OptionKind, 'isOpen'> = {}): string {
  if (typeof value === 'string') return isOpen ? JSON.stringify(value) : 'a string';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Promise) return 'a promise (await it first)';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
