/** Entries of a list that are serialised at once. */
const ENTRIES = 50;
/** Characters of a part; more than a pipe holds. */
const PART_LENGTH = 128 * 1024;

/**
 * A message as a line of JSON, in parts if it has a long list: the receiver reads the first ones while the others are
 * serialised, and the line is never in memory as a whole. Together they are what `JSON.stringify` returns.
 */
export function* messageParts(message: object): Generator<string> {
  let part = '';
  for (const text of textsOf(message, LIST_DEPTH)) {
    part += text;
    if (part.length < PART_LENGTH) continue;
    yield part;
    part = '';
  }
  yield `${part}\n`;
}

/** `{"result":{"tools":[…]}}` */
const LIST_DEPTH = 2;

function* textsOf(value: unknown, depth: number): Generator<string> {
  if (Array.isArray(value) && value.length > ENTRIES) {
    for (let at = 0; at < value.length; at += ENTRIES)
      yield `${at === 0 ? '[' : ','}${JSON.stringify(value.slice(at, at + ENTRIES)).slice(1, -1)}`;
    yield ']';
  } else if (depth > 0 && isPlain(value)) {
    let separator = '{';
    for (const [name, property] of Object.entries(value)) {
      if (property === undefined) continue;
      yield `${separator}${JSON.stringify(name)}:`;
      separator = ',';
      yield* textsOf(property, depth - 1);
    }
    yield separator === '{' ? '{}' : '}';
  } else yield JSON.stringify(value) ?? 'null';
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value);
