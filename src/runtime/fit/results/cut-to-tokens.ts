import { KEPT_NUMBER, parseKeepingNumbers, writeKeepingNumbers } from '../../api/read/kept-numbers.ts';
import { type Cut, cutJson, memberPath } from '../../api/shape/cut-json.ts';
import { isRecord } from '../../is-record.ts';
import { once } from '../../once.ts';
import { byteLength } from '../../text/byte-length.ts';
import { characterCount, cutText } from '../../text/cut-text.ts';
import { estimateTokens } from '../count.ts';
import { valueAt } from './value-path.ts';

export interface CutToTokens {
  readonly text: string;
  readonly cuts: readonly Cut[];
}

/** Attempts to get below the limit, because a part may have more tokens per byte than the complete text. */
const MOST_ATTEMPTS = 12;
const SMALLEST_BYTES = 64;

/**
 * The beginning of a text with about `maxTokens` at most. JSON stays valid: long strings are shortened first, then lists
 * keep their first items, then objects their first members.
 */
export const cutToTokens = (text: string, kind: 'json' | 'text', maxTokens: number): CutToTokens =>
  tokenCutter(text, kind)(maxTokens);

/** {@link cutToTokens} for several limits: the text is measured and parsed once. */
export function tokenCutter(text: string, kind: 'json' | 'text'): (maxTokens: number) => CutToTokens {
  const tokens = estimateTokens(text);
  const size = byteLength(text);
  const cut = kind === 'json' ? jsonCutter(text) : (bytes: number) => cutPlainText(text, bytes);
  return (maxTokens) => {
    if (tokens <= maxTokens) return { text, cuts: [] };
    let bytes = Math.floor((size * maxTokens) / tokens);
    let made = cut(Math.max(SMALLEST_BYTES, bytes));
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const over = estimateTokens(made.text) / maxTokens;
      if (over <= 1 || bytes <= SMALLEST_BYTES) break;
      bytes = Math.max(SMALLEST_BYTES, Math.floor(Math.min(0.97, 1 / over) * bytes));
      made = cut(bytes);
    }
    return made;
  };
}

function cutPlainText(text: string, maxBytes: number): CutToTokens {
  const head = cutText(text, maxBytes);
  return {
    text: head,
    cuts: [{ path: '', unit: 'characters', kept: characterCount(head), total: characterCount(text) }],
  };
}

/** Lengths of strings, tried in this order before anything else is cut. */
const STRING_LENGTHS = [4_000, 1_000];
const SHORTEST = 300;

function jsonCutter(text: string): (maxBytes: number) => CutToTokens {
  const whole = once(() => parseKeepingNumbers(text));
  const shorter = [...STRING_LENGTHS, SHORTEST].map((most) => once(() => withLength(shortened(whole(), most))));
  return (maxBytes) => {
    const fitting = shorter.find((short) => short().bytes <= maxBytes);
    if (fitting) return fitting().short;
    // Strings alone were not enough: lists are cut too.
    const short = shorter.at(-1)?.().short ?? { text, cuts: [] };
    const rest = cutJson(short.text, maxBytes);
    const kept = parseKeepingNumbers(rest.text);
    const inner = short.cuts.filter(({ path }) => !rest.cuts.some((cut) => cut.path === path) && hasPath(kept, path));
    return { text: rest.text, cuts: [...rest.cuts.map((cut) => withWholeLength(cut, short.cuts)), ...inner] };
  };
}

const withLength = (short: CutToTokens) => ({ short, bytes: byteLength(short.text) });

/** A string that was shortened twice: its length is that of the first time. */
function withWholeLength(cut: Cut, earlier: readonly Cut[]): Cut {
  const first = cut.unit === 'characters' ? earlier.find(({ path }) => path === cut.path) : undefined;
  return first ? { ...cut, total: first.total } : cut;
}

function shortened(whole: unknown, most: number): CutToTokens {
  const cuts: Cut[] = [];
  const shorten = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      if (value.length <= most || KEPT_NUMBER.test(value)) return value;
      const head = cutText(value, most);
      const [kept, total] = [characterCount(head), characterCount(value)];
      cuts.push({ path, unit: 'characters', kept, total });
      return `${head}… [cut: ${kept.toLocaleString('en')} of ${total.toLocaleString('en')} characters]`;
    }
    if (Array.isArray(value)) return value.map((item, index) => shorten(item, `${path}[${index}]`));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, shorten(inner, memberPath(path, key))]);
    return Object.fromEntries(entries);
  };
  const value = shorten(whole, '');
  return { text: writeKeepingNumbers(value), cuts };
}

const hasPath = (value: unknown, path: string): boolean => !('problem' in valueAt(value, path));
