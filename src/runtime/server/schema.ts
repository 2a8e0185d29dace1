import type { XStatic } from 'typebox/schema';
import type { JsonSchemaObject } from '../../model/index.ts';
import type { SchemaCheck, SchemaCompiler } from '../api/schema/schema-check.ts';
import { OptionError } from '../options/option-error.ts';
import type { CheckedSchema, Violation } from './checked-schema.ts';
import { faultText } from './fault-text.ts';
import { checkedShape, isRawShape, type RawShape } from './raw-shape.ts';
import { isStandardSchema, pointerOf, type StandardSchema } from './standard-schema.ts';

/**
 * A user's schema: from a library that implements Standard Schema (Zod 4, Valibot, ArkType …), one such schema per
 * property, or JSON Schema 2020-12.
 */
export type Schema = StandardSchema | RawShape | JsonSchemaObject;

/** The type that a handler receives after validation. */
export type Parsed<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['output']
  : S extends undefined
    ? Readonly<Record<string, never>>
    : S extends RawShape
      ? ShapeTypes<S, 'output'>
      : JsonSchemaObject extends S
        ? Readonly<Record<string, unknown>>
        : XStatic<S>;

/** The input type of the schema. */
export type Given<S> = S extends StandardSchema
  ? NonNullable<S['~standard']['types']>['input']
  : S extends RawShape
    ? ShapeTypes<S, 'input'>
    : JsonSchemaObject extends S
      ? unknown
      : XStatic<S>;

type TypeOf<S extends StandardSchema, Side extends 'input' | 'output'> = NonNullable<S['~standard']['types']>[Side];

/** Properties that may be `undefined` are optional. */
type ShapeTypes<S extends RawShape, Side extends 'input' | 'output'> = {
  readonly [Name in keyof S as undefined extends TypeOf<S[Name], Side> ? never : Name]: TypeOf<S[Name], Side>;
} & {
  readonly [Name in keyof S as undefined extends TypeOf<S[Name], Side> ? Name : never]?: TypeOf<S[Name], Side>;
};

export type { Checked, CheckedSchema, Violation } from './checked-schema.ts';

/** Errors in words: the first 20, and how many more there are. */
export function violationsOf<T>(faults: readonly T[], describe: (fault: T) => Violation): readonly Violation[] {
  const told = faults.slice(0, MOST_VIOLATIONS).map(describe);
  const more = faults.length - told.length;
  return more > 0 ? [...told, { pointer: '', message: `and ${more} more` }] : told;
}
const MOST_VIOLATIONS = 20;

/** @param about the schema in messages: `input of tool "add"` */
export function checkedSchema(
  schema: Schema,
  side: 'input' | 'output',
  about: string,
  compiler: SchemaCompiler,
): CheckedSchema {
  if (isStandardSchema(schema)) return checkedStandard(schema, side, about);
  if (isRawShape(schema)) {
    return checkedShape(schema, (name, part) => checkedStandard(part, side, `"${name}" in the ${about}`));
  }
  return raw(schema, about, compiler);
}

/** `/items/0: expected a string; /name: is missing` */
export function violationText(violations: readonly Violation[]): string {
  return violations.map(({ pointer, message }) => (pointer ? `${pointer}: ${message}` : message)).join('; ');
}

/** @throws OptionError if the library cannot convert the schema to JSON Schema */
export function checkedStandard(schema: StandardSchema, side: 'input' | 'output', about: string): CheckedSchema {
  return {
    json: listed(schema, side, about),
    async check(value) {
      const result = await schema['~standard'].validate(value);
      if (!result.issues) return { value: result.value };
      return {
        violations: violationsOf(result.issues, ({ path = [], message }) => ({ pointer: pointerOf(path), message })),
      };
    },
  };
}

function listed(schema: StandardSchema, side: 'input' | 'output', about: string): JsonSchemaObject {
  const { jsonSchema, vendor } = schema['~standard'];
  if (!jsonSchema) {
    const advice =
      vendor === 'valibot'
        ? 'Wrap it with toStandardJsonSchema() of "@valibot/to-json-schema".'
        : 'Use a version of the library that has "~standard.jsonSchema" (Zod 4.2, ArkType 2.1.28), or pass a JSON Schema.';
    throw new OptionError(`The ${about} is a ${vendor} schema that cannot be converted to JSON Schema. ${advice}`);
  }
  try {
    // MCP assumes 2020-12 for a schema that does not declare a version, and lists are read by models, where every word
    // costs tokens.
    const { $schema: _, ...json } = jsonSchema[side]({ target: 'draft-2020-12' });
    return json;
  } catch (error) {
    throw new OptionError(`The ${about} cannot be converted to JSON Schema: ${String(error)}`, { cause: error });
  }
}

function raw(schema: JsonSchemaObject, about: string, compiler: SchemaCompiler): CheckedSchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new OptionError(`The ${about} is neither a Standard Schema nor a JSON Schema object.`);
  }
  const mixed = Object.entries(schema).find(([, value]) => isStandardSchema(value));
  if (mixed) {
    throw new OptionError(`The ${about} mixes JSON Schema with a library schema at "${mixed[0]}". Use one of them.`);
  }
  // Compiled on demand: a server may list a thousand tools and get calls for three.
  let compiled: Promise<SchemaCheck> | undefined;
  const compile = async () => {
    const check = await compiler(schema);
    if (check) return check;
    throw new OptionError(`The ${about} is not a JSON Schema that can be compiled.`);
  };
  return {
    json: schema,
    async check(value) {
      compiled ??= compile();
      const faults = (await compiled)(value);
      return faults.length > 0
        ? {
            violations: violationsOf(faults, (fault) => ({
              pointer: pointerOf(fault.path),
              message: faultText(fault, schema, value),
            })),
          }
        : { value };
    },
  };
}
