import { composition, type JsonSchema, type JsonSchemaObject, type RequestPlan } from '../../model/index.ts';
import { keyOf } from './key.ts';

/** An argument of the query or the body that may have to do with paging. */
export interface PagingArgument {
  readonly argument: string;
  /** Its name in the request, for comparison. */
  readonly key: string;
  readonly isNumber: boolean;
  readonly isInteger: boolean;
  readonly isText: boolean;
  readonly default: unknown;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly description: string;
}

type Shared = Readonly<Record<string, JsonSchema>>;

/** Path parameters and headers identify what is requested, not which page of it. */
export function pagingArguments(
  { query, body }: RequestPlan,
  properties: Readonly<Record<string, JsonSchema>>,
  shared: Shared,
): readonly PagingArgument[] {
  const [variant] = body?.variants ?? [];
  const fields = variant?.source.kind === 'fields' ? Object.entries(variant.source.fields) : [];
  const named = [...query.map(({ argument, name }) => [argument, name] as const), ...fields];
  return named.flatMap(([argument, name]) =>
    Object.hasOwn(properties, argument) ? [described(argument, name, properties[argument] ?? true, shared)] : [],
  );
}

const MOST_PARTS = 20;

function described(argument: string, name: string, schema: JsonSchema, shared: Shared): PagingArgument {
  const parts: JsonSchemaObject[] = [];
  for (const part of composition(schema, shared)) {
    parts.push(part);
    if (parts.length === MOST_PARTS) break;
  }
  const types = new Set(parts.flatMap(({ type }) => type ?? []));
  const first = <Value>(of: (part: JsonSchemaObject) => Value | undefined): Value | undefined =>
    parts.map(of).find((value) => value !== undefined);
  const isDate = parts.some(({ format }) => format !== undefined && /date|time/i.test(format));
  return {
    argument,
    key: keyOf(name),
    isNumber: types.has('integer') || types.has('number'),
    isInteger: types.has('integer'),
    // A point in time is a filter.
    isText: types.has('string') && !isDate,
    default: first((part) => part.default),
    minimum: first((part) => part.minimum),
    maximum: first((part) => part.maximum),
    description: first((part) => part.description) ?? '',
  };
}
