import type { JsonSchemaObject } from '../../model/index.ts';

/** One thing that is wrong with a value. */
export interface Violation {
  /** Where, as a JSON pointer (RFC 6901); empty for the root. */
  readonly pointer: string;
  readonly message: string;
}

export type Checked =
  | { readonly value: unknown; readonly violations?: undefined }
  | { readonly violations: readonly Violation[] };

/** A schema with both of its sides: how it is listed, and how a value is checked against it. */
export interface CheckedSchema {
  readonly json: JsonSchemaObject;
  check(value: unknown): Promise<Checked>;
}
