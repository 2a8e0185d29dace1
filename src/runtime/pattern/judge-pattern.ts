import { rememberedByText } from '../remembered-by-text.ts';
import { linearPattern } from './linear-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import { mostSteps } from './pattern-cost.ts';

/** How to run an untrusted pattern safely. */
export type PatternVerdict =
  /** With the platform's own engine, which needs few steps for any text. */
  | { readonly kind: 'native' }
  /** With the linear-time engine, in whose syntax it is `written`. */
  | { readonly kind: 'linear'; readonly written: string; readonly size: number }
  /** Not at all. */
  | { readonly kind: 'unsafe'; readonly reason: string }
  /** Not a regular expression in the `u` dialect that JSON Schema 2020-12 §6.4 requires. */
  | { readonly kind: 'broken' };

/** About 10 ms in the platform's engine. */
const MOST_STEPS = 5_000_000;
/** Longer patterns are not even parsed. */
const LONGEST = 10_000;
export const MOST_KNOWN = 5_000;

/**
 * Classifies a pattern by its structure, in time linear in its length: loads no engine, and matches no text. Results
 * are cached.
 */
export const judgePattern = rememberedByText(judge, MOST_KNOWN);

/**
 * The pattern for the linear-time engine, even if the platform's own needs few steps; `undefined` if it is not
 * supported.
 */
export function linearVerdict(source: string): Extract<PatternVerdict, { kind: 'linear' }> | undefined {
  const tree = source.length <= LONGEST && compiles(source) ? parsePattern(source) : undefined;
  const linear = tree && linearPattern(tree);
  return linear && 'written' in linear ? { kind: 'linear', ...linear } : undefined;
}

function judge(source: string): PatternVerdict {
  if (source.length > LONGEST) return { kind: 'unsafe', reason: `it is longer than ${LONGEST} characters` };
  if (!compiles(source)) return { kind: 'broken' };
  const tree = parsePattern(source);
  if (!tree) return { kind: 'unsafe', reason: 'it is nested too deeply, or uses unknown syntax' };
  if (mostSteps(tree) <= MOST_STEPS) return { kind: 'native' };
  const linear = linearPattern(tree);
  return 'reason' in linear ? { kind: 'unsafe', reason: linear.reason } : { kind: 'linear', ...linear };
}

function compiles(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}
