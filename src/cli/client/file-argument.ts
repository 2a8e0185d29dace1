import { type JsonSchema, schemaParts } from '../../model/index.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** How an argument takes a file: as base64 text, or as an object with its name too; `undefined` where it is none. */
export function fileForm(schema: JsonSchema, schemas: Schemas, depth = 0): 'text' | 'object' | undefined {
  if (typeof schema === 'boolean' || depth > 8) return undefined;
  if (schema.properties?.base64 !== undefined && schema.properties.filename !== undefined) return 'object';
  const forms = schemaParts(schema, schemas).map((part) => fileForm(part, schemas, depth + 1));
  if (forms.includes('object')) return 'object';
  // `format: byte` is what OpenAPI 3.0 calls base64.
  const isBase64 = schema.contentEncoding === 'base64' || schema.format === 'byte';
  return forms.includes('text') || isBase64 ? 'text' : undefined;
}

/** An argument that `name=@path` fills. */
export const isFileArgument = (schema: JsonSchema, schemas: Schemas): boolean =>
  fileForm(schema, schemas) !== undefined;
