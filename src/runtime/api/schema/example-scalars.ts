import { defined, type JsonSchemaObject } from '../../../model/index.ts';
import { patternText } from '../../pattern/pattern-text.ts';
import { fitsSchema } from './fits-schema.ts';
import { textOfFormat, wordOf } from './text-formats.ts';

/** Numbers from 0 to 1, which vary a value; always 0 for the plainest one. */
export type Random = () => number;

/** How far from its nearest bound a number may be. */
const SPREAD = 100;

/** A number within its bounds. */
export function exampleNumber(schema: JsonSchemaObject, isInteger: boolean, random: Random): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const step = multipleOf !== undefined && multipleOf > 0 ? multipleOf : 1;
  const above = exclusiveMinimum === undefined ? undefined : exclusiveMinimum + step;
  const below = exclusiveMaximum === undefined ? undefined : exclusiveMaximum - step;
  const given = { least: highest(above, minimum), most: lowest(below, maximum) };
  const least = given.least ?? Math.min(1, given.most ?? 1);
  const most = given.most ?? least + SPREAD;
  // Too narrow for whole steps: between 0 and 1.
  if (most < least && !isInteger && multipleOf === undefined) {
    const [low = 0, high = 1] = [highest(exclusiveMinimum, minimum), lowest(exclusiveMaximum, maximum)];
    return low + (high - low) / 2;
  }
  const range = Math.max(0, Math.min(most - least, SPREAD));
  const wanted = least + random() * range;
  if (multipleOf === undefined && !isInteger && random() === 0) return wanted;
  const counted = multiple(Math.round(wanted / step), step);
  const first = multiple(Math.ceil(least / step), step);
  return counted < least || counted > most ? first : counted;
}

type Bound = number | undefined;

const highest = (...bounds: readonly Bound[]): Bound => strictest(Math.max, bounds);
const lowest = (...bounds: readonly Bound[]): Bound => strictest(Math.min, bounds);

function strictest(pick: (...bounds: readonly number[]) => number, bounds: readonly Bound[]): Bound {
  const given = bounds.filter((bound) => bound !== undefined);
  return given.length === 0 ? undefined : pick(...given);
}

/** Without the digits that doubles add: 3 × 0.1 is 0.3. */
function multiple(count: number, step: number): number {
  const [, fraction = ''] = /\.(\d+)$/.exec(String(step)) ?? [];
  return fraction === '' ? count * step : Number((count * step).toFixed(fraction.length));
}

/** A text of its format, pattern and length; the most natural one of those that fit. */
export function exampleText(schema: JsonSchemaObject, random: Random): string {
  const { format, pattern, minLength, maxLength } = schema;
  const own: JsonSchemaObject = defined({ format, pattern, minLength, maxLength });
  let first: string | undefined;
  for (const text of texts(schema, random)) {
    if (fitsSchema(text, own, {})) return text;
    first ??= text;
  }
  return first ?? '';
}

const MOST_LENGTH = 20_000;

function* texts({ format, pattern, minLength = 0, maxLength }: JsonSchemaObject, random: Random): Generator<string> {
  const sized = (text: string) => text.padEnd(Math.min(minLength, MOST_LENGTH), 'x').slice(0, maxLength);
  const known = format === undefined ? undefined : textOfFormat(format, random);
  if (known !== undefined) yield known;
  const word = sized(wordOf(random));
  if (pattern === undefined) {
    yield word;
    return;
  }
  for (const longer of [0, minLength, 3, 8]) {
    const text = patternText(pattern, { longer, random });
    if (text === undefined) break;
    yield text;
    // Where the end is open.
    yield sized(text);
  }
  // Alternatives may have different lengths.
  let at = 0;
  const next = () => (at++ * 0.618_034) % 1;
  for (let round = 0; round < 12; round++) {
    const text = patternText(pattern, { longer: round, random: next });
    if (text !== undefined) yield text;
  }
  yield word;
  for (const text of ['Example1!', 'example.com', '1', 'A', '/example', 'example/example', '*']) yield sized(text);
  const number = '12345678901234567890';
  yield number.slice(0, Math.max(minLength, Math.min(maxLength ?? 6, 20)));
}
