import type { JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import { mapSubschemas } from '../api/schema/schema-closure.ts';
import { isRecord } from '../is-record.ts';
import { firstSentence, plainText } from './first-sentence.ts';
import { repeats } from './repeats.ts';
import { wordsOf } from './words.ts';

/** What {@link compactSchema} leaves in, and how long texts may be. */
export interface SchemaRules {
  readonly argumentText: number;
  readonly keepClosed: boolean;
  readonly keepTypes: boolean;
}

/** Compacts the schemas of a tool: whatever a call needs stays. Schemas that tools share are compacted once. */
export function compactSchema(rules: SchemaRules): (schema: JsonSchemaObject, tool: string) => JsonSchemaObject {
  const known = new WeakMap<object, JsonSchema>();
  const change = (schema: JsonSchema): JsonSchema => {
    if (!isRecord(schema)) return schema;
    const made = known.get(schema) ?? withNames(mapSubschemas(withoutNoise(schema, rules), change), rules);
    known.set(schema, made);
    return made;
  };
  return (schema, tool) => withNames(mapSubschemas(withoutNoise(schema, rules), change), rules, [tool]);
}

/** Keywords that say nothing about how to call, or that no value that a model writes violates. */
function withoutNoise(schema: JsonSchemaObject, { keepClosed, keepTypes }: SchemaRules): JsonSchemaObject {
  const kept = Object.entries(schema).filter(([keyword, value]) => {
    switch (keyword) {
      case 'title':
      case 'examples':
      case 'example':
      case 'xml':
      case 'externalDocs':
      case '$comment':
      case 'x-sent-as':
        return false;
      case 'additionalProperties':
        return value !== true && (keepClosed || value !== false);
      case 'unevaluatedProperties':
        return value !== true && (keepClosed || value !== false);
      case 'uniqueItems':
        return value === true && mayBe(schema, 'array');
      case 'maxLength':
        return !(isBeyond(value, LONG_TEXT) || isListed(schema));
      case 'minLength':
        return value !== 0 && !isListed(schema);
      case 'minItems':
      case 'minProperties':
        return value !== 0;
      case 'maxItems':
      case 'maxProperties':
        return !isBeyond(value, INT32);
      case 'maximum':
      case 'exclusiveMaximum':
        return !isBeyond(value, INT32);
      case 'minimum':
      case 'exclusiveMinimum':
        return !isBeyond(value, INT32, -1);
      case 'pattern':
        return value !== DIGITS;
      case 'format':
        return !WIDTHS.has(String(value));
      case 'type':
        return keepTypes || value !== 'string' || !isTextList(schema.enum);
      case 'required':
        return !Array.isArray(value) || value.length > 0;
      case 'deprecated':
        return value === true;
      default:
        return true;
    }
  });
  return kept.length === Object.keys(schema).length ? schema : (Object.fromEntries(kept) as JsonSchemaObject);
}

/** From here on, a limit is that of a database column rather than one that callers meet. */
const LONG_TEXT = 1_000;
/** The limits of 32-bit integers and beyond. */
const INT32 = 2_147_483_647;
const isBeyond = (value: unknown, limit: number, sign = 1): boolean =>
  typeof value === 'number' && value * sign >= limit;

/** The pattern of integers that may also be written as strings: their `type` says it already. */
const DIGITS = '^-?(0|[1-9]\\d*)$';

/**
 * Formats that say how wide a number is, or nothing. All others are kept (unless the name says the same): dates and
 * times, encodings (`byte`), and kinds of texts (`uri`, `uuid`, `decimal`, `iso-country-code`) say what to write.
 */
const WIDTHS: ReadonlySet<string> = new Set(
  'int8 int16 int32 int64 uint8 uint16 uint32 uint64 float double integer number string text boolean password unknown-format'.split(
    ' ',
  ),
);

const isListed = ({ enum: listed, const: only }: JsonSchemaObject): boolean =>
  listed !== undefined || only !== undefined;
const isTextList = (listed: unknown): boolean =>
  Array.isArray(listed) && listed.length > 0 && listed.every((value) => typeof value === 'string');
const mayBe = ({ type }: JsonSchemaObject, name: string): boolean =>
  type === undefined || [type].flat().includes(name as never);

/** The texts and formats of properties, as far as they add to the names. */
function withNames(schema: JsonSchemaObject, rules: SchemaRules, around: readonly string[] = []): JsonSchemaObject {
  const { properties } = schema;
  const own = withText(schema, rules);
  if (!isRecord(properties)) return own;
  const made = Object.entries(properties).map(([name, part]) => [name, named(name, part, around)] as const);
  return { ...own, properties: Object.fromEntries(made) };
}

function withText(schema: JsonSchemaObject, { argumentText }: SchemaRules): JsonSchemaObject {
  const { description } = schema;
  if (typeof description !== 'string') return schema;
  const text = argumentSentence(schema, description, argumentText);
  if (text === description) return schema;
  const { description: _, ...rest } = schema;
  return text === '' ? rest : { ...schema, description: text };
}

/** The first sentence, and the one that states the default if the schema does not. */
function argumentSentence(schema: JsonSchemaObject, written: string, longest: number): string {
  const first = firstSentence(written, longest);
  if (schema.default !== undefined) return first;
  const preset = /(?<=[.!?]\s)(?:Defaults?\b[^.]*(?:\.\d[^.]*|\.[a-z][^.]*)*\.)/.exec(plainText(written))?.[0];
  if (preset === undefined || first.includes(preset)) return first;
  return first.length + preset.length < longest ? `${first} ${preset}` : first;
}

function named(name: string, schema: JsonSchema, around: readonly string[]): JsonSchema {
  if (!isRecord(schema)) return schema;
  const { description, format } = schema;
  const dropsText = typeof description === 'string' && repeats(description, [name, ...around]);
  const dropsFormat = typeof format === 'string' && saysFormat(format, name);
  if (!dropsText && !dropsFormat) return schema;
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword]) => !(keyword === 'description' && dropsText) && !(keyword === 'format' && dropsFormat),
    ),
  );
}

/** Whether the name implies the format: `website_url` is a URI, `email` an e-mail address. */
function saysFormat(format: string, name: string): boolean {
  // A date may be written in many ways, whatever it is called.
  if (/date|time|duration/i.test(format)) return false;
  const words = wordsOf(name);
  return (SAME.get(format) ?? [format]).some((word) => words.includes(word));
}
const SAME: ReadonlyMap<string, readonly string[]> = new Map([
  ['uri', ['uri', 'url', 'urls', 'href', 'link']],
  ['url', ['uri', 'url', 'href', 'link']],
  ['guid', ['guid', 'uuid']],
  ['uuid', ['guid', 'uuid']],
]);
