import { visibleText } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';

/** Of what a server lists: the words that a person may review. Names, URIs and the values of schemas go over the wire. */
const WORDS: ReadonlySet<string> = new Set(['title', 'description', '$comment']);
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'example']);

/** A listed item of a remote server, its words without what no reader sees. One that has none is the same object. */
export function visibleItem<Item>(item: Item): Item {
  // Nothing changes its type but texts, which stay texts.
  return visible(item, 0) as Item;
}

function visible(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => visible(item, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    if (typeof inner === 'string') return [key, WORDS.has(key) ? visibleText(inner) : inner];
    return [key, VALUES.has(key) ? inner : visible(inner, depth + 1)];
  });
  return entries.some(([key, inner]) => inner !== value[key]) ? Object.fromEntries(entries) : value;
}

/** Deeper schemas than any client walks. */
const DEEPEST = 200;
