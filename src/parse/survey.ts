import { hidesText } from '../model/hidden-text.ts';

/** Maximum nesting of objects and lists. Real documents have a few dozen levels; later stages may recurse this far. */
export const MOST_LEVELS = 500;

/** Facts about all values of a document that later stages need, found in one walk. */
export interface Survey {
  readonly isTooDeep: boolean;
  /** Whether a string may have invisible characters. */
  readonly mayHideText: boolean;
  readonly hasDynamicRefs: boolean;
}

export function surveyOf(root: unknown): Survey {
  let mayHideText = false;
  let hasDynamicRefs = false;
  // YAML aliases may put one object in many places.
  let left = MOST_STRINGS;

  /** Recurses at most `levels` deep. */
  function isDeeper(value: object, levels: number): boolean {
    if (levels === 0) return true;
    if (Array.isArray(value)) return value.some((child) => isBelow(child, levels));
    for (const key in value) {
      if (key === '$dynamicRef') hasDynamicRefs = true;
      if (isBelow((value as Readonly<Record<string, unknown>>)[key], levels)) return true;
    }
    return false;
  }

  function isBelow(child: unknown, levels: number): boolean {
    if (typeof child === 'object' && child !== null) return isDeeper(child, levels - 1);
    if (typeof child === 'string' && !mayHideText) mayHideText = --left < 0 || hidesText(child);
    return false;
  }

  const isTooDeep = typeof root === 'object' && root !== null && isDeeper(root, MOST_LEVELS);
  return { isTooDeep, mayHideText, hasDynamicRefs };
}

const MOST_STRINGS = 5_000_000;
