import { visibleText } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';

/**
 * The texts of listed items that people review. Names, URIs and the values in schemas are sent to the server, so they
 * are not changed.
 */
const WORDS: ReadonlySet<string> = new Set(['title', 'description', '$comment']);
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'example']);

/** A listed item of a remote server without invisible characters in its texts. Without any, the same object. */
export function visibleItem<Item>(item: Item): Item {
  // Only texts change, so the type stays the same.
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

/** Deeper than any schema that clients process. */
const DEEPEST = 200;
