import { defined, type JsonSchema, type JsonSchemaObject } from '../../model/index.ts';
import { primitive, typesOf } from '../api/arguments/text-arguments.ts';
import type { SchemaCompiler } from '../api/schema/schema-check.ts';
import { isRecord } from '../is-record.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { onOff, text } from '../options/option-kinds.ts';
import type { Prompt } from '../provider.ts';
import { isRawShape, type RawShape } from './raw-shape.ts';
import { type Checked, checkedSchema, type Parsed, violationsOf } from './schema.ts';
import { isStandardSchema, pointerOf, type StandardSchema } from './standard-schema.ts';

export interface PromptArgument {
  readonly description?: string;
  readonly required?: boolean;
}

/** By name. MCP passes all of them as strings. */
export type DeclaredArguments = Readonly<Record<string, PromptArgument>>;

/** The arguments of a prompt: by name, or as the properties of an object schema. */
export type PromptArguments =
  | DeclaredArguments
  | StandardSchema
  | RawShape
  | (JsonSchemaObject & { readonly type: 'object' });

/** Required arguments are present; others are optional. A schema determines the types. */
export type PromptValues<Arguments extends PromptArguments> = Arguments extends
  | StandardSchema
  | RawShape
  | { readonly type: 'object' }
  ? Parsed<Arguments>
  : {
      readonly [Name in keyof Arguments]: Arguments[Name] extends { readonly required: true }
        ? string
        : string | undefined;
    };

/** The listed arguments, and how to validate those of a call. */
export interface CheckedArguments {
  readonly listed: NonNullable<Prompt['arguments']>;
  check(given: Readonly<Record<string, string>>): Promise<Checked>;
}

const EXAMPLE =
  'Write { name: { description: "…", required: true } }, z.object({ name: z.string() }), or a JSON Schema of type "object".';

/** @throws OptionError if the arguments have none of these forms */
export function checkedArguments(prompt: string, given: unknown, compiler: SchemaCompiler): CheckedArguments {
  if (given === undefined) return declared({});
  if (isStandardSchema(given) || isRawShape(given)) return bySchema(prompt, given, compiler);
  if (!isRecord(given)) throw new OptionError(`The arguments of prompt "${prompt}" are not an object. ${EXAMPLE}`);
  if (given.type === 'object' || typeof given.type === 'string') {
    // It is checked there whether its root is an object.
    return bySchema(prompt, given as JsonSchemaObject, compiler);
  }
  for (const [name, argument] of Object.entries(given)) {
    if (!isRecord(argument)) {
      throw new OptionError(`The argument "${name}" of prompt "${prompt}" is not an object. ${EXAMPLE}`);
    }
    checkedArgument(argument, `The argument "${name}" of prompt "${prompt}"`);
  }
  return declared(given as DeclaredArguments); // each of them has just been checked
}

const checkedArgument = declareOptions<PromptArgument>(
  'The argument of a prompt',
  { description: text, required: onOff },
  {
    hints: {
      type: 'Arguments are strings. Pass a schema for other types: arguments: { type: "object", properties: … }.',
    },
  },
);

function declared(named: DeclaredArguments): CheckedArguments {
  return {
    listed: Object.entries(named).map(([name, { description, required }]) => ({
      name,
      ...defined({ description, required }),
    })),
    async check(given) {
      const missing = Object.keys(named).filter((key) => named[key]?.required && !Object.hasOwn(given, key));
      const unknown = Object.keys(given).filter((key) => !Object.hasOwn(named, key));
      // Callers may send any number of arguments.
      const shown = unknown.slice(0, MOST_SHOWN);
      const takes = Object.keys(named).join(', ') || 'no arguments';
      const wrong = [
        ...missing.map((key) => `"${key}" is missing`),
        ...shown.map((key) => `"${key}" is unknown (it takes ${takes})`),
        ...(unknown.length > shown.length ? [`and ${unknown.length - shown.length} more are unknown`] : []),
      ];
      if (wrong.length === 0) return { value: given };
      return { violations: wrong.map((message) => ({ pointer: '', message })) };
    },
  };
}
const MOST_SHOWN = 20;

function bySchema(
  prompt: string,
  schema: StandardSchema | RawShape | JsonSchemaObject,
  compiler: SchemaCompiler,
): CheckedArguments {
  const { json, check } = checkedSchema(schema, 'input', `schema of the arguments of prompt "${prompt}"`, compiler);
  const { properties } = json;
  if (json.type !== 'object' || properties === undefined) {
    throw new OptionError(`The arguments of prompt "${prompt}" must be an object with properties. ${EXAMPLE}`);
  }
  const required = new Set(json.required ?? []);
  return {
    listed: Object.entries(properties).map(([name, property]) => ({
      name,
      ...(typeof property === 'object' && property.description !== undefined && { description: property.description }),
      ...(required.has(name) && { required: true }),
    })),
    async check(given) {
      const unknown = Object.keys(given).filter((name) => !Object.hasOwn(properties, name));
      if (unknown.length > 0) {
        const takes = Object.keys(properties).join(', ') || 'no arguments';
        return {
          violations: violationsOf(unknown, (name) => ({
            pointer: pointerOf([name]),
            message: `is unknown (it takes ${takes})`,
          })),
        };
      }
      return check(valuesOf(given, properties, json.$defs ?? {}));
    },
  };
}

type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * MCP passes strings, but the schema may require numbers, or JSON. A value that cannot be converted stays a string, so
 * validation reports it.
 */
function valuesOf(
  given: Readonly<Record<string, string>>,
  properties: Schemas,
  defs: Schemas,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const types = typesOf(properties[name] ?? true, defs);
      return [name, types.has('object') || types.has('array') ? parsed(value) : primitive(value, types)];
    }),
  );
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
