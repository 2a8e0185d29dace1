import { type Problem, problem } from '../problems.ts';
import { isObject } from './json.ts';
import { joinPointer } from './references.ts';
import { MOST_LEVELS, type Survey, surveyOf } from './survey.ts';

/** A problem points at a place this far below the root: a pointer of 500 segments helps nobody. */
const TOLD_LEVELS = 12;

/** Keys whose values are maps from names to schemas: words among them would be taken for a schema. */
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'schemas']);

export interface Folded {
  readonly root: unknown;
  readonly problems: readonly Problem[];
  readonly survey: Survey;
}

/**
 * The value, with what nests deeper than {@link MOST_LEVELS} left out and reported. Nothing is copied where nothing is
 * too deep.
 *
 * @param pointer where the value stands, for the problems
 */
export function foldDepth(root: unknown, pointer: string): Folded {
  const survey = surveyOf(root);
  if (!survey.isTooDeep) return { root, problems: [], survey };
  const places = new Set<string>();
  const value = folded(root, { pointer, levels: 0, key: '' }, places);
  const message = `Values nest more than ${MOST_LEVELS} levels deep below this point. Anything deeper is dropped.`;
  return {
    root: value,
    problems: [...places].map((place) => problem('TOO_DEEP', place, message)),
    survey: surveyOf(value),
  };
}

interface Place {
  readonly pointer: string;
  readonly levels: number;
  /** The key that the value stands at. */
  readonly key: string;
}

function folded(value: unknown, place: Place, places: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (place.levels >= MOST_LEVELS) {
    places.add(place.pointer);
    if (Array.isArray(value)) return [];
    return MAPS.has(place.key) ? {} : { description: 'Nested too deeply to be described. Any value is accepted here.' };
  }
  const below = (child: unknown, key: string): unknown => {
    const told = place.levels < TOLD_LEVELS ? joinPointer(place.pointer, key) : place.pointer;
    return folded(child, { pointer: told, levels: place.levels + 1, key }, places);
  };
  if (!isObject(value)) return (value as readonly unknown[]).map((item, index) => below(item, String(index)));
  // JSON.parse has made `__proto__` a property of its own, and so does this.
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, below(child, key)]));
}
