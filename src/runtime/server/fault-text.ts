import { getOwn, type JsonSchema, type JsonSchemaObject } from '../../model/index.ts';
import type { SchemaFault } from '../api/schema/schema-check.ts';

/** Describes an error in terms of the schema: `must be a string`, `lacks "name"`. */
export function faultText({ path, keyword }: SchemaFault, root: JsonSchemaObject, value: unknown): string {
  const schema = schemaAt(root, path);
  switch (keyword) {
    case 'type':
      return `must be ${[schema?.type ?? []].flat().join(' or ') || 'of another type'}`;
    case 'required':
      return `lacks ${missing(schema, valueAt(value, path)) || 'what is required'}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not allowed';
    case 'enum':
      return `must be one of ${JSON.stringify(schema?.enum ?? [])}`;
    default: {
      const rule = (schema as Readonly<Record<string, unknown>> | undefined)?.[keyword];
      return rule === undefined || typeof rule === 'object'
        ? `breaks "${keyword}"`
        : `breaks "${keyword}": ${String(rule)}`;
    }
  }
}

function missing(schema: JsonSchemaObject | undefined, value: unknown): string {
  const given = typeof value === 'object' && value !== null ? value : {};
  const names = schema?.required?.filter((name) => !Object.hasOwn(given, name)) ?? [];
  return names.map((name) => `"${name}"`).join(', ');
}

/** The schema at a path, as far as it can be reached through `properties` and `items`. */
function schemaAt(root: JsonSchemaObject, path: SchemaFault['path']): JsonSchemaObject | undefined {
  let schema: JsonSchema | undefined = root;
  for (const step of path) {
    if (typeof schema !== 'object') return undefined;
    schema = typeof step === 'number' ? schema.items : getOwn(schema.properties ?? {}, step);
  }
  return typeof schema === 'object' ? schema : undefined;
}

function valueAt(root: unknown, path: SchemaFault['path']): unknown {
  // The path is that of an error in this value, so it exists.
  return path.reduce<unknown>((value, step) => (value as Readonly<Record<string | number, unknown>>)[step], root);
}
