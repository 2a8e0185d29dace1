import { getOwn, type JsonSchema, type JsonSchemaObject, type Schemas, sharedName } from '../../../model/index.ts';
import { patternTest } from '../../pattern/pattern-test.ts';
import { remembered } from '../../remembered.ts';

/**
 * Every schema that may apply to the same value as one of these: the schemas, their references, and their branches
 * (`allOf`, `anyOf`, `oneOf`, `if` …), whichever of them match. Each once: recursive alternatives would double at every
 * level.
 */
export type BranchesOf = (described: readonly JsonSchema[]) => readonly JsonSchemaObject[];

/** For the schemas of one model; results are cached per schema. */
export function schemaBranches(schemas: Schemas): BranchesOf {
  const branchesOf = remembered(branchesIn);
  return (described) => {
    const all = new Set<JsonSchemaObject>();
    for (const schema of described) {
      if (typeof schema === 'object') for (const branch of branchesOf(schema)) all.add(branch);
    }
    return [...all];
  };

  function branchesIn(schema: JsonSchemaObject): ReadonlySet<JsonSchemaObject> {
    const found = new Set<JsonSchemaObject>();
    collect(schema);
    return found;

    function collect(next: JsonSchema | undefined): void {
      if (typeof next !== 'object' || found.has(next)) return;
      found.add(next);
      const name = next.$ref === undefined ? undefined : sharedName(next.$ref);
      if (name !== undefined) collect(getOwn(schemas, name));
      for (const list of [next.allOf, next.anyOf, next.oneOf]) list?.forEach(collect);
      for (const branch of [next.if, next.then, next.else]) collect(branch);
      Object.values(next.dependentSchemas ?? {}).forEach(collect);
    }
  }
}

/** The schemas for the item at this index. */
export function itemSchemas({ prefixItems = [], items, contains, unevaluatedItems }: JsonSchemaObject, index: number) {
  const own = index < prefixItems.length ? prefixItems[index] : items;
  return [own, contains, unevaluatedItems].filter((schema) => schema !== undefined);
}

/** The schemas for the member with this key. */
export function memberSchemas(schema: JsonSchemaObject, key: string): readonly JsonSchema[] {
  const { properties = {}, patternProperties = {}, additionalProperties, unevaluatedProperties } = schema;
  const named = [
    getOwn(properties, key),
    ...Object.entries(patternProperties).map(([pattern, member]) => (patternTest(pattern)?.(key) ? member : undefined)),
  ].filter((member) => member !== undefined);
  if (named.length) return named;
  return [additionalProperties, unevaluatedProperties].filter((member) => member !== undefined);
}
