import { composition, type JsonSchema } from '../../model/index.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** How an argument takes a file: as base64 text, or as an object with its name too; `undefined` where it is none. */
export function fileForm(schema: JsonSchema, schemas: Schemas): 'text' | 'object' | undefined {
  let form: 'text' | undefined;
  for (const part of composition(schema, schemas)) {
    if (part.properties?.base64 !== undefined && part.properties.filename !== undefined) return 'object';
    // `format: byte` is what OpenAPI 3.0 calls base64.
    if (part.contentEncoding === 'base64' || part.format === 'byte') form = 'text';
  }
  return form;
}

/** An argument that `name=@path` fills. */
export const isFileArgument = (schema: JsonSchema, schemas: Schemas): boolean =>
  fileForm(schema, schemas) !== undefined;
