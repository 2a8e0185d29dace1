import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';

type Content = Readonly<Record<string, unknown>>;

/**
 * Why the content does not match the form; `undefined` if it does. Checks presence, types and choices, without a
 * general validator, which would compile and cache the schema of every question.
 */
export function formMisfit({ properties = {}, required = [] }: JsonSchemaObject, content: Content): string | undefined {
  const missing = required.find((name) => !Object.hasOwn(content, name));
  if (missing !== undefined) return `"${missing}" is missing`;
  for (const [name, value] of Object.entries(content)) {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const wanted = field === undefined ? undefined : unmet(field, value);
    if (wanted !== undefined) return `"${name}" must be ${wanted}`;
  }
  return undefined;
}

function unmet(field: JsonSchema, value: unknown): string | undefined {
  if (typeof field === 'boolean') return undefined;
  const { type, enum: choices } = field;
  if (typeof type === 'string' && !isOfType(type, value)) return `of type ${type}`;
  if (choices && !choices.some((choice) => choice === value)) return `one of ${JSON.stringify(choices)}`;
  return undefined;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === type;
}
