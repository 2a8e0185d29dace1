import { LONGEST_FOR_PATTERN } from './pattern-cost.ts';
import type { PatternNode } from './pattern-node.ts';

export type LinearPattern =
  /** `size`: the size of the program that runs for each character of a text. */
  { readonly written: string; readonly size: number } | { readonly reason: string };

/** A pattern in the syntax of RE2, which runs in linear time. It has no lookarounds and no backreferences. */
export function linearPattern(tree: PatternNode): LinearPattern {
  const size = sizeOf(tree);
  if (Number.isNaN(size))
    return { reason: 'it uses a lookaround, a backreference or a set that linear-time engines do not support' };
  if (size > LARGEST) return { reason: 'it is too large when its repetitions are expanded' };
  return { written: written(tree), size };
}

/** With repetitions expanded: compiling takes time too. */
const LARGEST = 2_000;
const MOST_ROUNDS = 1_000;

/** Number of characters and assertions with repetitions expanded; `NaN` if RE2 does not support a part. */
function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
      return node.set === undefined ? Number.NaN : 1;
    case 'assertion':
      return 1;
    case 'lookaround':
    case 'backreference':
      return Number.NaN;
    case 'sequence':
      return total(node.items);
    case 'choice':
      return total(node.branches) + node.branches.length;
    case 'repeat': {
      const { min, max } = bounds(node);
      // RE2 does not support higher counts.
      if (min > MOST_ROUNDS || (max !== Infinity && max > MOST_ROUNDS)) return Infinity;
      const rounds = max === Infinity ? min + 1 : max;
      // Each optional round is a separate branch.
      return sizeOf(node.body) * rounds + (rounds - min) + 1;
    }
  }
}

const total = (nodes: readonly PatternNode[]): number => nodes.reduce((sum, node) => sum + sizeOf(node), 0);

function written(node: PatternNode): string {
  switch (node.kind) {
    case 'character':
      return node.set ?? '';
    case 'assertion':
      return { '^': '\\A', $: '\\z', '\\b': '\\b', '\\B': '\\B' }[node.written];
    case 'sequence':
      return node.items.map(written).join('');
    case 'choice':
      return `(?:${node.branches.map(written).join('|')})`;
    case 'repeat': {
      const { min, max } = bounds(node);
      return `(?:${written(node.body)}){${min},${max === Infinity ? '' : max}}`;
    }
    default:
      return '';
  }
}

/** No text that is matched has so many characters, so the upper bound has no effect. */
function bounds({ min, max }: { readonly min: number; readonly max: number }) {
  return { min, max: max >= LONGEST_FOR_PATTERN ? Infinity : max };
}
