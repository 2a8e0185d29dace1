import { parsePattern } from './parse-pattern.ts';
import type { PatternNode } from './pattern-node.ts';

/**
 * A text that a pattern is likely to match: the caller tests it. `undefined` for patterns with backreferences, with sets
 * that cannot be read, and for texts that would be too long.
 *
 * @param longer how many more repetitions than the fewest, where the pattern leaves that open
 * @param random numbers from 0 to 1, for what the pattern leaves open
 */
export function patternText(
  source: string,
  { longer = 0, random = () => 0 }: { readonly longer?: number; readonly random?: () => number } = {},
): string | undefined {
  const tree = parsePattern(source);
  if (!tree) return undefined;
  const writing: Writing = { longer, random, room: LONGEST };
  const text = written(tree, writing);
  return text === undefined || writing.room < 0 ? undefined : text;
}

const LONGEST = 2_000;

interface Writing {
  longer: number;
  readonly random: () => number;
  /** How many more characters may be written. */
  room: number;
}

function written(node: PatternNode, writing: Writing): string | undefined {
  switch (node.kind) {
    case 'character':
      writing.room--;
      return node.set === undefined ? undefined : characterOf(node.set, writing.random);
    case 'assertion':
    case 'lookaround':
      return '';
    case 'backreference':
      return undefined;
    case 'sequence':
      return joined(node.items, writing);
    case 'choice': {
      const { branches } = node;
      const branch = branches[Math.floor(writing.random() * branches.length)];
      return branch && written(branch, writing);
    }
    case 'repeat': {
      const more = Math.min(writing.longer, node.max - node.min);
      writing.longer -= more;
      // `a*` may be empty, but one of them looks more like what is meant.
      const count = node.min === 0 && more === 0 && node.max > 1 ? 1 : node.min + more;
      return count > LONGEST
        ? undefined
        : joined(
            Array.from({ length: count }, () => node.body),
            writing,
          );
    }
  }
}

function joined(items: readonly PatternNode[], writing: Writing): string | undefined {
  let text = '';
  for (const item of items) {
    const part = writing.room < 0 ? undefined : written(item, writing);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** Usual characters first. */
const USUAL =
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. /:@#+,;=!$%&*()[]{}<>"\'?|\\~^`\n\té中';

/** A character of a set in the syntax of RE2, which differs from that of ECMA-262 in how code points are written. */
function characterOf(set: string, random: () => number): string | undefined {
  let test: RegExp;
  try {
    test = new RegExp(`^${set.replaceAll('\\x{', '\\u{')}$`, 'u');
  } catch {
    return undefined;
  }
  const usual = [...USUAL].filter((character) => test.test(character));
  // Letters and digits are at the beginning.
  const among = usual.slice(0, Math.max(1, Math.min(usual.length, 16)));
  const chosen = among[Math.floor(random() * among.length)];
  if (chosen !== undefined) return chosen;
  const [, first] = /\\x\{([\da-f]+)\}/.exec(set) ?? [];
  const character = first === undefined ? undefined : String.fromCodePoint(Number.parseInt(first, 16));
  return character !== undefined && test.test(character) ? character : undefined;
}
