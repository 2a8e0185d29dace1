import { parseKeepingNumbers } from '../../api/read/kept-numbers.ts';
import { messageOf } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';

/** A query that was read and found harmless. */
export interface Query {
  /** @throws Error with a message for the caller, if the value does not fit the expression */
  run(value: unknown): unknown;
}

/** What is used of the package. */
interface JmesPath {
  compile(expression: string): Node;
  search(value: unknown, expression: string): unknown;
}

const MOST_CHARACTERS = 1_000;
/** How many times larger than its input a result can become: each element of `[a, b]` and `{x: a}` may repeat everything. */
const MOST_GROWTH = 64;

/**
 * Reads a JMESPath expression (https://jmespath.org/specification.html). Its work is bounded before it runs: the length
 * of the expression, and how many times it can repeat its input.
 */
export async function readQuery(expression: unknown): Promise<Query | { readonly problem: string }> {
  if (typeof expression !== 'string' || expression.trim() === '') {
    return { problem: '"query" must be a JMESPath expression such as items[?state==\'open\'].{id: id, name: name}.' };
  }
  if (expression.length > MOST_CHARACTERS) {
    return { problem: `"query" has ${expression.length} characters; at most ${MOST_CHARACTERS} are allowed.` };
  }
  // @ts-expect-error: it has no types of its own
  const { default: jmespath } = (await import('jmespath')) as { readonly default: JmesPath };
  let tree: Node;
  try {
    tree = jmespath.compile(expression);
  } catch (error) {
    return { problem: `"query" is not a JMESPath expression: ${messageOf(error)}.` };
  }
  if (growth(tree) > MOST_GROWTH) {
    return { problem: '"query" repeats its input too often. Use fewer elements in nested [ … ] and { … }.' };
  }
  return {
    run(value) {
      try {
        return jmespath.search(bare(value), expression);
      } catch (error) {
        throw new Error(`"query" failed: ${messageOf(error)}.`);
      }
    },
  };
}

/** A node of the parser's tree. */
interface Node {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly children?: readonly Node[];
}

/** A copy without prototypes: the library also reads inherited properties, such as `constructor`. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, inner] of Object.entries(value)) copy[name] = bare(inner);
  return copy;
}

/** An upper bound for the size of the result, in sizes of the input. */
function growth(node: Node): number {
  const children = childrenOf(node);
  switch (node.type) {
    // Elements stand next to each other.
    case 'MultiSelectList':
    case 'MultiSelectHash':
    case 'Function':
      return children.reduce((sum, child) => sum + growth(child), 0) || 1;
    // One works on the result of the other.
    default:
      return children.reduce((product, child) => product * growth(child), 1);
  }
}

/** `{a: b}` has pairs, whose value is a node. */
function childrenOf({ children = [], value }: Node): readonly Node[] {
  return [...children, ...(isRecord(value) && typeof value.type === 'string' ? [value as unknown as Node] : [])];
}

/** Numbers as a query compares them. Digits that a double would lose are kept, so that ids arrive unchanged. */
export function parseForQuery(text: string): unknown {
  return LONG_NUMBER.test(text) ? parseKeepingNumbers(text) : JSON.parse(text);
}

const LONG_NUMBER = /(?<![\w.])-?\d[\d.]{15}/;
