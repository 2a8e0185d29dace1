import type { JsonSchema, JsonSchemaObject, Schemas } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { remembered } from '../../remembered.ts';
import { itemSchemas, memberSchemas, schemaBranches } from '../schema/schema-branches.ts';

/** Renames the keys of a value to the names in the document, `x-sent-as`, at every level. */
export type ToWireNames = (schema: JsonSchema, value: unknown) => unknown;

/**
 * A mapper for the schemas of one model. It reads a schema when a value first reaches it, and caches the result; the
 * same shared schemas get the same mapper.
 *
 * If branches (`allOf`, `anyOf`, `oneOf`, `if` …) describe a key, the names of all branches apply, whichever of them
 * match; the first one that renames the key wins. Values without renamed keys are returned unchanged, not copied.
 */
export const wireNames = remembered(createMapper);

/** {@link wireNames} in one step. */
export function toWireNames(schema: JsonSchema, schemas: Schemas, value: unknown): unknown {
  return wireNames(schemas)(schema, value);
}

function createMapper(schemas: Schemas): ToWireNames {
  const branchesOf = schemaBranches(schemas);
  return (schema, value) => map([schema], value);

  function map(described: readonly JsonSchema[], value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const all = branchesOf(described);
    if (!all.length) return value;
    if (Array.isArray(value)) return mapList(all, value);
    return isRecord(value) ? mapObject(all, value) : value;
  }

  function mapList(all: readonly JsonSchemaObject[], list: readonly unknown[]): readonly unknown[] {
    const mapped = list.map((item, index) => {
      const described = all.flatMap((schema) => itemSchemas(schema, index));
      return map(described, item);
    });
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
}

function sentAs(schema: JsonSchema): string | undefined {
  return typeof schema === 'object' ? schema['x-sent-as'] : undefined;
}
