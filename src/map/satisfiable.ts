import { type JsonSchema, type JsonSchemaObject, type JsonValue, sharedSchema } from '../model/index.ts';
import { isOfType } from './typed-values.ts';

type Shared = Readonly<Record<string, JsonSchema>>;
type Type = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/**
 * Why no value can fit a schema, in words; `undefined` where one may. It never says so of a schema that some value fits:
 * patterns, formats, `not` and `if` are taken to be met, and so is whatever is too large or too deep to look at.
 */
export function whyUnsatisfiable(schema: JsonSchema, shared: Shared): string | undefined {
  const visits = { left: MOST_VISITS };
  return contradiction([schema], 0);

  function contradiction(described: readonly JsonSchema[], depth: number): string | undefined {
    if (--visits.left < 0 || depth > DEEPEST) return undefined;
    if (described.length === 1 && !mayContradict(described[0] ?? true)) return undefined;
    const parts = conjuncts(described);
    if (parts === undefined) return undefined;
    if (parts.includes(false)) return 'the schema is false';
    const all = parts.filter((part) => typeof part === 'object');
    const types = TYPES.filter((type) => all.every((part) => allowsType(part, type)));
    if (types.length === 0) return 'its types contradict each other';
    const listed = listedValues(all);
    if (listed) {
      return listed.some((value) => fitsAll(value, all))
        ? undefined
        : 'no value of its enumeration fits the rest of it';
    }
    const reasons = types.map((type) => impossible(type, all, depth));
    const [reason] = reasons;
    if (reasons.every((each) => each !== undefined)) return reason;
    return branchless(all, depth);
  }

  /** All that must hold at once: the schemas, what they refer to, and their `allOf`. `undefined`: too many to look at. */
  function conjuncts(described: readonly JsonSchema[]): readonly JsonSchema[] | undefined {
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

  function impossible(type: Type, all: readonly JsonSchemaObject[], depth: number): string | undefined {
    switch (type) {
      case 'number':
        return noNumber(all);
      case 'string':
        return crossed(all, 'minLength', 'maxLength');
      case 'array':
        return crossed(all, 'minItems', 'maxItems') ?? noItem(all, depth);
      case 'object':
        return crossed(all, 'minProperties', 'maxProperties') ?? noProperty(all, depth);
      default:
        return undefined;
    }
  }

  function noItem(all: readonly JsonSchemaObject[], depth: number): string | undefined {
    const isNeeded = all.some(({ minItems = 0 }) => minItems > 0);
    if (!isNeeded) return undefined;
    const first = all.flatMap(({ prefixItems = [], items }) => prefixItems[0] ?? items ?? []);
    const reason = contradiction(first, depth + 1);
    return reason && `it needs an item, of which ${reason}`;
  }

  function noProperty(all: readonly JsonSchemaObject[], depth: number): string | undefined {
    const required = new Set(all.flatMap((part) => part.required ?? []));
    for (const name of required) {
      const isForbidden = all.some((part) => forbids(part, name));
      if (isForbidden) return `"${name}" is both required and forbidden`;
      const member = all.flatMap(({ properties = {} }) =>
        Object.hasOwn(properties, name) ? (properties[name] ?? []) : [],
      );
      const reason = contradiction(member, depth + 1);
      if (reason) return `"${name}" is required, and ${reason}`;
    }
    const most = Math.min(...all.map(({ maxProperties = Infinity }) => maxProperties));
    return required.size > most ? 'it requires more properties than it may have' : undefined;
  }

  /** Alternatives of which none can be met beside the rest. */
  function branchless(all: readonly JsonSchemaObject[], depth: number): string | undefined {
    for (const part of all) {
      for (const branches of [part.anyOf, part.oneOf]) {
        if (!branches) continue;
        const rest = all.map(({ anyOf, oneOf, ...own }) => own);
        const reasons = branches.map((branch) => contradiction([branch, ...rest], depth + 1));
        if (reasons.every((reason) => reason !== undefined))
          return `none of its alternatives can be satisfied: ${reasons[0]}`;
      }
    }
    return undefined;
  }
}

const MOST_VISITS = 500;
const MOST_PARTS = 100;
const DEEPEST = 8;
const TYPES: readonly Type[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** What a schema needs one of to contradict itself. Most have none. */
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

function allowsType({ type }: JsonSchemaObject, asked: Type): boolean {
  const types = type === undefined ? [] : [type].flat();
  return types.length === 0 || types.includes(asked) || (asked === 'number' && types.includes('integer'));
}

/** The values that all enumerations and constants have in common; `undefined` where there are none of them. */
function listedValues(all: readonly JsonSchemaObject[]): readonly JsonValue[] | undefined {
  const lists = all.flatMap(({ enum: values, const: only }) => [
    ...(values ? [values] : []),
    ...(only === undefined ? [] : [[only]]),
  ]);
  const [first, ...others] = lists;
  // Objects may be equal though they are written in another order.
  const isIn = (value: JsonValue, list: readonly JsonValue[]) =>
    typeof value === 'object' && value !== null ? list.some((each) => typeof each === 'object') : list.includes(value);
  return first?.filter((value) => others.every((list) => isIn(value, list)));
}

function fitsAll(value: JsonValue, all: readonly JsonSchemaObject[]): boolean {
  return all.every((part) => {
    if (part.type !== undefined && !isOfType(value, [part.type].flat())) return false;
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
