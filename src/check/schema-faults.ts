import { composition, type DeclaredContent, type DeclaredResponses, type JsonSchema } from '../model/index.ts';
import type { SchemaCompiler, SchemaFault } from '../runtime/api/schema/schema-check.ts';
import { withDefs } from '../runtime/api/schema/schema-closure.ts';
import { isRecord } from '../runtime/is-record.ts';
import type { Contradiction, ContradictionCode } from './report.ts';

/** What a contradiction says besides whose it is. */
export type Judgement = Omit<Contradiction, 'tool' | 'request'>;

export interface Comparing {
  readonly responses: DeclaredResponses;
  readonly compileSchema: SchemaCompiler;
}

/** Where a value violates the schema of its content; each rule of the document once, with the first place. */
export async function schemaFaults(
  value: unknown,
  content: DeclaredContent,
  { responses, compileSchema }: Comparing,
): Promise<readonly Judgement[]> {
  const { schema } = content;
  if (schema === undefined) return [];
  const check = await compileSchema(typeof schema === 'boolean' ? schema : withDefs(schema, responses.schemas));
  const faults = check?.(value) ?? [];
  const found = new Map<string, Judgement>();
  for (const fault of withoutBranches(faults, schema, responses.schemas)) {
    const told = inWords(fault, value);
    const place = placeOf(fault.path);
    const pointer = responses.pointerAt(content, fault.path, (part) => declares(part, fault));
    const key = `${told.code} ${pointer} ${told.declared}`;
    const known = found.get(key);
    found.set(key, known ? { ...known, count: known.count + 1 } : { ...told, pointer, place, count: 1 });
  }
  return [...found.values()];
}

/** Whether the violated rule is in this schema itself, and not in one that it is composed of. */
function declares(schema: Readonly<Record<string, unknown>>, { keyword, params }: SchemaFault): boolean {
  if (keyword !== 'required') return keyword in schema;
  return Array.isArray(schema.required) && schema.required.includes(params.missingProperty);
}

/**
 * A value that fits no alternative is reported once, and not for each alternative; but where null is the only other one,
 * what is wrong with the value says more.
 */
function withoutBranches(
  faults: readonly SchemaFault[],
  schema: JsonSchema,
  shared: Readonly<Record<string, JsonSchema>>,
): readonly SchemaFault[] {
  let kept = faults;
  for (const fault of faults.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    if (!kept.includes(fault)) continue;
    const inside = (other: SchemaFault) => other !== fault && startsWith(other.path, fault.path);
    const isNullable = alternativesAt(fault.path, schema, shared) === 1;
    const isWanted = (other: SchemaFault) => !(samePath(other, fault) && other.params.type === 'null');
    kept = isNullable
      ? kept.filter((other) => other !== fault && isWanted(other))
      : kept.filter((other) => !inside(other));
  }
  // An unknown property of an object in `if` and the like is reported at several places.
  return kept.filter(({ keyword }) => keyword !== 'if');
}

const startsWith = (path: SchemaFault['path'], start: SchemaFault['path']): boolean =>
  start.every((key, at) => path[at] === key);
const samePath = (one: SchemaFault, other: SchemaFault): boolean =>
  one.path.length === other.path.length && startsWith(one.path, other.path);

/** How many alternatives that are not null the schema of a part of a value has. */
function alternativesAt(
  path: SchemaFault['path'],
  schema: JsonSchema,
  shared: Readonly<Record<string, JsonSchema>>,
): number {
  let parts: readonly JsonSchema[] = [schema];
  for (const key of path)
    parts = parts.flatMap((part) =>
      [...composition(part, shared)].flatMap(({ properties = {}, items, additionalProperties }): JsonSchema[] => {
        if (typeof key === 'number') return items === undefined ? [] : [items];
        const own = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
        return own === undefined ? [] : [own];
      }),
    );
  const choices = parts.flatMap((part) =>
    [...composition(part, shared)].flatMap(({ anyOf, oneOf }) => anyOf ?? oneOf ?? []),
  );
  return choices.filter((choice) => typeof choice !== 'object' || choice.type !== 'null').length;
}

/** `items[].id` */
const placeOf = (path: SchemaFault['path']): string =>
  path.map((key, at) => (typeof key === 'number' ? '[]' : at === 0 ? key : `.${key}`)).join('');

const CODES: Readonly<Record<string, ContradictionCode>> = {
  type: 'wrong-type',
  required: 'missing-property',
  dependentRequired: 'missing-property',
  additionalProperties: 'undocumented-property',
  unevaluatedProperties: 'undocumented-property',
  enum: 'enum-violation',
  const: 'enum-violation',
  format: 'format-violation',
};

function inWords(
  { path, keyword, params }: SchemaFault,
  root: unknown,
): Pick<Contradiction, 'code' | 'declared' | 'seen'> {
  const code = CODES[keyword] ?? 'schema-violation';
  const value = path.reduce<unknown>(
    (part, key) => (isRecord(part) || Array.isArray(part) ? part[key as never] : undefined),
    root,
  );
  switch (code) {
    case 'wrong-type':
      return { code, declared: [params.type].flat().join(' or '), seen: `${typeName(value)} ${short(value)}` };
    case 'missing-property':
      return { code, declared: `"${params.missingProperty}" is required`, seen: 'it is missing' };
    case 'undocumented-property':
      return { code, declared: 'no other properties', seen: `"${path.at(-1)}": ${short(value)}` };
    case 'enum-violation': {
      const allowed = [params.allowedValues ?? params.allowedValue].flat().map((one) => JSON.stringify(one));
      return { code, declared: cut(allowed.join(', ')), seen: short(value) };
    }
    case 'format-violation':
      return { code, declared: `format ${params.format}`, seen: short(value) };
    default:
      return { code, declared: RULES[keyword]?.(params) ?? `"${keyword}"`, seen: `${typeName(value)} ${short(value)}` };
  }
}

type Params = SchemaFault['params'];

const RULES: Readonly<Record<string, (params: Params) => string>> = {
  ...Object.fromEntries(
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((keyword) => [
      keyword,
      ({ comparison, limit }: Params) => `${comparison} ${limit}`,
    ]),
  ),
  ...Object.fromEntries(
    ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((keyword) => [
      keyword,
      ({ limit }: Params) => `${keyword} ${limit}`,
    ]),
  ),
  multipleOf: ({ multipleOf }) => `a multiple of ${multipleOf}`,
  pattern: ({ pattern }) => cut(`pattern ${pattern}`),
  uniqueItems: () => 'items that differ',
  anyOf: () => 'one of several schemas (anyOf)',
  oneOf: () => 'exactly one of several schemas (oneOf)',
  not: () => 'not what is excluded (not)',
};

function typeName(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const LONGEST = 100;
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
const short = (value: unknown): string => cut(JSON.stringify(value) ?? 'nothing');
