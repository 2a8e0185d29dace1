import { encodeReserved } from './expand.ts';
import { type Expression, OPERATORS, type ParsedTemplate } from './parse.ts';

/** For each expression its text without the first character; `undefined` if it wrote nothing. */
export type ExpressionTexts = readonly (string | undefined)[];

/** Longer than any URI that a client means to read. */
const LONGEST_URI = 65_536;

/**
 * Splits URIs by a template, each expression taking as much as it can, the first one first. Templates come from
 * documents and URIs from callers: a regular expression would try every way to divide `aaaa…` between `{a}{b}{c}`. This
 * makes one pass over the URI per part of the template.
 */
export function templateSplitter({ parts }: ParsedTemplate): (uri: string) => ExpressionTexts | undefined {
  const steps = parts.map((part, index) => stepOf(part, parts.slice(index + 1)));
  return (uri) => (uri.length > LONGEST_URI ? undefined : split(steps, uri));
}

type Step =
  | { readonly kind: 'literal'; readonly text: string }
  /** `first`: the first character of a non-empty expansion; empty if it has none of its own. */
  | { readonly kind: 'expression'; readonly first: string; readonly ends: string };

function stepOf(part: string | Expression, later: ParsedTemplate['parts']): Step {
  if (typeof part === 'string') return { kind: 'literal', text: encodeReserved(part) };
  return { kind: 'expression', first: OPERATORS[part.operator].first, ends: endsOf(part, later) };
}

/** Characters that an expansion cannot contain, because they start something else. */
function endsOf({ operator }: Expression, later: ParsedTemplate['parts']): string {
  switch (operator) {
    case '+':
      return later.some(startsQuery) ? '?#' : later.some(startsFragment) ? '#' : '';
    case '#':
      return '';
    case '?':
    case '&':
      return '#';
    case '/':
      return '?#';
    case ';':
    case '.':
    case '':
      return '/?#';
  }
}

const startsQuery = (part: string | Expression) =>
  typeof part === 'string' ? part.includes('?') : part.operator === '?';
const startsFragment = (part: string | Expression) =>
  typeof part === 'string' ? part.includes('#') : part.operator === '#';

/**
 * For each step, and each position of the URI where it may start, the best end: the furthest from which the remaining
 * steps reach the end of the URI. `NOWHERE` if there is none.
 */
function split(steps: readonly Step[], uri: string): ExpressionTexts | undefined {
  const ends: Int32Array[] = [];
  let following: Int32Array = new Int32Array(uri.length + 1).fill(NOWHERE);
  following[uri.length] = uri.length;
  for (const step of steps.toReversed()) {
    following = step.kind === 'literal' ? literalEnds(step.text, uri, following) : expressionEnds(step, uri, following);
    ends.push(following);
  }
  if (following[0] === NOWHERE) return undefined;
  let at = 0;
  const texts: (string | undefined)[] = [];
  for (const [index, step] of steps.entries()) {
    const end = ends[steps.length - 1 - index]?.[at] ?? uri.length;
    // An expression with its own first character that matched nothing was not written.
    if (step.kind === 'expression') {
      texts.push(end === at && step.first !== '' ? undefined : uri.slice(at + step.first.length, end));
    }
    at = end;
  }
  return texts;
}

const NOWHERE = -1;

function literalEnds(text: string, uri: string, following: Int32Array): Int32Array {
  return following.map((_, at) => {
    const end = at + text.length;
    return uri.startsWith(text, at) && following[end] !== NOWHERE ? end : NOWHERE;
  });
}

function expressionEnds(
  { first, ends }: { readonly first: string; readonly ends: string },
  uri: string,
  following: Int32Array,
): Int32Array {
  const longest = longestTexts(ends, uri, following);
  return following.map((next, at) => {
    const absent = next === NOWHERE ? NOWHERE : at;
    if (first === '') return longest[at] ?? NOWHERE;
    const end = uri[at] === first ? (longest[at + 1] ?? NOWHERE) : NOWHERE;
    return end === NOWHERE ? absent : end;
  });
}

/** The end of the longest text that starts here, contains none of the characters, and can be followed by the rest. */
function longestTexts(ends: string, uri: string, following: Int32Array): Int32Array {
  const longest = new Int32Array(uri.length + 1).fill(NOWHERE);
  for (let at = uri.length; at >= 0; at--) {
    const further = at < uri.length && !ends.includes(uri[at] ?? '') ? (longest[at + 1] ?? NOWHERE) : NOWHERE;
    longest[at] = further === NOWHERE && following[at] !== NOWHERE ? at : further;
  }
  return longest;
}
