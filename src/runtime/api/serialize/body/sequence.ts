import { jsonText } from '../json-text.ts';
/**
 * Encodes a sequence of JSON texts: one per line (JSON Lines, NDJSON), or for RFC 7464, each between a record separator
 * and a line feed. A string is the finished text; any other value that is not a list is a sequence of one.
 */
export function sequenceBody(framing: 'lines' | 'json-seq', value: unknown): string {
  if (typeof value === 'string') return value;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const start = framing === 'json-seq' ? '\u001e' : '';
  return items.map((item) => `${start}${jsonText(item)}\n`).join('');
}
