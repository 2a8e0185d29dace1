import { SCHEMA_MAPS } from '../model/subschemas.ts';
import { type Problem, problem } from '../problems.ts';
import { isObject } from './json.ts';
import { joinPointer } from './references.ts';
import { MOST_LEVELS, type Survey, surveyOf } from './survey.ts';

/** Depth below the root of the pointers in problems: a pointer with 500 segments is useless. */
const TOLD_LEVELS = 12;

/** Keys whose values are maps from names to schemas: a text in them would be read as a schema. */
const MAPS: ReadonlySet<string> = new Set(['schemas', ...SCHEMA_MAPS]);

export interface Folded {
  readonly root: unknown;
  readonly problems: readonly Problem[];
  readonly survey: Survey;
}

/**
 * Drops values nested deeper than {@link MOST_LEVELS} and reports them. Copies nothing if nothing is too deep.
 *
 * @param pointer the pointer of the value, for the problems
 * @param isPlainText as for {@link surveyOf}
 */
export function foldDepth(root: unknown, pointer: string, isPlainText = false): Folded {
  const survey = surveyOf(root, isPlainText);
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
  /** The key of the value. */
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
  // JSON.parse makes `__proto__` an own property, and so does this.
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, below(child, key)]));
}
