import { isObject } from '../json.ts';
import { keepPlace } from './edit.ts';

export type Kind = 'object' | 'list' | 'primitive';

/** `null` is a primitive, as in the Overlay Specification. */
export function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'object' : 'primitive';
}

/** Two values that cannot be merged: `path` is relative to the merged values; the target's value is kept. */
export interface Clash {
  readonly path: readonly string[];
  readonly target: Kind;
  readonly update: Kind;
}

/** The result of merging. */
export interface Merged {
  readonly clashes: Clash[];
  /** Pointers of objects from other files: a merged object keeps its pointer. */
  readonly pointers: WeakMap<object, string>;
}

/**
 * Merges the update into the target (Overlay 1.1.0 §4.4.3 "Action Object"): objects property by property, lists joined,
 * primitives replaced. Modifies neither; unchanged parts are shared. 1.0 only says "recursively merged", so the same
 * rules apply.
 */
export function merge(target: unknown, update: unknown, made: Merged, path: readonly string[] = []): unknown {
  if (isObject(target) && isObject(update)) return mergeObjects(target, update, made, path);
  if (Array.isArray(target) && Array.isArray(update)) return [...target, ...update];
  const [targetKind, updateKind] = [kindOf(target), kindOf(update)];
  if (targetKind === 'primitive' && updateKind === 'primitive') return update;
  made.clashes.push({ path, target: targetKind, update: updateKind });
  return target;
}

function mergeObjects(
  target: Record<string, unknown>,
  update: Record<string, unknown>,
  made: Merged,
  path: readonly string[],
): Record<string, unknown> {
  // Built from entries, because plain assignment would treat a property called `__proto__` as the prototype.
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(update)) {
    merged.set(key, merged.has(key) ? merge(merged.get(key), value, made, [...path, key]) : value);
  }
  return keepPlace(Object.fromEntries(merged), target, made.pointers);
}
