import type { JsonSchema } from '../../../model/index.ts';

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
