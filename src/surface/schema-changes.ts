import { isDeepStrictEqual } from 'node:util';
import { type JsonSchema, type JsonSchemaObject, type JsonValue, sharedName, sharedSchema } from '../model/index.ts';
import type { Effect } from './effect.ts';
import { limitChanges } from './limit-changes.ts';
import type { SharedSchemas } from './surface.ts';
import { typeChange, valueChange } from './value-changes.ts';

/** One difference between two schemas of the same value. */
export interface SchemaChange {
  readonly effect: Effect;
  /** A sentence: `"pet.status" no longer accepts "sold".` */
  readonly message: string;
}

export interface SchemaSide {
  readonly schema: JsonSchema;
  /** What `#/$defs/<name>` refers to. */
  readonly schemas: SharedSchemas;
}

/**
 * The differences between two schemas (JSON Schema 2020-12). References to the same name count as equal: shared schemas
 * are compared once, not for each use.
 */
export function schemaChanges(before: SchemaSide, after: SchemaSide): readonly SchemaChange[] {
  const comparison = new Comparison(before.schemas, after.schemas);
  comparison.compare(before.schema, after.schema, '');
  return comparison.found;
}

/** The changes of the schemas that both have, by name. */
export function changedSchemas(old: SharedSchemas = {}, now: SharedSchemas = {}) {
  return Object.entries(old).flatMap(([name, schema]) => {
    const other = Object.hasOwn(now, name) ? now[name] : undefined;
    if (other === undefined) return [];
    const changes = schemaChanges({ schema, schemas: old }, { schema: other, schemas: now });
    return changes.length > 0 ? [{ name, changes }] : [];
  });
}

class Comparison {
  readonly found: SchemaChange[] = [];
  readonly #before: SharedSchemas;
  readonly #after: SharedSchemas;
  /** Pairs of references that have been replaced by what they refer to: schemas may be recursive. */
  readonly #resolved = new Set<string>();

  constructor(before: SharedSchemas, after: SharedSchemas) {
    this.#before = before;
    this.#after = after;
  }

  compare(before: JsonSchema, after: JsonSchema, at: string): void {
    if (before === after) return;
    const pair = this.#dereferenced(objectOf(before), objectOf(after));
    if (!pair) return;
    const [old, now] = pair;
    if (isDeepStrictEqual(old, now)) return;
    const type = typeChange(old, now);
    if (type) this.#tell(type.effect, at, type.text);
    // Other keywords are about values of the old type.
    if (type?.effect === 'changed') return;
    for (const { effect, text } of [...valueChange(old, now), ...limitChanges(old, now)]) this.#tell(effect, at, text);
    this.#texts(old, now, at);
    this.#properties(old, now, at);
    this.#open(old.additionalProperties, now.additionalProperties, `${at}.*`, at, 'other properties');
    this.#open(old.items, now.items, `${at}[]`, at, 'items');
    this.#choices(old, now, at);
    this.#prefixItems(old.prefixItems ?? [], now.prefixItems ?? [], at);
    for (const keyword of OPAQUE) {
      if (!isDeepStrictEqual(old[keyword], now[keyword])) this.#tell('changed', at, `has another "${keyword}"`);
    }
  }

  #tell(effect: Effect, at: string, text: string): void {
    this.found.push({ effect, message: `${at === '' ? 'The value' : `"${at}"`} ${text}.` });
  }

  /** Both without `$ref`; `undefined` if the pair has been compared. */
  #dereferenced(
    old: JsonSchemaObject,
    now: JsonSchemaObject,
  ): readonly [JsonSchemaObject, JsonSchemaObject] | undefined {
    const { $ref: oldRef, $defs: _, ...oldRest } = old;
    const { $ref: newRef, $defs: __, ...newRest } = now;
    if (oldRef === newRef) return [oldRest, newRest];
    const key = `${oldRef} ${newRef} ${oldRef === undefined ? JSON.stringify(old) : newRef === undefined ? JSON.stringify(now) : ''}`;
    if (this.#resolved.has(key)) return undefined;
    this.#resolved.add(key);
    return [
      { ...target(oldRef, this.#before), ...oldRest },
      { ...target(newRef, this.#after), ...newRest },
    ];
  }

  #texts(old: JsonSchemaObject, now: JsonSchemaObject, at: string): void {
    for (const keyword of ['title', 'description', 'examples'] as const) {
      if (!isDeepStrictEqual(old[keyword], now[keyword])) this.#tell('text', at, `has another ${NAMES[keyword]}`);
    }
    if (!isDeepStrictEqual(old.default, now.default)) this.#tell('text', at, defaultText(now.default));
    const [was = false, is = false] = [old.deprecated, now.deprecated];
    if (was !== is) this.#tell('text', at, is ? 'is now deprecated' : 'is no longer deprecated');
  }

  #properties(old: JsonSchemaObject, now: JsonSchemaObject, at: string): void {
    const [before, after] = [mapOf(old.properties), mapOf(now.properties)];
    const [needed, needs] = [new Set(old.required), new Set(now.required)];
    const path = (name: string) => (at === '' ? name : `${at}.${name}`);
    for (const [name, schema] of before) {
      const other = after.get(name);
      if (other === undefined) this.#tell('removed', path(name), 'no longer exists');
      else this.compare(schema, other, path(name));
    }
    for (const name of after.keys()) {
      if (before.has(name)) continue;
      const isRequired = needs.has(name);
      this.#tell(isRequired ? 'addedRequired' : 'added', path(name), isRequired ? 'is new and required' : 'is new');
    }
    for (const name of needs) {
      if (!needed.has(name) && (before.has(name) || !after.has(name)))
        this.#tell('required', path(name), 'is now required');
    }
    for (const name of needed) {
      if (!needs.has(name) && (after.has(name) || !before.has(name)))
        this.#tell('optional', path(name), 'is now optional');
    }
  }

  /** A schema for everything that is not named. Without one, everything is accepted. */
  #open(old: JsonSchema = true, now: JsonSchema = true, at: string, owner: string, what: string): void {
    if (old !== false && now === false) this.#tell('narrowed', owner, `no longer accepts ${what}`);
    else if (old === false && now !== false) this.#tell('widened', owner, `now accepts ${what}`);
    else this.compare(old, now, at.replace(/^\./, ''));
  }

  #prefixItems(old: readonly JsonSchema[], now: readonly JsonSchema[], at: string): void {
    if (old.length !== now.length) this.#tell('changed', at, 'has another number of positions');
    for (const [index, schema] of old.entries()) {
      const other = now[index];
      if (other !== undefined) this.compare(schema, other, `${at}[${index}]`);
    }
  }

  #choices(old: JsonSchemaObject, now: JsonSchemaObject, at: string): void {
    for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
      const [before, after] = withoutCommon(old[keyword] ?? [], now[keyword] ?? []);
      const paired = Math.min(before.length, after.length);
      for (let index = 0; index < paired; index++) this.compare(before[index] ?? true, after[index] ?? true, at);
      const [lost, gained] = [before.length - paired, after.length - paired];
      if (lost + gained === 0) continue;
      // No list of alternatives accepts everything.
      const isFirst = old[keyword] === undefined;
      const isGone = now[keyword] === undefined;
      const narrowed = keyword === 'allOf' ? gained > 0 : isFirst || (lost > 0 && !isGone);
      this.#tell(narrowed ? 'narrowed' : 'widened', at, choiceText(keyword, lost, gained));
    }
  }
}

/** Keywords of which only a difference is known, not its direction. */
const OPAQUE = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'dependentRequired',
  'dependentSchemas',
] as const satisfies readonly (keyof JsonSchemaObject)[];

const NAMES = { title: 'title', description: 'description', examples: 'list of examples' } as const;

const objectOf = (schema: JsonSchema): JsonSchemaObject => {
  if (typeof schema !== 'boolean') return schema;
  return schema ? {} : { not: {} };
};

const target = ($ref: string | undefined, schemas: SharedSchemas): JsonSchemaObject => {
  if ($ref === undefined) return {};
  const found = objectOf(sharedSchema($ref, schemas) ?? true);
  // A chain of references ends at the schema itself.
  return found.$ref !== undefined && sharedName(found.$ref) !== sharedName($ref)
    ? { ...target(found.$ref, schemas), ...withoutRef(found) }
    : withoutRef(found);
};

const withoutRef = ({ $ref: _, ...rest }: JsonSchemaObject): JsonSchemaObject => rest;

const mapOf = <Value>(values: Readonly<Record<string, Value>> = {}): ReadonlyMap<string, Value> =>
  new Map(Object.entries(values));

const defaultText = (value: JsonValue | undefined): string =>
  value === undefined ? 'no longer has a default' : `has the default ${JSON.stringify(value)} now`;

function choiceText(keyword: 'anyOf' | 'oneOf' | 'allOf', lost: number, gained: number): string {
  const count = Math.max(lost, gained);
  const noun = `${keyword === 'allOf' ? 'condition' : 'alternative'}${count === 1 ? '' : 's'}`;
  return `has ${count} ${gained > 0 ? 'more' : 'fewer'} ${noun}`;
}

/** What only one of the lists has, in order. */
function withoutCommon(old: readonly JsonSchema[], now: readonly JsonSchema[]): [JsonSchema[], JsonSchema[]] {
  const rest = [...now];
  const before = old.filter((schema) => {
    const at = rest.findIndex((other) => isDeepStrictEqual(schema, other));
    if (at < 0) return true;
    rest.splice(at, 1);
    return false;
  });
  return [before, rest];
}
