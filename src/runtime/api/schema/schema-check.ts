import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { remembered } from '../../remembered.ts';

/** Where a value violates its schema. Empty if it does not. */
export type SchemaCheck = (value: unknown) => readonly SchemaFault[];

export interface SchemaFault {
  /** Keys and indices from the root of the value. */
  readonly path: readonly (string | number)[];
  /** The violated keyword of JSON Schema. */
  readonly keyword: string;
  /** What the keyword says about the violation: `{ missingProperty: 'id' }`. Compilers that generate no code say less. */
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Compiles a self-contained schema: an injected interface, so that platforms without code generation can bring their
 * own. A schema object is compiled once. Returns `undefined` for a schema that does not compile.
 */
export type SchemaCompiler = (schema: JsonSchema) => Promise<SchemaCheck | undefined>;

export function compilingOnce(compile: (schema: JsonSchemaObject) => Promise<SchemaCheck | undefined>): SchemaCompiler {
  const compiled = remembered(compile);
  return async (schema) => {
    if (typeof schema !== 'boolean') return compiled(schema);
    return () => (schema ? [] : [{ path: [], keyword: 'false schema', params: {} }]);
  };
}

/** If the error is about a member and not the object, the path is that of the member. */
export function placed({ path, keyword, params }: SchemaFault, name?: string): SchemaFault {
  const member = params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName ?? name;
  return { path: typeof member === 'string' ? [...path, member] : path, keyword, params };
}
