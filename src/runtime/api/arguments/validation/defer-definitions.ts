import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { type JsonSchema, type JsonSchemaObject, type Schemas, sharedName } from '../../../../model/index.ts';
import { mapSubschemas } from '../../schema/schema-closure.ts';
import { tryCompile } from './ajv.ts';

/** With fewer definitions than this, they are compiled together with the schema. */
const MANY = 50;

const DEFERRED = 'x-deferred-ref';

/**
 * A schema with many definitions, each compiled separately when a value first needs it. Ajv compiles references
 * recursively, which a chain of a thousand references would overflow, and compiles all of them for a value that uses
 * few.
 */
export function deferDefinitions(schema: JsonSchemaObject): JsonSchemaObject {
  const { $defs = {}, ...root } = schema;
  const all = Object.entries($defs);
  if (all.length < MANY || ![root, ...Object.values($defs)].every((part) => isApart(part, $defs))) return schema;
  const ready = new Map<string, JsonSchema>();
  const definition = (name: string): JsonSchema => {
    const known = ready.get(name) ?? replaced((Object.hasOwn($defs, name) && $defs[name]) || true);
    ready.set(name, known);
    return known;
  };
  return replaced(root) as JsonSchemaObject; // the root is an object

  function replaced(value: JsonSchema): JsonSchema {
    if (typeof value === 'boolean') return value;
    const { $ref, ...rest } = mapSubschemas(value, replaced);
    const name = $ref === undefined ? undefined : sharedName($ref);
    if (name === undefined) return $ref === undefined ? rest : { $ref, ...rest };
    return { [DEFERRED]: () => definition(name), ...rest } as JsonSchemaObject;
  }
}

/**
 * Evaluated properties are not passed from one compiled schema to another, and other references point into the complete
 * schema.
 */
const TOGETHER = ['unevaluatedProperties', 'unevaluatedItems', '$id', '$anchor', '$dynamicRef', '$dynamicAnchor'];

/** Whether a schema has the same meaning when it is compiled separately. */
function isApart(value: JsonSchema, defs: Schemas): boolean {
  if (typeof value === 'boolean') return true;
  if (TOGETHER.some((keyword) => Object.hasOwn(value, keyword))) return false;
  if (value.$ref !== undefined && !Object.hasOwn(defs, sharedName(value.$ref) ?? '')) return false;
  let apart = true;
  mapSubschemas(value, (part) => {
    apart &&= isApart(part, defs);
    return part;
  });
  return apart;
}

interface Deferred {
  (this: unknown, value: unknown, context?: Parameters<ValidateFunction>[1]): boolean;
  errors?: Partial<ErrorObject>[];
}

export function registerDeferred(ajv: Ajv2020): Ajv2020 {
  const compiled = new WeakMap<object, ValidateFunction>();
  const checkOf = (schema: JsonSchema): ValidateFunction | boolean => {
    if (typeof schema === 'boolean') return schema;
    // A definition that cannot be compiled accepts everything.
    const check = compiled.get(schema) ?? tryCompile(ajv, schema);
    if (check) compiled.set(schema, check);
    return check ?? true;
  };
  return ajv.addKeyword({
    keyword: DEFERRED,
    errors: 'full',
    compile(definition: () => JsonSchema) {
      const validate: Deferred = (value, context) => {
        const check = checkOf(definition());
        if (typeof check === 'boolean') return check;
        const valid = check(value, context);
        if (!valid) validate.errors = check.errors ?? [];
        return valid;
      };
      return validate;
    },
  });
}
