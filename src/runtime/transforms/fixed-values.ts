import type { ArgumentsSchema } from '../../model/index.ts';
import { createArgumentValidator } from '../api/arguments/validate-arguments.ts';
import { OptionError } from '../options/option-error.ts';
import type { Tool } from '../provider.ts';
import { checkArguments } from './known-names.ts';

/**
 * Validates fixed values for a tool, as the calls of an API validate their arguments: callers could not see what is
 * wrong with them.
 *
 * @throws OptionError that names the argument, and what it accepts
 */
export async function checkFixed(tool: Tool, values: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(values);
  if (!isOpen(tool.inputSchema)) checkArguments(tool, names);
  const nothing = names.find((name) => values[name] === undefined);
  if (nothing !== undefined) {
    throw new OptionError(
      `The argument "${nothing}" of tool "${tool.name}" is fixed to undefined. Set a value, or hide it with hideArguments().`,
    );
  }
  const [fault] = await validator.validate(
    { arguments: alone(tool.inputSchema) },
    tool.inputSchema.$defs ?? {},
    values,
  );
  if (fault) throw new OptionError(`Invalid fixed value for the tool "${tool.name}": ${fault.message}.`);
}

const validator = createArgumentValidator();

/** Whether arguments outside `properties` are allowed. By default they are not. */
function isOpen(schema: Tool['inputSchema']): boolean {
  return (schema.additionalProperties ?? false) !== false || COMPOSING.some((keyword) => schema[keyword] !== undefined);
}

const COMPOSING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas', 'patternProperties'] as const;

/** Each argument's own schema: other arguments are set by the caller. */
function alone({
  $defs,
  properties = {},
  patternProperties,
  additionalProperties,
}: Tool['inputSchema']): ArgumentsSchema {
  return {
    type: 'object',
    ...($defs && { $defs }),
    properties,
    ...(patternProperties && { patternProperties }),
    required: [],
    additionalProperties: additionalProperties === false ? true : (additionalProperties ?? true),
  };
}
