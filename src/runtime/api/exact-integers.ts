import type { JsonSchema, JsonSchemaObject, Operation } from '../../model/index.ts';
import { itemSchemas, memberSchemas, schemaBranches } from './schema-branches.ts';
import { isMap } from './serialize/primitive.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;
type Arguments = Readonly<Record<string, unknown>>;

/** An integer as JSON writes it (RFC 8259 §6). Of a thousand digits no API has heard, and to compare them takes time. */
export const DIGITS = /^-?(?:0|[1-9]\d{0,999})$/;

/** `_meta` of a call lists the integers here that stood as JSON numbers in its arguments, each with its exact digits. */
export const EXACT_INTEGERS_KEY = 'openapi-mcp/exactIntegers';

/** What {@link EXACT_INTEGERS_KEY} says. A client may write there what it likes: it then speaks of its own numbers only. */
export function exactIntegersOf(meta: Readonly<Record<string, unknown>> = {}): ReadonlySet<string> {
  const listed = meta[EXACT_INTEGERS_KEY];
  return new Set(Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : []);
}

export interface SettledIntegers {
  /** As they are validated: integers that a double holds exactly are numbers, others strings of digits. */
  readonly checked: Arguments;
  /** As they are sent: the strings of digits are bigints. */
  readonly sent: Arguments;
  /** Numbers that were rounded before they came here, told with the remedy. */
  readonly faults: readonly string[];
}

/**
 * Settles what arguments say where the schema asks for an integer. JSON.parse rounds what lies beyond 2^53, so there a
 * string of digits is taken, and a number refused: it names another record than the one that was meant, as likely as not.
 *
 * @param exact integers that stood in the JSON as numbers: these are known to be what was written
 */
export function settleIntegers(
  { arguments: schema }: Pick<Operation, 'arguments'>,
  schemas: Schemas,
  args: Arguments,
  exact: ReadonlySet<string>,
): SettledIntegers {
  if (!mayHoldIntegers(args)) return { checked: args, sent: args, faults: [] };
  const faults: string[] = [];
  const branchesOf = branchesFor(schemas);
  try {
    const checked = walk([schema], args, '', settled);
    const sent = walk([schema], checked, '', exactly);
    // An object stays an object, whatever is settled inside it.
    return { checked: checked as Arguments, sent: sent as Arguments, faults };
  } catch (error) {
    // Nested thousands of levels deep: validation refuses it.
    if (!(error instanceof RangeError)) throw error;
    return { checked: args, sent: args, faults };
  }

  function settled(value: string | number, types: ReadonlySet<string>, path: string): unknown {
    if (typeof value === 'number') {
      if (!types.has('integer') || types.has('number')) return value;
      const digits = BigInt(value).toString();
      if (!exact.has(digits)) faults.push(`${path}: ${rounded(digits)}`);
      return digits;
    }
    if (types.has('string')) return value;
    return types.has('integer') && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  function exactly(value: string | number, types: ReadonlySet<string>): unknown {
    if (typeof value === 'number' || types.has('string')) return value;
    if (types.size === 0) return exact.has(value) ? BigInt(value) : value;
    return (types.has('integer') || types.has('number')) && isBeyondDouble(value) ? BigInt(value) : value;
  }

  function walk(described: readonly JsonSchema[], value: unknown, path: string, settle: Settle): unknown {
    if (isOfInterest(value)) return settle(value, typesOf(branchesOf(described)), path);
    if (typeof value !== 'object' || value === null) return value;
    const all = branchesOf(described);
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        walk(
          all.flatMap((each) => itemSchemas(each, index)),
          item,
          `${path}[${index}]`,
          settle,
        ),
      );
    }
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        walk(
          all.flatMap((each) => memberSchemas(each, key)),
          member,
          path === '' ? key : `${path}.${key}`,
          settle,
        ),
      ]),
    );
  }
}

type Settle = (value: string | number, types: ReadonlySet<string>, path: string) => unknown;

const rounded = (digits: string): string =>
  `a JSON number beyond 2^53 loses digits in transit, and arrived as ${digits}; pass it as a string of digits`;

const isBeyondDouble = (digits: string): boolean => !Number.isSafeInteger(Number(digits));

/** Digits in a string, or a number that may have been another one. */
function isOfInterest(value: unknown): value is string | number {
  if (typeof value === 'string') return DIGITS.test(value);
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function mayHoldIntegers(args: Arguments): boolean {
  const open: unknown[] = [args];
  while (open.length > 0) {
    const next = open.pop();
    if (isOfInterest(next)) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const part of Array.isArray(next) ? next : Object.values(next)) open.push(part);
  }
  return false;
}

/** Every type that one of the schemas names, by itself or by the values it lists. */
function typesOf(all: readonly JsonSchemaObject[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const { type, const: only, enum: listed = [] } of all) {
    for (const name of type === undefined ? [] : [type].flat()) types.add(name);
    if (type !== undefined) continue;
    for (const value of only === undefined ? listed : [only]) types.add(typeof value);
  }
  return types;
}

function branchesFor(schemas: Schemas) {
  const known = branches.get(schemas) ?? schemaBranches(schemas);
  branches.set(schemas, known);
  return known;
}
const branches = new WeakMap<Schemas, ReturnType<typeof schemaBranches>>();
