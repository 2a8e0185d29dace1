import { jsonText } from '../json-text.ts';
/**
 * A sequence of JSON texts: one per line (JSON Lines, NDJSON), or RFC 7464's, each between a record separator and a line
 * feed. A string is the finished text; what is no list is a sequence of one.
 */
export function sequenceBody(framing: 'lines' | 'json-seq', value: unknown): string {
  if (typeof value === 'string') return value;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const start = framing === 'json-seq' ? '\u001e' : '';
  return items.map((item) => `${start}${jsonText(item)}\n`).join('');
}
