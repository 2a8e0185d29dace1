import type { JsonTypeName } from '../../model/index.ts';
import { getOwn } from '../own.ts';
import type { Site } from './context.ts';

export function readType({ written, pointer, draft, context }: Site): void {
  const names = Array.isArray(written.type) ? written.type : [written.type];
  const report = (message: string) => context.reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/type`, message);
  const known: JsonTypeName[] = [];
  for (const name of names) {
    if (name === 'file') {
      // Swagger 2.0's word for bytes, in documents of every version.
      known.push('string');
      draft.format = 'binary';
      continue;
    }
    if (name === 'any') return;
    const type = typeof name === 'string' ? typeOf(name) : undefined;
    if (type === undefined) {
      report(`"type" cannot be ${JSON.stringify(name)}. Any type is accepted here.`);
      return;
    }
    if (type !== name) report(`"type" cannot be "${name}". It is read as "${type}".`);
    if (!known.includes(type)) known.push(type);
  }
  if (known.length) draft.type = known.length === 1 ? known[0] : known;
}

function typeOf(name: string): JsonTypeName | undefined {
  if (isType(name)) return name;
  const lower = name.toLowerCase();
  return getOwn(NEAR_TYPES, lower) ?? (isType(lower) ? lower : undefined);
}

const TYPES: ReadonlySet<string> = new Set<JsonTypeName>([
  ...(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const),
]);
const isType = (name: string): name is JsonTypeName => TYPES.has(name);

/** Type names that real documents use, and what they mean. */
const NEAR_TYPES: Readonly<Record<string, JsonTypeName>> = {
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  'date-time': 'string',
  uuid: 'string',
  list: 'array',
  map: 'object',
  dict: 'object',
};
