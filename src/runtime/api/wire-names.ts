import { type JsonSchema, type JsonSchemaObject, sharedName } from '../../model/index.ts';
import { patternTest } from '../pattern/pattern-test.ts';
import { given } from './serialize/given.ts';
import { isMap } from './serialize/primitive.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Maps the keys of a value back to the names of the document, `x-sent-as`, at every level. */
export type ToWireNames = (schema: JsonSchema, value: unknown) => unknown;

/**
 * A mapper for the schemas of one model. It looks at a schema when a value first reaches it, and remembers; the same
 * shared schemas get the same mapper.
 *
 * Where branches (`allOf`, `anyOf`, `oneOf`, `if` …) describe a key, the names of all of them count, whichever branch
 * the value fits; the first that renames the key decides. What nothing renames comes back as it is, not copied.
 */
export function wireNames(schemas: Schemas): ToWireNames {
  const known = mappers.get(schemas);
  if (known) return known;
  const mapper = createMapper(schemas);
  mappers.set(schemas, mapper);
  return mapper;
}
const mappers = new WeakMap<Schemas, ToWireNames>();

/** {@link wireNames} in one step. */
export function toWireNames(schema: JsonSchema, schemas: Schemas, value: unknown): unknown {
  return wireNames(schemas)(schema, value);
}

function createMapper(schemas: Schemas): ToWireNames {
  const branches = new WeakMap<JsonSchemaObject, readonly JsonSchemaObject[]>();
  return (schema, value) => map([schema], value);

  function map(described: readonly JsonSchema[], value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const all = described.flatMap((schema) => (typeof schema === 'object' ? branchesOf(schema) : []));
    if (!all.length) return value;
    if (Array.isArray(value)) return mapList(all, value);
    return isMap(value) ? mapObject(all, value) : value;
  }

  function mapList(all: readonly JsonSchemaObject[], list: readonly unknown[]): readonly unknown[] {
    const mapped = list.map((item, index) =>
      map(
        all.flatMap((schema) => itemSchemas(schema, index)),
        item,
      ),
    );
    return mapped.some((item, index) => item !== list[index]) ? mapped : list;
  }

  function mapObject(all: readonly JsonSchemaObject[], object: Readonly<Record<string, unknown>>) {
    let changed = false;
    const mapped = Object.entries(object).map(([key, member]) => {
      const described = all.flatMap((schema) => memberSchemas(schema, key));
      const name = described.map(sentAs).find((sent) => sent !== undefined) ?? key;
      const value = map(described, member);
      if (name !== key || value !== member) changed = true;
      return [name, value] as const;
    });
    return changed ? Object.fromEntries(mapped) : object;
  }

  /** The schema, and all that apply to the same value. */
  function branchesOf(schema: JsonSchemaObject): readonly JsonSchemaObject[] {
    const known = branches.get(schema);
    if (known) return known;
    const found = new Set<JsonSchemaObject>();
    collect(schema);
    const all = [...found];
    branches.set(schema, all);
    return all;

    function collect(next: JsonSchema | undefined): void {
      if (typeof next !== 'object' || found.has(next)) return;
      found.add(next);
      const name = next.$ref === undefined ? undefined : sharedName(next.$ref);
      if (name !== undefined) collect(given(schemas, name));
      for (const list of [next.allOf, next.anyOf, next.oneOf]) list?.forEach(collect);
      for (const branch of [next.if, next.then, next.else]) collect(branch);
      Object.values(next.dependentSchemas ?? {}).forEach(collect);
    }
  }
}

function sentAs(schema: JsonSchema): string | undefined {
  return typeof schema === 'object' ? schema['x-sent-as'] : undefined;
}

function itemSchemas({ prefixItems = [], items, contains, unevaluatedItems }: JsonSchemaObject, index: number) {
  const own = index < prefixItems.length ? prefixItems[index] : items;
  return [own, contains, unevaluatedItems].filter((schema) => schema !== undefined);
}

function memberSchemas(schema: JsonSchemaObject, key: string): readonly JsonSchema[] {
  const { properties = {}, patternProperties = {}, additionalProperties, unevaluatedProperties } = schema;
  const named = [
    given(properties, key),
    ...Object.entries(patternProperties).map(([pattern, member]) => (patternTest(pattern)?.(key) ? member : undefined)),
  ].filter((member) => member !== undefined);
  if (named.length) return named;
  return [additionalProperties, unevaluatedProperties].filter((member) => member !== undefined);
}
