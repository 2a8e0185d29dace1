import { visibleText } from '../model/hidden-text.ts';

/** Maximum nesting of objects and lists. Real documents have a few dozen levels; later stages may recurse this far. */
export const MOST_LEVELS = 500;

/** Facts about all values of a document that later stages need, found in one walk. */
export interface Survey {
  readonly isTooDeep: boolean;
  /** Whether a string may have invisible characters. */
  readonly mayHideText: boolean;
  readonly hasDynamicRefs: boolean;
}

/**
 * Whether no string that is parsed from a text can have invisible characters: the text is printable ASCII, and its escapes
 * are those of quotes, slashes and white space.
 */
export const isPlain = (text: string): boolean => !/[^\n\r\t\u0020-\u007e]/.test(text) && !/\\[^"\\/nrt]/.test(text);

/** @param isPlainText whether all strings are from a text that {@link isPlain} */
export function surveyOf(root: unknown, isPlainText = false): Survey {
  let mayHideText = false;
  let hasDynamicRefs = false;
  // YAML aliases may put one object in many places.
  let left = MOST_STRINGS;

  /** Recurses at most `levels` deep. */
  function isDeeper(value: object, levels: number): boolean {
    if (levels === 0) return true;
    // List indexes count as keys.
    for (const key in value) {
      const child: unknown = (value as Readonly<Record<string, unknown>>)[key];
      if (typeof child === 'string') {
        if (key === '$dynamicRef') hasDynamicRefs = true;
        if (!isPlainText && !mayHideText) mayHideText = --left < 0 || visibleText(child) !== child;
      } else if (typeof child === 'object' && child !== null && isDeeper(child, levels - 1)) return true;
    }
    return false;
  }

  const isTooDeep = typeof root === 'object' && root !== null && isDeeper(root, MOST_LEVELS);
  return { isTooDeep, mayHideText, hasDynamicRefs };
}

const MOST_STRINGS = 5_000_000;
