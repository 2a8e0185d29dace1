/** The sets that differ between ECMA-262 and RE2, as code point ranges for RE2. `\d` and `\w` are ASCII in both. */

/** ECMA-262 §12.2 WhiteSpace and §12.3 LineTerminator. */
const SPACES: readonly (readonly [first: number, last: number])[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LAST = 0x10ffff;

const WORDS: readonly (readonly [number, number])[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];

/** The content of a character class for an escape that names a set. */
export const NAMED_SETS: Readonly<Record<string, string>> = {
  s: ranges(SPACES),
  S: ranges(others(SPACES)),
  d: ranges([[0x30, 0x39]]),
  D: ranges(others([[0x30, 0x39]])),
  w: ranges(WORDS),
  W: ranges(others(WORDS)),
};

/** `.` without the flag `s`: ECMA-262 §12.3 has four line terminators, RE2 one. */
export const ANY_BUT_LINE_ENDS = '[^\\n\\r\\x{2028}\\x{2029}]';
export const ANY = `[\\x{0}-\\x{${LAST.toString(16)}}]`;
export const NONE = `[^\\x{0}-\\x{${LAST.toString(16)}}]`;

export function codePoint(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

function ranges(set: readonly (readonly [number, number])[]): string {
  return set.map(([first, last]) => `${codePoint(first)}-${codePoint(last)}`).join('');
}

/** The complement of sorted ranges. */
function others(set: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) found.push([next, first - 1]);
    next = last + 1;
  }
  return [...found, [next, LAST]];
}
