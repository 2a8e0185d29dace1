import { isOfType, type JsonSchema, type JsonTypeName, typesOf } from '../model/index.ts';

/** Whether a JSON value has one of the types. */
export const isOfAny = (value: unknown, types: readonly JsonTypeName[]): boolean =>
  types.some((type) => isOfType(value, type));

/**
 * Converts a value to one of the types, if that has the same text: `1` → the string `"1"`, `"1"` → the integer 1,
 * `"true"` → the boolean. `undefined` if there is none.
 */
export function asType(value: unknown, types: readonly JsonTypeName[]): string | number | boolean | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const number = Number(text);
  const isNumber = Number.isInteger(number)
    ? types.includes('integer') || types.includes('number')
    : types.includes('number');
  // A different text would be a different value on the wire: `01`, `1e3`.
  if (isNumber && String(number) === text && Number.isFinite(number)) return number;
  return types.includes('string') ? text : undefined;
}

/** A parameter is sent as text, so if its enumeration matches no type, the texts of the values are allowed. */
export function withTextualEnum(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const { enum: listed, items } = schema;
  const types = typesOf(schema);
  if (types.includes('array') && items !== undefined) {
    const textual = withTextualEnum(items);
    return textual === items ? schema : { ...schema, items: textual };
  }
  const isMixed = listed?.some((value) => value !== null && typeof value !== 'object' && !isOfAny(value, types));
  if (types.length === 0 || !listed || !isMixed) return schema;
  const texts = listed.map((value) => (typeof value === 'object' ? value : String(value)));
  return { ...schema, type: 'string', enum: [...new Set(texts)] };
}
