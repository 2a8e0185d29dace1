import type { Item } from './answer.ts';
import { parseJson } from './json.ts';
import { lines } from './text-lines.ts';

/**
 * Events of a stream (WHATWG HTML §9.2.6): `data` lines joined by line feeds, parsed if they are JSON. Unlike a
 * browser, also returns a last event without its blank line, so nothing sent is lost.
 */
export async function* serverSentEvents(chunks: AsyncIterable<string>): AsyncIterable<Item> {
  let fields: [name: string, value: string][] = [];
  let first = true;
  for await (const line of lines(chunks)) {
    const text: string = first ? line.replace(/^\uFEFF/, '') : line;
    first = false;
    if (text !== '') {
      fields.push(field(text));
      continue;
    }
    yield* event(fields);
    fields = [];
  }
  yield* event(fields);
}

/** `name: value`; one space after the colon is not part of the value. A comment has an empty name. */
function field(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}

function* event(fields: readonly (readonly [name: string, value: string])[]): Iterable<Item> {
  const all = (wanted: string) => fields.flatMap(([name, value]) => (name === wanted ? [value] : []));
  const data = all('data');
  if (data.length === 0) return;
  const text = data.join('\n');
  const type = all('event').at(-1);
  const id = all('id').at(-1);
  const json = parseJson(text);
  yield {
    value: json ? json.value : text,
    text,
    ...(type ? { event: type } : {}),
    ...(id ? { id } : {}),
  };
}
