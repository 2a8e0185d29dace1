import type { Item } from './answer.ts';
import { parseJson } from './json.ts';
import { splitChunks } from './text-lines.ts';

/** JSON Lines, NDJSON: one JSON text per line, blank lines skipped. A line that is not JSON becomes a text item. */
export async function* jsonLines(chunks: AsyncIterable<string>): AsyncIterable<Item> {
  for await (const line of splitChunks(chunks, '\n')) {
    const text = line.trim();
    if (text) yield item(text);
  }
}

/**
 * RFC 7464: each text starts with a record separator (RS). A text that does not parse does not end the stream (§2.1).
 */
export async function* jsonSequence(chunks: AsyncIterable<string>): AsyncIterable<Item> {
  for await (const record of splitChunks(chunks, '\u001e')) {
    const text = record.trim();
    if (text) yield item(text);
  }
}

function item(source: string): Item {
  const json = parseJson(source);
  return json ? { value: json.value, text: json.text } : { value: source, text: source };
}
