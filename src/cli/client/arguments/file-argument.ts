import { composition, type JsonSchema } from '../../../model/index.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** How an argument takes a file: as base64 text, or as an object that includes its name; `undefined` if it does not. */
export function fileForm(schema: JsonSchema, schemas: Schemas): 'text' | 'object' | undefined {
  let form: 'text' | undefined;
  for (const part of composition(schema, schemas)) {
    if (part.properties?.base64 !== undefined && part.properties.filename !== undefined) return 'object';
    // OpenAPI 3.0 writes base64 as `format: byte`.
    if (part.contentEncoding === 'base64' || part.format === 'byte') form = 'text';
  }
  return form;
}

/** Whether `name=@path` can fill the argument. */
export const isFileArgument = (schema: JsonSchema, schemas: Schemas): boolean =>
  fileForm(schema, schemas) !== undefined;
