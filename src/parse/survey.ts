import { visibleText } from '../model/hidden-text.ts';

/** Levels of objects and lists that are read. Honest documents have a few dozen; each later stage may recurse so far. */
export const MOST_LEVELS = 500;

/** What later stages need to know of every value of a document, found in one walk over it. */
export interface Survey {
  readonly isTooDeep: boolean;
  /** Whether a string may have characters that no reader sees. */
  readonly mayHideText: boolean;
  readonly hasDynamicRefs: boolean;
}

export function surveyOf(root: unknown): Survey {
  let mayHideText = false;
  let hasDynamicRefs = false;
  // Aliases of YAML may put one object in many places.
  let left = MOST_STRINGS;

  /** Recurses no further than `levels`. */
  function isDeeper(value: object, levels: number): boolean {
    if (levels === 0) return true;
    // An index of a list is a key too.
    for (const key in value) {
      const child: unknown = (value as Readonly<Record<string, unknown>>)[key];
      if (typeof child === 'string') {
        if (key === '$dynamicRef') hasDynamicRefs = true;
        if (!mayHideText) mayHideText = --left < 0 || visibleText(child) !== child;
      } else if (typeof child === 'object' && child !== null && isDeeper(child, levels - 1)) return true;
    }
    return false;
  }

  const isTooDeep = typeof root === 'object' && root !== null && isDeeper(root, MOST_LEVELS);
  return { isTooDeep, mayHideText, hasDynamicRefs };
}

const MOST_STRINGS = 5_000_000;
