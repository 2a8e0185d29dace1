import type { JsonSchemaObject } from '../../model/index.ts';
import { isRecord } from '../is-record.ts';
import type { Checked, CheckedSchema } from './checked-schema.ts';
import { isStandardSchema, pointerOf, type StandardSchema } from './standard-schema.ts';

/** Library schemas by argument, as in the MCP SDK: `{ id: z.string(), limit: z.number().optional() }`. */
export type RawShape = Readonly<Record<string, StandardSchema>>;

/** Distinguished from a JSON Schema by its values: no JSON Schema keyword contains a library schema. */
export function isRawShape(schema: unknown): schema is RawShape {
  if (!isRecord(schema)) return false;
  const values = Object.values(schema);
  return values.length > 0 && values.every(isStandardSchema);
}

/** The shape as an object schema: other properties are rejected. */
export function checkedShape(
  shape: RawShape,
  part: (name: string, schema: StandardSchema) => CheckedSchema,
): CheckedSchema {
  const parts = Object.entries(shape).map(([name, schema]) => ({
    name,
    checked: part(name, schema),
    isRequired: isRequired(schema),
  }));
  const required = parts.filter((each) => each.isRequired).map(({ name }) => name);
  const json: JsonSchemaObject = {
    type: 'object',
    properties: Object.fromEntries(parts.map(({ name, checked }) => [name, checked.json])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
  return { json, check: (value) => checkParts(parts, value) };
}

type Parts = readonly { readonly name: string; readonly checked: CheckedSchema; readonly isRequired: boolean }[];

async function checkParts(parts: Parts, value: unknown): Promise<Checked> {
  if (!isRecord(value)) return { violations: [{ pointer: '', message: 'must be an object' }] };
  const names = new Set(parts.map(({ name }) => name));
  const unknown = Object.keys(value)
    .filter((name) => !names.has(name))
    .slice(0, MOST_UNKNOWN)
    .map((name) => ({ pointer: pointerOf([name]), message: 'is not known' }));
  const outcomes = await Promise.all(
    parts.map(async ({ name, checked }) => ({
      name,
      outcome: await checked.check(Object.hasOwn(value, name) ? value[name] : undefined),
    })),
  );
  const violations = outcomes.flatMap(({ name, outcome }) =>
    (outcome.violations ?? []).map(({ pointer, message }) => ({ pointer: pointerOf([name]) + pointer, message })),
  );
  const all = [...violations, ...unknown];
  if (all.length > 0) return { violations: all };
  const values = outcomes.map(({ name, outcome }) => [name, 'value' in outcome ? outcome.value : undefined] as const);
  return { value: Object.fromEntries(values.filter(([, each]) => each !== undefined)) };
}
const MOST_UNKNOWN = 20;

/** An optional argument accepts `undefined`. If only an asynchronous check can tell, it counts as required. */
function isRequired(schema: StandardSchema): boolean {
  const outcome = schema['~standard'].validate(undefined);
  return outcome instanceof Promise || outcome.issues !== undefined;
}
