import type { JsonSchema } from '../../model/index.ts';

/** Where a value breaks its schema. Empty: it does not. */
export type SchemaCheck = (value: unknown) => readonly SchemaFault[];

export interface SchemaFault {
  /** Keys and indices from the root of the value. */
  readonly path: readonly (string | number)[];
  /** The keyword of JSON Schema that is broken. */
  readonly keyword: string;
}

/**
 * Compiles a self-contained schema: an injected interface, so that a platform without code generation can bring its own.
 * The same schema object is compiled once. A schema that does not compile gives `undefined`.
 */
export type SchemaCompiler = (schema: JsonSchema) => Promise<SchemaCheck | undefined>;
