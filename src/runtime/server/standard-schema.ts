/**
 * The parts of Standard Schema (standardschema.dev) and Standard JSON Schema that are used here: what Zod 4, ArkType
 * and Valibot schemas have in common, recognised by structure, without a dependency on any of them.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** Standard JSON Schema; not every library supports it. */
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Schemas are functions in some libraries (ArkType), objects in others. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  const holds = (typeof schema === 'object' && schema !== null) || typeof schema === 'function';
  return holds && typeof (schema as { '~standard'?: { validate?: unknown } })['~standard']?.validate === 'function';
}

/** The path of an issue as a JSON pointer (RFC 6901); empty for the root. */
export function pointerOf(path: NonNullable<StandardIssue['path']>): string {
  return path
    .map((step) => (typeof step === 'object' ? step.key : step))
    .map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
