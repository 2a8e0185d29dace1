import { rememberedByText } from '../remembered-by-text.ts';
import { judgePattern, linearVerdict, MOST_KNOWN } from './judge-pattern.ts';
import { LONGEST_FOR_PATTERN } from './pattern-cost.ts';

/** Whether a text contains a match. */
export type PatternTest = (text: string) => boolean;

/** One engine per process, because all share the same patterns. */
let engine: typeof import('re2js').RE2JS | undefined;
let wanted = false;

/** Loads the linear-time engine, if a pattern so far needs it. Until then such patterns match every text. */
export async function patternsReady(): Promise<void> {
  if (wanted) await loadEngine();
}

async function loadEngine(): Promise<void> {
  engine ??= (await import('re2js')).RE2JS;
}

/** Pattern size times text length: about 50 ms at worst. */
const MOST_WORK = 200_000;

/**
 * Runs an untrusted pattern. Texts longer than 2,048 characters are not tried and match every pattern; for very large
 * patterns the limit can be as low as 146.
 *
 * @returns `undefined` if the pattern cannot be run safely (see {@link judgePattern})
 */
export const patternTest = rememberedByText(makeTest, MOST_KNOWN);

function makeTest(source: string): PatternTest | undefined {
  const verdict = judgePattern(source);
  switch (verdict.kind) {
    case 'native': {
      const compiled = new RegExp(source, 'u');
      return (text) => text.length > LONGEST_FOR_PATTERN || compiled.test(text);
    }
    case 'linear': {
      wanted = true;
      const longest = Math.min(LONGEST_FOR_PATTERN, Math.floor(MOST_WORK / verdict.size));
      return linearTest(verdict.written, { longest, otherwise: true });
    }
    default:
      return undefined;
  }
}

/** For texts of a document, which may be long, but are searched only once and not on each call. */
const MOST_SEARCH_WORK = 10_000_000;

/**
 * Patterns that search the texts of a document, with the linear-time engine only. A text that is too large for a
 * pattern does not match it, and an unsupported pattern matches nothing.
 */
export async function searchTests(): Promise<(source: string) => PatternTest> {
  await loadEngine();
  return (source) => {
    const verdict = linearVerdict(source);
    if (!verdict) return () => false;
    const longest = Math.floor(MOST_SEARCH_WORK / verdict.size);
    return linearTest(verdict.written, { longest, otherwise: false });
  };
}

function linearTest(
  written: string,
  { longest, otherwise }: { readonly longest: number; readonly otherwise: boolean },
): PatternTest {
  let test: PatternTest | undefined;
  return (text) => {
    if (text.length > longest || !engine) return otherwise;
    test ??= compiled(engine, written, otherwise);
    return test(text);
  };
}

function compiled(linear: NonNullable<typeof engine>, written: string, otherwise: boolean): PatternTest {
  try {
    const pattern = linear.compile(written);
    // Its `test` builds an automaton, which takes megabytes for a malicious pattern.
    return (text) => pattern.matcher(text).find();
  } catch {
    return () => otherwise;
  }
}
