import type { Item } from './answer.ts';
import { parseJson } from './json.ts';
import { splitChunks } from './text-lines.ts';

/** JSON Lines, NDJSON: one JSON text per line, blank lines skipped. A line that is not JSON becomes a text item. */
export const jsonLines = (chunks: AsyncIterable<string>): AsyncIterable<Item> => jsonItems(chunks, '\n');

/**
 * RFC 7464: each text starts with a record separator (RS). A text that does not parse does not end the stream (§2.1).
 */
export const jsonSequence = (chunks: AsyncIterable<string>): AsyncIterable<Item> => jsonItems(chunks, '\u001e');

async function* jsonItems(chunks: AsyncIterable<string>, separator: string): AsyncIterable<Item> {
  for await (const piece of splitChunks(chunks, separator)) {
    const text = piece.trim();
    if (text) yield item(text);
  }
}

function item(source: string): Item {
  const json = parseJson(source);
  return json ? { value: json.value, text: json.text } : { value: source, text: source };
}
