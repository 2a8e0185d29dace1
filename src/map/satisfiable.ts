import {
  type JsonSchema,
  type JsonSchemaObject,
  type JsonValue,
  type Schemas,
  sharedSchema,
  typesOf,
} from '../model/index.ts';
import { isOfAny } from './typed-values.ts';

type Type = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/**
 * Explains why no value can match a schema; `undefined` if one may. It has no false positives: patterns, formats, `not`
 * and `if` are assumed to match, and so is everything that is too large or too deep to check.
 */
export function whyUnsatisfiable(schema: JsonSchema, shared: Schemas): string | undefined {
  return contradiction([schema], { shared, visits: { left: MOST_VISITS }, depth: 0 });
}

interface Search {
  readonly shared: Schemas;
  readonly visits: { left: number };
  readonly depth: number;
}

function contradiction(described: readonly JsonSchema[], { shared, visits, depth }: Search): string | undefined {
  if (--visits.left < 0 || depth > DEEPEST) return undefined;
  if (described.length === 1 && !mayContradict(described[0] ?? true)) return undefined;
  const parts = conjuncts(described, shared);
  if (parts === undefined) return undefined;
  if (parts.includes(false)) return 'the schema is false';
  const all = parts.filter((part) => typeof part === 'object');
  const types = TYPES.filter((type) => all.every((part) => allowsType(part, type)));
  if (types.length === 0) return 'its types contradict each other';
  const listed = listedValues(all);
  if (listed) {
    return listed.some((value) => fitsAll(value, all)) ? undefined : 'no value of its enumeration fits the rest of it';
  }
  const below = { shared, visits, depth: depth + 1 };
  return commonReason(types, (type) => impossible(type, all, below)) ?? branchless(all, below);
}

/**
 * Everything that must hold at once: the schemas, their references, and their `allOf`. `undefined`: too many to check.
 */
function conjuncts(described: readonly JsonSchema[], shared: Schemas): readonly JsonSchema[] | undefined {
  const found = new Set<JsonSchema>();
  const open = [...described];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    if (found.size > MOST_PARTS) return undefined;
    if (typeof next === 'boolean') continue;
    const target = next.$ref === undefined ? undefined : sharedSchema(next.$ref, shared);
    open.push(...(target === undefined ? [] : [target]), ...(next.allOf ?? []));
  }
  return [...found];
}

/** Why none of several ways is possible: the reason of the first. Stops at the first that is possible. */
function commonReason<Way>(ways: readonly Way[], reasonOf: (way: Way) => string | undefined): string | undefined {
  let first: string | undefined;
  for (const way of ways) {
    const reason = reasonOf(way);
    if (reason === undefined) return undefined;
    first ??= reason;
  }
  return first;
}

function impossible(type: Type, all: readonly JsonSchemaObject[], below: Search): string | undefined {
  switch (type) {
    case 'number':
      return noNumber(all);
    case 'string':
      return crossed(all, 'minLength', 'maxLength');
    case 'array':
      return crossed(all, 'minItems', 'maxItems') ?? noItem(all, below);
    case 'object':
      return crossed(all, 'minProperties', 'maxProperties') ?? noProperty(all, below);
    default:
      return undefined;
  }
}

function noItem(all: readonly JsonSchemaObject[], below: Search): string | undefined {
  const isNeeded = all.some(({ minItems = 0 }) => minItems > 0);
  if (!isNeeded) return undefined;
  const first = all.flatMap(({ prefixItems = [], items }) => prefixItems[0] ?? items ?? []);
  const reason = contradiction(first, below);
  return reason && `it needs an item, of which ${reason}`;
}

function noProperty(all: readonly JsonSchemaObject[], below: Search): string | undefined {
  const required = new Set(all.flatMap((part) => part.required ?? []));
  for (const name of required) {
    const isForbidden = all.some((part) => forbids(part, name));
    if (isForbidden) return `"${name}" is required, and forbidden`;
    const member = all.flatMap(({ properties = {} }) =>
      Object.hasOwn(properties, name) ? (properties[name] ?? []) : [],
    );
    const reason = contradiction(member, below);
    if (reason) return `"${name}" is required, and ${reason}`;
  }
  const most = Math.min(...all.map(({ maxProperties = Infinity }) => maxProperties));
  return required.size > most ? 'it requires more properties than it may have' : undefined;
}

/** Whether no alternative can be satisfied together with the rest. */
function branchless(all: readonly JsonSchemaObject[], below: Search): string | undefined {
  for (const part of all) {
    for (const branches of [part.anyOf, part.oneOf]) {
      if (!branches) continue;
      const rest = all.map(({ anyOf, oneOf, ...own }) => own);
      const reason = commonReason(branches, (branch) => contradiction([branch, ...rest], below));
      if (reason !== undefined) return `none of its alternatives can be satisfied: ${reason}`;
    }
  }
  return undefined;
}

const MOST_VISITS = 500;
const MOST_PARTS = 100;
const DEEPEST = 8;
const TYPES: readonly Type[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** A schema without any of these cannot contradict itself. Most have none. */
const RESTRICTIONS: ReadonlySet<string> = new Set([
  ...['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const', 'required'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties'],
]);

function mayContradict(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean') return !schema;
  for (const keyword in schema) if (RESTRICTIONS.has(keyword)) return true;
  return false;
}

function allowsType(schema: JsonSchemaObject, asked: Type): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.includes(asked) || (asked === 'number' && types.includes('integer'));
}

/** The values that all enumerations and constants share; `undefined` if there are neither. */
function listedValues(all: readonly JsonSchemaObject[]): readonly JsonValue[] | undefined {
  const lists = all.flatMap(({ enum: values, const: only }) => [
    ...(values ? [values] : []),
    ...(only === undefined ? [] : [[only]]),
  ]);
  const [first, ...others] = lists;
  // Equal objects may be written in different orders.
  const isIn = (value: JsonValue, list: readonly JsonValue[]) =>
    typeof value === 'object' && value !== null ? list.some((each) => typeof each === 'object') : list.includes(value);
  return first?.filter((value) => others.every((list) => isIn(value, list)));
}

function fitsAll(value: JsonValue, all: readonly JsonSchemaObject[]): boolean {
  return all.every((part) => {
    if (part.type !== undefined && !isOfAny(value, typesOf(part))) return false;
    if (typeof value === 'number') return noNumber([part, { minimum: value, maximum: value }]) === undefined;
    if (typeof value !== 'string') return true;
    const { minLength = 0, maxLength = Infinity } = part;
    const length = [...value].length;
    return length >= minLength && length <= maxLength;
  });
}

function noNumber(all: readonly JsonSchemaObject[]): string | undefined {
  const least = Math.max(...all.flatMap((part) => [part.minimum ?? -Infinity, part.exclusiveMinimum ?? -Infinity]));
  const most = Math.min(...all.flatMap((part) => [part.maximum ?? Infinity, part.exclusiveMaximum ?? Infinity]));
  const isOpen = all.some((part) => part.exclusiveMinimum === least || part.exclusiveMaximum === most);
  if (least > most || (least === most && isOpen)) return 'its minimum is above its maximum';
  const whole = all.every(({ type }) => type !== 'integer') || Math.ceil(least) <= Math.floor(most);
  return whole ? undefined : 'no integer is between its minimum and its maximum';
}

function crossed(
  all: readonly JsonSchemaObject[],
  low: 'minLength' | 'minItems' | 'minProperties',
  high: 'maxLength' | 'maxItems' | 'maxProperties',
): string | undefined {
  const least = Math.max(...all.map((part) => part[low] ?? 0));
  const most = Math.min(...all.map((part) => part[high] ?? Infinity));
  return least > most ? `its ${low} is above its ${high}` : undefined;
}

function forbids(
  { properties = {}, patternProperties, additionalProperties }: JsonSchemaObject,
  name: string,
): boolean {
  if (Object.hasOwn(properties, name)) return properties[name] === false;
  return additionalProperties === false && patternProperties === undefined;
}
