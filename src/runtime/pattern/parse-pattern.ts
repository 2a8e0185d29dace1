import { ANY, ANY_BUT_LINE_ENDS, codePoint, NAMED_SETS, NONE } from './character-sets.ts';
import type { PatternNode } from './pattern-node.ts';

/**
 * The syntax tree of a pattern that compiles with the flag `u` (ECMA-262 §22.2.1): only then is its syntax unambiguous.
 *
 * @returns `undefined` if it is nested deeper than {@link DEEPEST}, or uses syntax that this parser does not support
 *   (`(?i:…)`)
 */
export function parsePattern(source: string): PatternNode | undefined {
  try {
    const reader: Reader = { source, at: 0, depth: 0 };
    const tree = choice(reader);
    return reader.at === source.length ? tree : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

const DEEPEST = 50;

class NotUnderstood extends Error {}

interface Reader {
  readonly source: string;
  at: number;
  depth: number;
}

/** Consumes `text` if it comes next. */
function take(reader: Reader, text: string): boolean {
  if (!reader.source.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

/** Consumes a match of a sticky expression. */
function takeMatch(reader: Reader, expression: RegExp): RegExpExecArray | undefined {
  expression.lastIndex = reader.at;
  const found = expression.exec(reader.source);
  if (!found) return undefined;
  reader.at += found[0].length;
  return found;
}

function choice(reader: Reader): PatternNode {
  const branches = [sequence(reader)];
  while (take(reader, '|')) branches.push(sequence(reader));
  const [only] = branches;
  return branches.length === 1 && only ? only : { kind: 'choice', branches };
}

function sequence(reader: Reader): PatternNode {
  const items: PatternNode[] = [];
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    items.push(repeated(reader, term(reader)));
  }
  return { kind: 'sequence', items };
}

const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
const SIGNS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
};

function repeated(reader: Reader, body: PatternNode): PatternNode {
  const found = takeMatch(reader, QUANTIFIER);
  if (!found) return body;
  const [, sign = '', least = '', comma, most] = found;
  const [min, max] = SIGNS[sign] ?? [Number(least), most ? Number(most) : comma ? Infinity : Number(least)];
  return { kind: 'repeat', body, min, max };
}

const LOOKAROUND = /\(\?<?[=!]/y;
const GROUP = /\((?:\?:|\?<[^>]*>)?(?!\?)/y;

function term(reader: Reader): PatternNode {
  if (take(reader, '^')) return { kind: 'assertion', written: '^' };
  if (take(reader, '$')) return { kind: 'assertion', written: '$' };
  if (take(reader, '.')) return { kind: 'character', set: ANY_BUT_LINE_ENDS };
  if (takeMatch(reader, LOOKAROUND)) return { kind: 'lookaround', body: inside(reader) };
  if (takeMatch(reader, GROUP)) return inside(reader);
  if (take(reader, '[')) return characterClass(reader);
  if (take(reader, '\\b')) return { kind: 'assertion', written: '\\b' };
  if (take(reader, '\\B')) return { kind: 'assertion', written: '\\B' };
  if (takeMatch(reader, /\\(?:[1-9]\d*|k<[^>]*>)/y)) return { kind: 'backreference' };
  if (reader.source[reader.at] === '(') throw new NotUnderstood();
  const set = member(reader);
  return { kind: 'character', set: set === undefined ? undefined : `[${set}]` };
}

function inside(reader: Reader): PatternNode {
  reader.depth++;
  if (reader.depth > DEEPEST) throw new NotUnderstood();
  const body = choice(reader);
  if (!take(reader, ')')) throw new NotUnderstood();
  reader.depth--;
  return body;
}

function characterClass(reader: Reader): PatternNode {
  const negated = take(reader, '^');
  const members: (string | undefined)[] = [];
  while (!take(reader, ']')) {
    // Between two members a hyphen makes a range, in both syntaxes; otherwise it is written as a code point.
    const first = member(reader);
    const isRange = reader.source[reader.at] === '-' && reader.source[reader.at + 1] !== ']';
    if (isRange) reader.at++;
    const last = isRange ? member(reader) : undefined;
    members.push(isRange ? first && last && `${first}-${last}` : first);
  }
  if (members.includes(undefined)) return { kind: 'character', set: undefined };
  const set = members.join('');
  if (set === '') return { kind: 'character', set: negated ? ANY : NONE };
  return { kind: 'character', set: `[${negated ? '^' : ''}${set}]` };
}

/** Properties with the same name in both: general categories. */
const CATEGORY = /^(?:L[ulmto]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)$/;
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, b: 8, '0': 0 };

/** One character or named set, as written inside a character class of RE2. */
function member(reader: Reader): string | undefined {
  if (!take(reader, '\\')) return characterAt(reader);
  const property = takeMatch(reader, /([pP])\{([^}]*)\}/y);
  if (property) return CATEGORY.test(property[2] ?? '') ? `\\${property[0]}` : undefined;
  const pair = takeMatch(reader, /u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/iy);
  if (pair) {
    const [, high = '', low = ''] = pair;
    return codePoint(String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)).codePointAt(0) ?? 0);
  }
  const hex = takeMatch(reader, /(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2}))/iy);
  if (hex) return scalar(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16));
  const control = takeMatch(reader, /c([a-z])/iy);
  if (control) return codePoint((control[1] ?? '').charCodeAt(0) % 32);
  const letter = reader.source[reader.at] ?? '';
  if (Object.hasOwn(NAMED_SETS, letter)) {
    reader.at++;
    return NAMED_SETS[letter];
  }
  const code = CONTROLS[letter];
  if (code === undefined) return characterAt(reader);
  reader.at++;
  return codePoint(code);
}

function characterAt(reader: Reader): string | undefined {
  const code = reader.source.codePointAt(reader.at);
  if (code === undefined) throw new NotUnderstood();
  reader.at += code > 0xffff ? 2 : 1;
  return scalar(code);
}

/** RE2 has no lone surrogates. */
const scalar = (code: number): string | undefined => (code >= 0xd800 && code <= 0xdfff ? undefined : codePoint(code));
