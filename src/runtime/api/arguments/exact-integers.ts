import type { JsonSchema, JsonSchemaObject, Operation, Schemas } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { remembered } from '../../remembered.ts';
import { itemSchemas, memberSchemas, schemaBranches } from '../schema/schema-branches.ts';
import { DIGITS, EXACT_INTEGERS_KEY } from './exact-json.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The value of {@link EXACT_INTEGERS_KEY}. A client can set it to anything, but it affects only that client's own
 * numbers.
 */
export function exactIntegersOf(meta: Readonly<Record<string, unknown>> = {}): ReadonlySet<string> {
  const listed = meta[EXACT_INTEGERS_KEY];
  return new Set(Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : []);
}

export interface SettledIntegers {
  /** For validation: integers that a double can hold are numbers, others strings of digits. */
  readonly checked: Arguments;
  /** For sending: strings of digits become bigints. */
  readonly sent: Arguments;
  /** Numbers that were already rounded, reported with the fix. */
  readonly faults: readonly string[];
}

/**
 * Resolves integer arguments. JSON.parse rounds numbers beyond 2^53, so there a string of digits is accepted and a
 * number is rejected: it probably identifies another record than intended.
 *
 * @param exact integers that were numbers in the JSON, so their digits are known
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
    // An object stays an object.
    return { checked: checked as Arguments, sent: sent as Arguments, faults };
  } catch (error) {
    // Nested thousands of levels deep: validation rejects it.
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
      return value.map((item, index) => {
        const inner = all.flatMap((each) => itemSchemas(each, index));
        return walk(inner, item, `${path}[${index}]`, settle);
      });
    }
    if (!isRecord(value)) return value;
    const members = Object.entries(value).map(([key, member]) => {
      const inner = all.flatMap((each) => memberSchemas(each, key));
      return [key, walk(inner, member, path === '' ? key : `${path}.${key}`, settle)];
    });
    return Object.fromEntries(members);
  }
}

type Settle = (value: string | number, types: ReadonlySet<string>, path: string) => unknown;

const rounded = (digits: string): string =>
  `a JSON number beyond 2^53 loses digits in transit, and arrived as ${digits}; pass it as a string of digits`;

const isBeyondDouble = (digits: string): boolean => !Number.isSafeInteger(Number(digits));

/** A string of digits, or a number that may have been rounded. */
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

/** All types that the schemas declare, directly or through enum values. */
function typesOf(all: readonly JsonSchemaObject[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const { type, const: only, enum: listed = [] } of all) {
    for (const name of type === undefined ? [] : [type].flat()) types.add(name);
    if (type !== undefined) continue;
    for (const value of only === undefined ? listed : [only]) types.add(typeof value);
  }
  return types;
}

const branchesFor = remembered(schemaBranches);
