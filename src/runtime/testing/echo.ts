import type { JsonSchema, JsonValue, Operation } from '../../model/index.ts';
import { fitsSchema } from '../api/schema/fits-schema.ts';

interface Echoing {
  readonly operation: Pick<Operation, 'request'>;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly schema: JsonSchema;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly status: number;
}

interface Sent {
  readonly name: string;
  readonly value: string | number | boolean;
  /** The last parameter of the path, which names the object that is asked for: `id` has its value too. */
  readonly isIdentity: boolean;
}

/**
 * The value with the arguments of the path and query that share the name of a property: `GET /pets/7` has the `id` 7, and
 * `?status=sold` lists pets that are sold. An error names its own status. What the schema does not allow stays as it is.
 */
export function echoed(value: JsonValue, echoing: Echoing): JsonValue {
  const { schema, schemas } = echoing;
  let shown = value;
  for (const sent of [...ownStatus(echoing), ...sentValues(echoing)]) {
    const next = withValue(shown, sent, 0);
    if (next !== shown && fitsSchema(next, schema, schemas)) shown = next;
  }
  return shown;
}

/** Problem details (RFC 9457 §3.1.2), and what others call it. */
function ownStatus({ status }: Echoing): readonly Sent[] {
  if (status < 400) return [];
  return ['status', 'statusCode', 'code'].map((name) => ({ name, value: status, isIdentity: false }));
}

function sentValues({ operation, arguments: given }: Echoing): readonly Sent[] {
  const { path, query } = operation.request;
  const inPath = path.filter((part) => typeof part !== 'string');
  const identity = typeof path.at(-1) === 'string' ? undefined : inPath.at(-1);
  return [...query, ...inPath].flatMap((parameter): Sent[] => {
    const { argument, name } = parameter;
    const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return [];
    return [{ name, value, isIdentity: parameter === identity }];
  });
}

/** Lists, and objects around the object that is asked for, are looked through. */
const DEEPEST = 2;

function withValue(value: JsonValue, sent: Sent, depth: number): JsonValue {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withValue(item, { ...sent, isIdentity: false }, depth + 1));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const entries = Object.entries(value);
  const key = keyFor(sent, entries);
  if (key !== undefined) {
    const [, old] = key;
    const next = asTypeOf(old, sent.value);
    return next === undefined
      ? value
      : Object.fromEntries(entries.map(([name, part]) => [name, name === key[0] ? next : part]));
  }
  const inner = entries.map(([name, part]) => [name, withValue(part, sent, depth + 1)] as const);
  return inner.some(([, part], at) => part !== entries[at]?.[1]) ? Object.fromEntries(inner) : value;
}

function keyFor({ name, isIdentity }: Sent, entries: readonly [string, JsonValue][]): [string, JsonValue] | undefined {
  const wanted = plain(name);
  const exact = entries.find(([key]) => key === name) ?? entries.find(([key]) => plain(key) === wanted);
  if (exact || !isIdentity || !wanted.endsWith('id')) return exact;
  return entries.find(([key]) => plain(key) === 'id');
}

/** `pet_id` and `petId` are the same name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z\d]/g, '');

function asTypeOf(old: JsonValue, value: Sent['value']): JsonValue | undefined {
  if (typeof old === typeof value) return value;
  if (typeof old === 'string') return String(value);
  if (typeof old === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  return old === null ? value : undefined;
}
