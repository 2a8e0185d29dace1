import { OptionError } from '../options/option-error.ts';

/**
 * The return value of a handler as JSON. A `Map` with string keys becomes an object, any other `Map` a list of pairs, a
 * `Set` a list; a `Date`, or an object with `toJSON()`, is converted by it.
 *
 * @param about the handler in messages: `The handler`
 * @throws OptionError for values that JSON would silently turn into `{}` or cannot represent: a `Response`, an `Error`,
 *   a generator, a promise, bytes, a `bigint`, a circular value
 */
export function plainJson(value: unknown, about: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value, (_, part: unknown) => writable(part, about));
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`${about} returned a value that JSON cannot represent: ${String((error as Error).message)}`, {
      cause: error,
    });
  }
  if (json === undefined) throw new OptionError(`${about} returned a ${typeof value}, which JSON cannot represent.`);
  return json;
}

function writable(value: unknown, about: string): unknown {
  if (typeof value === 'bigint') {
    throw new OptionError(`${about} returned a bigint, which JSON cannot represent. Return a string: String(value).`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value instanceof Map) {
    const isNamed = [...value.keys()].every((key) => typeof key === 'string');
    return isNamed ? Object.fromEntries(value) : [...value];
  }
  if (value instanceof Set) return [...value];
  const advice = ADVICE.find(({ fits }) => fits(value))?.advice;
  if (advice !== undefined) throw new OptionError(`${about} returned ${advice}`);
  if (isBlank(value)) {
    throw new OptionError(
      `${about} returned a ${value.constructor.name}, which JSON would turn into {}. Return plain data.`,
    );
  }
  return value;
}

type Fits = (value: object) => boolean;
const isOf =
  (name: string): Fits =>
  (value) =>
    Object.prototype.toString.call(value) === `[object ${name}]`;
const has =
  (method: PropertyKey): Fits =>
  (value) =>
    typeof (value as Readonly<Record<PropertyKey, unknown>>)[method] === 'function';

const ADVICE: readonly { readonly fits: Fits; readonly advice: string }[] = [
  { fits: (value) => value instanceof Error, advice: 'an Error. Throw it instead: throw new ToolError("…").' },
  {
    fits: isOf('Response'),
    advice: 'a Response. Return its body: await response.json(), or await response.text().',
  },
  { fits: has('then'), advice: 'data that contains a promise. Await it first.' },
  {
    fits: (value) =>
      ArrayBuffer.isView(value) || isOf('ArrayBuffer')(value) || isOf('Blob')(value) || isOf('File')(value),
    advice: 'bytes. Wrap them in image(), audio() or file().',
  },
  {
    fits: (value) => has(Symbol.asyncIterator)(value) || (has('next')(value) && has(Symbol.iterator)(value)),
    advice: 'a generator. Collect its values: return [...values].',
  },
];

/** A class instance with only private data: JSON would be `{}`. */
function isBlank(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || has('toJSON')(value)) return false;
  // An object of another realm (a worker, a test's sandbox) has another `Object.prototype`.
  return Object.keys(value).length === 0 && value.constructor?.name !== 'Object';
}
