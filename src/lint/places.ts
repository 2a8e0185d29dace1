import { isObject } from '../parse/json.ts';
import { joinPointer, pointerOf } from '../parse/references.ts';

/** The document that an overlay is applied to: as written, with path items of other files inlined. */
export interface Written {
  readonly root: unknown;
  /** The pointers of objects from other files. */
  readonly pointers: WeakMap<object, string>;
}

/**
 * Maps a finding's pointer to the places that an overlay can select. A pointer into the document is such a place. A
 * pointer into another file (`paths/orders.yaml#/get`) maps to every path item inlined from there, and to nothing else.
 */
export function createPlaces(written: Written): (pointer: string) => readonly string[] {
  let known: ReadonlyMap<string, readonly string[]> | undefined;
  return (pointer) => {
    if (pointer.startsWith('#')) return [pointer];
    known ??= placesOfFurtherFiles(written);
    const whole = known.get(pointer);
    if (whole) return whole;
    // A primitive has no recorded place; its parent object has.
    const end = pointer.lastIndexOf('/');
    return (known.get(pointer.slice(0, end)) ?? []).map((owner) => owner + pointer.slice(end));
  };
}

function placesOfFurtherFiles({ root, pointers }: Written): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, string[]>();
  const paths = isObject(root) && isObject(root.paths) ? root.paths : {};
  for (const [path, item] of Object.entries(paths)) {
    if (!isObject(item) || !pointers.has(item)) continue;
    for (const [value, place] of objectsOf(item, pointerOf('paths', path))) {
      const pointer = pointers.get(value);
      if (pointer === undefined) continue;
      const places = known.get(pointer);
      if (places) places.push(place);
      else known.set(pointer, [place]);
    }
  }
  return known;
}

/** Yields each object once: YAML aliases can share one a million times. */
function* objectsOf(item: object, place: string): Iterable<[value: object, place: string]> {
  const seen = new Set<unknown>();
  const waiting: [value: object, place: string][] = [[item, place]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    for (const [key, inner] of Object.entries(next[0])) {
      if (typeof inner !== 'object' || inner === null || seen.has(inner)) continue;
      seen.add(inner);
      waiting.push([inner, joinPointer(next[1], key)]);
    }
  }
}
