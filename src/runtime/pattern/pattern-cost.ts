import type { PatternNode } from './pattern-node.ts';

/** Longer texts are not matched. */
export const LONGEST_FOR_PATTERN = 2_048;

/**
 * The maximum number of steps of a backtracking engine for a text of {@link LONGEST_FOR_PATTERN} characters, from every
 * start position. An upper bound that depends only on the structure of the pattern: each part has a number of ways to
 * match from one position, and what follows is tried once for each.
 */
export function mostSteps(tree: PatternNode): number {
  const starts = isAnchored(tree) ? 1 : LONGEST_FOR_PATTERN;
  return costOf(tree).steps * starts;
}

interface Cost {
  /** The maximum number of ways to match from one position. */
  readonly ways: number;
  /** The cost of trying all of them. */
  readonly steps: number;
  /** Minimum length of a match. */
  readonly length: number;
}

function costOf(node: PatternNode): Cost {
  switch (node.kind) {
    case 'character':
      return { ways: 1, steps: 1, length: 1 };
    case 'assertion':
      return { ways: 1, steps: 1, length: 0 };
    case 'backreference':
      return { ways: 1, steps: LONGEST_FOR_PATTERN, length: 0 };
    case 'lookaround':
      // It is left at its first match, and never re-entered by backtracking (ECMA-262 §22.2.2.4).
      return { ways: 1, steps: costOf(node.body).steps + 1, length: 0 };
    case 'sequence':
      return node.items.map(costOf).reduce(followed, { ways: 1, steps: 1, length: 0 });
    case 'choice': {
      const costs = node.branches.map(costOf);
      return {
        ways: sum(costs.map(({ ways }) => ways)),
        steps: sum(costs.map(({ steps }) => steps)) + 1,
        length: Math.min(...costs.map(({ length }) => length)),
      };
    }
    case 'repeat':
      return repeated(costOf(node.body), node.min, node.max);
  }
}

const followed = (first: Cost, then: Cost): Cost => ({
  ways: first.ways * then.ways,
  steps: first.steps + first.ways * then.steps,
  length: first.length + then.length,
});

/** Beyond `min`, an empty round ends the loop (ECMA-262 §22.2.2.3.1), so the text limits the number of rounds. */
function repeated(body: Cost, min: number, max: number): Cost {
  const rounds = Math.min(max, min + Math.ceil(LONGEST_FOR_PATTERN / Math.max(1, body.length)));
  const length = body.length * min;
  if (body.ways <= 1) return { ways: rounds - min + 1, steps: rounds * body.steps + 1, length };
  let [ways, steps, reached] = [0, 1, 1];
  for (let round = 0; round <= rounds; round++) {
    // Two or more ways per round soon exceed any number.
    if (reached === Infinity) return { ways: Infinity, steps: Infinity, length };
    if (round >= min) ways += reached;
    if (round < rounds) steps += reached * body.steps;
    reached *= body.ways;
  }
  return { ways, steps, length };
}

/** A match can only start at the beginning of the text. */
function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.written === '^';
    case 'sequence':
      return node.items[0] !== undefined && isAnchored(node.items[0]);
    case 'choice':
      return node.branches.every(isAnchored);
    default:
      return false;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
