import type { JsonSchemaObject, JsonTypeName, JsonValue } from '../model/index.ts';
import type { KeywordChange } from './effect.ts';

/** The change of `type`, if there is one. */
export function typeChange(old: JsonSchemaObject, now: JsonSchemaObject): KeywordChange | undefined {
  const [before, after] = [typesOf(old), typesOf(now)];
  const lost = before.filter((type) => !accepts(after, type));
  const gained = after.filter((type) => !accepts(before, type));
  if (lost.length > 0 && gained.length > 0) {
    return { effect: 'changed', text: `is now ${namesOf(after)} instead of ${namesOf(before)}` };
  }
  if (lost.length > 0) return { effect: 'narrowed', text: `no longer accepts ${namesOf(lost)}` };
  if (gained.length > 0) return { effect: 'retyped', text: `now accepts ${namesOf(gained)}` };
  return undefined;
}

const EVERY: readonly JsonTypeName[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

const typesOf = ({ type = EVERY }: JsonSchemaObject): readonly JsonTypeName[] =>
  typeof type === 'string' ? [type] : type;

/** Integers are numbers (JSON Schema 2020-12, Validation §6.1.1). */
const accepts = (types: readonly JsonTypeName[], type: JsonTypeName): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

const namesOf = (types: readonly JsonTypeName[]): string => types.join(' or ');

/** The changes of `enum` and `const`. */
export function valueChange(old: JsonSchemaObject, now: JsonSchemaObject): KeywordChange[] {
  const [before, after] = [valuesOf(old), valuesOf(now)];
  if (!before && !after) return [];
  if (!before) return [{ effect: 'narrowed', text: `accepts only ${shown(after)}` }];
  if (!after) return [{ effect: 'widened', text: `accepts any value, not only ${shown(before)}` }];
  const lost = [...before].filter((value) => !after.has(value));
  const gained = [...after].filter((value) => !before.has(value));
  return [
    ...(lost.length > 0 ? [{ effect: 'narrowed', text: `no longer accepts ${shown(lost)}` } as const] : []),
    ...(gained.length > 0 ? [{ effect: 'widened', text: `now accepts ${shown(gained)}` } as const] : []),
  ];
}

/** As JSON. */
function valuesOf(schema: JsonSchemaObject): ReadonlySet<string> | undefined {
  const values: readonly JsonValue[] | undefined = schema.const === undefined ? schema.enum : [schema.const];
  return values && new Set(values.map((value) => JSON.stringify(value)));
}

export function shown(values: Iterable<string> = [], most = 8): string {
  const all = [...values];
  const more = all.length - most;
  return `${all.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
