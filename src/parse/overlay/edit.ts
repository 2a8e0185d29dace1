/** The location of a value: names and indexes from the root. */
export type Location = readonly (string | number)[];

/**
 * Objects and lists that one action has already copied, and may therefore modify. One set per action: afterwards a copy
 * may be shared (by a `copy` action), and must not be modified.
 */
export interface Copies {
  readonly made: WeakSet<object>;
  /** Pointers of objects from other files: a copy keeps that of its original. */
  readonly pointers: WeakMap<object, string>;
}

/**
 * Sets the value at `location`. Copies only what is on the path, once per action, so an action with 10,000 targets
 * never clones the document.
 */
export function replaceAt(
  root: unknown,
  location: Location,
  change: (value: unknown) => unknown,
  copies: Copies,
): unknown {
  const [key, ...rest] = location;
  if (key === undefined) return change(root);
  if (!isContainer(root)) return root;
  const copy = ownCopy(root, copies);
  define(copy, key, replaceAt(valueAt(copy, key), rest, change, copies));
  return copy;
}

/** Removes the values at `locations`, in any order. */
export function removeAll(root: unknown, locations: readonly Location[], copies: Copies): unknown {
  let result = root;
  for (const location of [...locations].sort(lastFirst)) {
    const key = location.at(-1);
    if (key === undefined) continue;
    result = replaceAt(result, location.slice(0, -1), (parent) => without(parent, key, copies), copies);
  }
  return result;
}

/** Later list items first and inner values before outer ones, so that a removal never moves another target. */
function lastFirst(a: Location, b: Location): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i] as string | number, b[i] as string | number]; // within both lengths
    if (left === right) continue;
    return typeof left === 'number' && typeof right === 'number' ? right - left : left < right ? 1 : -1;
  }
  return b.length - a.length;
}

function without(parent: unknown, key: string | number, copies: Copies): unknown {
  if (!isContainer(parent)) return parent;
  const copy = ownCopy(parent, copies);
  if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

type Container = unknown[] | Record<string, unknown>;
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

function ownCopy(value: Container, copies: Copies): Container {
  if (copies.made.has(value)) return value;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copies.made.add(copy);
  return keepPlace(copy, value, copies.pointers);
}

/** A changed object keeps the pointer of its original. */
export function keepPlace<T extends object>(copy: T, original: object, pointers: WeakMap<object, string>): T {
  const pointer = pointers.get(original);
  if (pointer !== undefined) pointers.set(copy, pointer);
  return copy;
}

const valueAt = (container: Container, key: string | number): unknown =>
  Array.isArray(container) ? container[Number(key)] : container[key];

/** Plain assignment would treat a property called `__proto__` as the prototype. */
function define(container: Container, key: string | number, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
