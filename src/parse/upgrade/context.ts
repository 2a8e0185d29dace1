import type { ProblemCode } from '../../problems.ts';
import type { JsonObject } from '../json.ts';
import type { SchemaUpgrade } from './schema.ts';

/** What every part of the upgrade needs to know about the document. */
export interface UpgradeContext {
  /** As written, with other files bundled. */
  readonly root: JsonObject;
  /** The original place of each moved object. */
  readonly pointers: WeakMap<object, string>;
  /** Of the document, if it came from the network. */
  readonly url: string | undefined;
  readonly schemas: SchemaUpgrade;
  /** Media types of the root; `undefined` if it has none. */
  readonly consumes: readonly string[] | undefined;
  readonly produces: readonly string[] | undefined;
  say(code: ProblemCode, pointer: string, message: string): void;
}

/** Records where a value was. */
export function moved<T>(value: T, pointer: string, { pointers }: UpgradeContext): T {
  if (typeof value === 'object' && value !== null) pointers.set(value, pointer);
  return value;
}

/** The strings of a list; `undefined` if it is not a list. */
export function strings(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : undefined;
}

/** The extensions (`x-…`) of an object. */
export function extensions(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key.startsWith('x-')));
}

/** The given keys of an object, if present. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (key in object ? [[key, object[key]]] : [])));
}
