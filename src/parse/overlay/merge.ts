import { keepPlace } from './edit.ts';

export type Kind = 'object' | 'list' | 'primitive';

/** `null` is a primitive, as the Overlay Specification has it. */
export function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'object' : 'primitive';
}

/** Two values that cannot be merged: `path` is where they stand below the merged ones; the target's stays. */
export interface Clash {
  readonly path: readonly string[];
  readonly target: Kind;
  readonly update: Kind;
}

/** What merging leaves behind. */
export interface Merged {
  readonly clashes: Clash[];
  /** Where objects of further files stand: one that was merged into stays at its place. */
  readonly pointers: WeakMap<object, string>;
}

/**
 * The target with the update merged into it (Overlay 1.1.0 §4.4.3 "Action Object"): objects property by property, lists
 * joined, primitives replaced. Neither is changed; parts that stay are shared. 1.0 says "recursively merged" and leaves
 * the rest open, so it is read by the same rules.
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
  // Built from entries, for plain assignment would take a property called `__proto__` for the prototype.
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(update)) {
    merged.set(key, merged.has(key) ? merge(merged.get(key), value, made, [...path, key]) : value);
  }
  return keepPlace(Object.fromEntries(merged), target, made.pointers);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return kindOf(value) === 'object';
}
