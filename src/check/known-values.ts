import { type ApiModel, composition, type JsonSchema, type Operation, type OperationNeed } from '../model/index.ts';
import { operationKey } from '../runtime/api/facts/dependencies.ts';
import { isRecord } from '../runtime/is-record.ts';
import { nearest } from '../runtime/text/nearest.ts';

type Values = Readonly<Record<string, unknown>>;

/** Values that the user gives, by name of a parameter, and for single operations. */
export interface GivenValues {
  readonly byName: Values;
  readonly byOperation: ReadonlyMap<Operation, Values>;
}

/** Values that do not name a parameter or an operation. */
export class UnknownValueError extends Error {
  override readonly name = 'UnknownValueError';
}

/** @throws UnknownValueError */
export function givenValues(given: Values, { operations }: ApiModel): GivenValues {
  const byName: Record<string, unknown> = {};
  const byOperation = new Map<Operation, Values>();
  const names = new Set(operations.flatMap((operation) => [...namesOf(operation)]));
  for (const [key, value] of Object.entries(given)) {
    const operation = operations.find((each) => idsOf(each).includes(key));
    if (operation && isRecord(value)) byOperation.set(operation, value);
    else if (names.has(key)) byName[key] = value;
    else {
      const close = nearest(key, [...names, ...operations.map(({ id }) => id)]);
      const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
      throw new UnknownValueError(`"${key}" is neither a parameter nor an operation of the document.${meant}`);
    }
  }
  return { byName, byOperation };
}

/** What an operation may be called. */
const idsOf = (operation: Operation): readonly string[] => {
  const { id, origin, tool } = operation;
  return [tool?.name, id, origin.operationId, operationKey(operation)].filter((name) => name !== undefined);
};

/** The names of the arguments, and those of the parameters in the document. */
function* namesOf(operation: Operation): Generator<string, undefined> {
  yield* Object.keys(operation.arguments.properties);
  yield* wireNames(operation).keys();
}

/** The arguments by the names of their parameters. */
function wireNames({ request }: Operation): ReadonlyMap<string, string> {
  const parameters = [...request.path, ...request.query, ...request.headers, ...request.cookies];
  return new Map(parameters.flatMap((each) => (typeof each === 'string' ? [] : [[each.name, each.argument] as const])));
}

export type Arguments = { readonly values: Values } | { readonly missing: readonly string[] };

export interface KnownValues {
  readonly given: GivenValues;
  /** Values that other operations have returned, by argument. */
  readonly harvested: (operation: Operation) => ReadonlyMap<string, unknown>;
  readonly schemas: ApiModel['schemas'];
}

/**
 * The arguments for a call: what the user gave, then what the API itself returned, then examples, defaults and listed
 * values of the document. Optional arguments are sent only if the user gave them.
 */
export function argumentsFor(operation: Operation, { given, harvested, schemas }: KnownValues): Arguments {
  const own = given.byOperation.get(operation) ?? {};
  const wire = wireNames(operation);
  const named: Record<string, unknown> = {};
  for (const values of [given.byName, own])
    for (const [name, value] of Object.entries(values)) {
      const argument = Object.hasOwn(operation.arguments.properties, name) ? name : wire.get(name);
      if (argument !== undefined) named[argument] = value;
    }
  const { required, properties } = operation.arguments;
  const returned = harvested(operation);
  const values: Record<string, unknown> = { ...named };
  const missing: string[] = [];
  for (const argument of required) {
    if (Object.hasOwn(named, argument)) continue;
    const value = returned.get(argument) ?? documentedValue(properties[argument] ?? true, schemas);
    if (value === undefined) missing.push(argument);
    else values[argument] = value;
  }
  return missing.length > 0 ? { missing } : { values };
}

function documentedValue(schema: JsonSchema, schemas: ApiModel['schemas']): unknown {
  const parts = [...composition(schema, schemas)];
  for (const pick of [
    ({ examples }) => examples?.[0],
    ({ default: preset }) => preset,
    ({ const: only }) => only,
    ({ enum: listed }) => listed?.[0],
  ] satisfies ((part: Exclude<JsonSchema, boolean>) => unknown)[]) {
    const found = parts.map(pick).find((value) => value !== undefined && value !== null);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A value for an argument in what another operation returned: that of the first item with one. */
export function harvest({ argument }: OperationNeed, operation: Operation, body: unknown): unknown {
  const wire = [...wireNames(operation)].find(([, to]) => to === argument)?.[0] ?? argument;
  for (const item of itemsOf(body) ?? [body]) {
    const value = isRecord(item) ? valueIn(item, wire) : isScalar(item) ? item : undefined;
    if (value !== undefined) return suited(value, operation.arguments.properties[argument]);
  }
  return undefined;
}

/** What identifies an object, best first. */
const IDENTITIES = ['id', 'uuid', 'guid', 'key', 'slug', 'name', 'code', 'number', 'handle', 'login'];

function valueIn(item: Readonly<Record<string, unknown>>, name: string): unknown {
  const members = Object.entries(item).filter(([, value]) => isScalar(value));
  const wanted = plain(name);
  const named = members.find(([key]) => plain(key) === wanted);
  if (named) return named[1];
  // `petName` is a name, whatever else the object has.
  const own = IDENTITIES.filter((identity) => wanted.endsWith(identity));
  const identity = [...own, ...IDENTITIES].find((each) => members.some(([key]) => plain(key) === each));
  return members.find(([key]) => plain(key) === identity)?.[1];
}

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z\d]/g, '');

function suited(value: unknown, schema: JsonSchema | undefined): unknown {
  const type = typeof schema === 'object' ? schema.type : undefined;
  if (typeof value === 'number' && type === 'string') return String(value);
  const isNumeric = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return isNumeric && (type === 'integer' || type === 'number') ? Number(value) : value;
}

/** The list in a response: the response itself, or the first list in it. */
export function itemsOf(body: unknown, depth = 0): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isRecord(body) || depth > 2) return undefined;
  const lists = Object.values(body).filter((value) => Array.isArray(value));
  const [first] = [...lists].sort((a, b) => Number(b.some(isRecord)) - Number(a.some(isRecord)));
  if (first) return first;
  for (const value of Object.values(body)) {
    const inner = itemsOf(value, depth + 1);
    if (inner) return inner;
  }
  return undefined;
}
