import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { DIGITS } from '../exact-integers.ts';
import { isMultiple } from './decimal.ts';

/**
 * Stands in the schemas that Ajv compiles wherever an integer is asked for: a string of digits is one too, for a double
 * holds integers up to 2^53 only. `type`: the types that the document names; `bounds`: it names none here, but bounds.
 */
const KEYWORD = 'x-digits';
type Held = { readonly type: readonly string[] } | 'bounds';

/** The schema in which a string of digits is taken for an integer. What asks for none comes back as it is. */
export function takingDigits<Schema extends JsonSchema>(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  const known = converted.get(schema);
  if (known) return known as Schema;
  const made = withDigits(withParts(schema));
  converted.set(schema, made);
  return made as Schema;
}
const converted = new WeakMap<JsonSchemaObject, JsonSchemaObject>();

function withDigits(schema: JsonSchemaObject): JsonSchemaObject {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.includes('string')) return schema;
  if (types.includes('integer') || types.includes('number')) {
    return held({ ...schema, type: [...types, 'string'] }, { type: types });
  }
  return types.length === 0 && BOUNDS.some((bound) => schema[bound] !== undefined) ? held(schema, 'bounds') : schema;
}

/** No keyword of a document: those have been left behind. */
const held = (schema: JsonSchemaObject, value: Held): JsonSchemaObject =>
  ({ ...schema, [KEYWORD]: value }) as JsonSchemaObject;

/** The types that a schema asks for, without the string that stands for an integer. */
export function askedTypes(schema: JsonSchemaObject): readonly string[] {
  const value = (schema as { readonly [KEYWORD]?: Held })[KEYWORD];
  if (typeof value === 'object') return value.type;
  return schema.type === undefined ? [] : [schema.type].flat();
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

function withParts(schema: JsonSchemaObject): JsonSchemaObject {
  let changed = false;
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    const part = convertedPart(keyword, value);
    if (part !== value) changed = true;
    return [keyword, part];
  });
  return changed ? (Object.fromEntries(entries) as JsonSchemaObject) : schema;
}

function convertedPart(keyword: string, value: unknown): unknown {
  // By the type of `JsonSchemaObject`.
  if (ONE.has(keyword)) return takingDigits(value as JsonSchema);
  if (LISTS.has(keyword)) return same(value as readonly JsonSchema[], (list) => list.map(takingDigits));
  if (!MAPS.has(keyword)) return value;
  return same(value as Readonly<Record<string, JsonSchema>>, (map) =>
    Object.fromEntries(Object.entries(map).map(([name, part]) => [name, takingDigits(part)])),
  );
}

/** The very list or map where none of its parts is another one. */
function same<Parts extends object>(parts: Parts, convert: (parts: Parts) => object): object {
  const made = convert(parts);
  const others = Object.values(made);
  return Object.values(parts).some((part, index) => part !== others[index]) ? made : parts;
}

const ONE: ReadonlySet<string> = new Set([
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'unevaluatedProperties',
  'if',
  'then',
  'else',
  'not',
]);
const LISTS: ReadonlySet<string> = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf']);
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);

export interface DigitsFault {
  readonly keyword: string;
  readonly wanted: unknown;
}

/** The fault of a string that stands for an integer, in the words of the keyword that it breaks. */
export function digitsFault(keyword: string, params: Readonly<Record<string, unknown>>): DigitsFault | undefined {
  return keyword === KEYWORD ? (params as unknown as DigitsFault) : undefined;
}

interface DigitsCheck {
  (text: string): boolean;
  errors?: { keyword: string; params: DigitsFault; parentSchema: JsonSchemaObject }[];
}

/** Teaches Ajv the keyword of {@link takingDigits}. */
export function registerDigits(ajv: Ajv2020): Ajv2020 {
  return ajv.addKeyword({
    keyword: KEYWORD,
    type: 'string',
    errors: true,
    compile(value: Held, compiled) {
      // Ajv says `AnySchemaObject`; what is compiled is a schema of the model.
      const parentSchema = compiled as JsonSchemaObject;
      const check: DigitsCheck = (text) => {
        const fault = faultOf(text, value, parentSchema);
        if (!fault) return true;
        check.errors = [{ keyword: KEYWORD, params: fault, parentSchema }];
        return false;
      };
      return check;
    },
  });
}

function faultOf(text: string, value: Held, schema: JsonSchemaObject): DigitsFault | undefined {
  if (!DIGITS.test(text)) return value === 'bounds' ? undefined : { keyword: 'type', wanted: value.type };
  // Beside no type a bound says nothing of a text, unless it can only be a number that is too large for a double.
  if (value === 'bounds' && Number.isSafeInteger(Number(text))) return undefined;
  const broken = Object.entries(EXACT_BOUNDS).find(([keyword, keeps]) => {
    const bound = (schema as Readonly<Record<string, unknown>>)[keyword];
    return bound !== undefined && !keeps(text, bound);
  });
  return broken && { keyword: broken[0], wanted: (schema as Readonly<Record<string, unknown>>)[broken[0]] };
}

/** Whether digits keep a bound, without rounding. A mixed comparison of bigint and number is exact (ECMA-262 §7.2.13). */
const EXACT_BOUNDS: Readonly<Record<string, (digits: string, bound: unknown) => boolean>> = {
  minimum: (digits, bound) => BigInt(digits) >= (bound as number),
  maximum: (digits, bound) => BigInt(digits) <= (bound as number),
  exclusiveMinimum: (digits, bound) => BigInt(digits) > (bound as number),
  exclusiveMaximum: (digits, bound) => BigInt(digits) < (bound as number),
  multipleOf: (digits, factor) => isMultiple(digits, factor as number),
  format: (digits, format) => {
    const bits = format === 'int32' ? 32 : format === 'int64' ? 64 : undefined;
    return bits === undefined || BigInt.asIntN(bits, BigInt(digits)) === BigInt(digits);
  },
};
