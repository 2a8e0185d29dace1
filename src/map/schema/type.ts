import type { JsonTypeName } from '../../model/index.ts';
import type { Site } from './context.ts';

export function readType(site: Site): void {
  const { written, draft } = site;
  // Nearly always.
  if (isTypeName(written.type)) draft.type = written.type;
  else readUnusualType(site);
}

function readUnusualType({ written, pointer, draft, context }: Site): void {
  const names = Array.isArray(written.type) ? written.type : [written.type];
  const report = (message: string) => context.reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/type`, message);
  const known: JsonTypeName[] = [];
  for (const name of names) {
    if (name === 'file') {
      // Swagger 2.0's name for bytes, also used in documents of later versions.
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
  const lower = name.toLowerCase();
  return TYPES.find((type) => type === lower || NEAR[type].includes(lower));
}

/** Names of types that real documents use. */
const NEAR: Readonly<Record<JsonTypeName, readonly string[]>> = {
  null: [],
  boolean: ['bool'],
  integer: ['int', 'int32', 'int64', 'long'],
  number: ['float', 'double', 'decimal'],
  string: ['str', 'text', 'date', 'datetime', 'date-time', 'uuid'],
  array: ['list'],
  object: ['map', 'dict'],
};
const TYPES = Object.keys(NEAR) as readonly JsonTypeName[]; // own keys only
const NAMES: ReadonlySet<unknown> = new Set(TYPES);
const isTypeName = (type: unknown): type is JsonTypeName => NAMES.has(type);
