import { judgePattern } from './judge-pattern.ts';
import { LONGEST_FOR_PATTERN } from './pattern-cost.ts';

/** Whether a text matches anywhere. Texts of more than 2,048 characters match every pattern: they are not tried. */
export type PatternTest = (text: string) => boolean;

/** One engine for the process, as the patterns are the same for all. */
let engine: typeof import('re2js').RE2JS | undefined;
let wanted = false;

/** Loads the linear engine, where a pattern so far needs it. Until then such patterns match every text. */
export async function patternsReady(): Promise<void> {
  if (wanted) engine ??= (await import('re2js')).RE2JS;
}

/** Runs a pattern that somebody else wrote. `undefined`: it cannot be run without risk (see {@link judgePattern}). */
export function patternTest(source: string): PatternTest | undefined {
  const known = tests.get(source);
  if (known) return known;
  const test = makeTest(source);
  if (!test) return undefined;
  if (tests.size >= MOST_KNOWN) tests.clear();
  tests.set(source, test);
  return test;
}
const tests = new Map<string, PatternTest>();
const MOST_KNOWN = 5_000;

function makeTest(source: string): PatternTest | undefined {
  const verdict = judgePattern(source);
  switch (verdict.kind) {
    case 'native': {
      const compiled = new RegExp(source, 'u');
      return (text) => isTooLong(text) || compiled.test(text);
    }
    case 'linear':
      return linearTest(verdict);
    default:
      return undefined;
  }
}

function linearTest({ written, longest }: { readonly written: string; readonly longest: number }): PatternTest {
  wanted = true;
  let test: PatternTest | undefined;
  return (text) => {
    if (text.length > longest || !engine) return true;
    test ??= compiled(engine, written);
    return test(text);
  };
}

/** What the engine refuses after all is not held against. */
function compiled(linear: NonNullable<typeof engine>, written: string): PatternTest {
  try {
    const pattern = linear.compile(written);
    // Its `test` builds an automaton, which takes megabytes for a pattern that means ill.
    return (text) => pattern.matcher(text).find();
  } catch {
    return () => true;
  }
}

const isTooLong = (text: string): boolean => text.length > LONGEST_FOR_PATTERN;
