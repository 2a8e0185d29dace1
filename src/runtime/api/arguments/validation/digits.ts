import type { Ajv2020 } from 'ajv/dist/2020.js';
import { type JsonSchema, type JsonSchemaObject, withoutDigits } from '../../../../model/index.ts';
import { remembered } from '../../../remembered.ts';
import { mapSubschemas } from '../../schema/schema-closure.ts';
import { DIGITS } from '../exact-json.ts';
import { isMultiple } from './decimal.ts';

/**
 * Added to compiled schemas wherever a number is allowed: a string of digits then counts as an integer, because a
 * double is exact only up to 2^53. `type`: the types in the document; `bounds`: it has only bounds.
 */
export const DIGITS_KEYWORD = 'x-digits';
export type Held = { readonly type: readonly string[] } | 'bounds';

/** The schema with strings of digits accepted as integers. A schema without numbers is returned unchanged. */
export function takingDigits<Schema extends JsonSchema>(schema: Schema): Schema {
  return typeof schema === 'boolean' ? schema : (withDigits(schema) as Schema);
}

const withDigits = remembered((given: JsonSchemaObject): JsonSchemaObject => {
  const schema = withoutDigits(mapSubschemas(given, takingDigits));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.includes('string')) return schema;
  if (types.includes('integer') || types.includes('number')) {
    return held({ ...schema, type: [...types, 'string'] }, { type: types });
  }
  return types.length === 0 && BOUNDS.some((bound) => schema[bound] !== undefined) ? held(schema, 'bounds') : schema;
});

/** Models contain only known keywords, so this one cannot come from a document. */
const held = (schema: JsonSchemaObject, value: Held): JsonSchemaObject =>
  ({ ...schema, [DIGITS_KEYWORD]: value }) as JsonSchemaObject;

/** The types of a schema, without the string that {@link takingDigits} adds. */
export function askedTypes(schema: JsonSchemaObject): readonly string[] {
  const value = (schema as { readonly [DIGITS_KEYWORD]?: Held })[DIGITS_KEYWORD];
  if (typeof value === 'object') return value.type;
  return schema.type === undefined ? [] : [schema.type].flat();
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

export interface DigitsFault {
  readonly keyword: string;
  readonly wanted: unknown;
}

/** The error for a string of digits, as the keyword that it violates. */
export function digitsFault(keyword: string, params: Readonly<Record<string, unknown>>): DigitsFault | undefined {
  return keyword === DIGITS_KEYWORD ? (params as unknown as DigitsFault) : undefined;
}

interface DigitsCheck {
  (text: string): boolean;
  errors?: { keyword: string; params: DigitsFault; parentSchema: JsonSchemaObject }[];
}

/** Registers the keyword of {@link takingDigits} with Ajv. */
export function registerDigits(ajv: Ajv2020): Ajv2020 {
  return ajv.addKeyword({
    keyword: DIGITS_KEYWORD,
    type: 'string',
    errors: true,
    compile(value: Held, compiled) {
      // Ajv's type is `AnySchemaObject`, but only schemas of the model are compiled.
      const parentSchema = compiled as JsonSchemaObject;
      const check: DigitsCheck = (text) => {
        const fault = digitsFaultOf(text, value, parentSchema);
        if (!fault) return true;
        check.errors = [{ keyword: DIGITS_KEYWORD, params: fault, parentSchema }];
        return false;
      };
      return check;
    },
  });
}

/** What a text violates where a number is allowed. */
export function digitsFaultOf(text: string, value: Held, schema: JsonSchemaObject): DigitsFault | undefined {
  if (!DIGITS.test(text)) return value === 'bounds' ? undefined : { keyword: 'type', wanted: value.type };
  // Bounds without a type do not apply to strings, except digits that a double cannot hold.
  if (value === 'bounds' && Number.isSafeInteger(Number(text))) return undefined;
  const broken = Object.entries(EXACT_BOUNDS).find(([keyword, keeps]) => {
    const bound = (schema as Readonly<Record<string, unknown>>)[keyword];
    return bound !== undefined && !keeps(text, bound);
  });
  return broken && { keyword: broken[0], wanted: (schema as Readonly<Record<string, unknown>>)[broken[0]] };
}

/** Compares without rounding: a comparison of bigint and number is exact (ECMA-262 §7.2.13). */
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
