import type { JsonSchema, JsonValue } from '../../../model/index.ts';
import { exampleValue } from '../../../runtime/api/schema/example-value.ts';
import type { Tool } from '../../../runtime/provider.ts';
import { commandText, shellWord } from '../../output/command-text.ts';
import { isFileArgument } from '../arguments/file-argument.ts';

/** A command line to copy, with the required arguments of the tool. */
export function exampleCall({ name, inputSchema }: Tool, targetText: string): string {
  const { properties = {}, required = [], $defs = {} } = inputSchema;
  const given = required.map(
    (each) => `${shellWord(each)}=${exampleText((Object.hasOwn(properties, each) && properties[each]) || true, $defs)}`,
  );
  return commandText('call', targetText, shellWord(name), ...given);
}

function exampleText(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): string {
  if (isFileArgument(schema, schemas)) return '@path/to/file';
  const value: JsonValue = exampleValue(schema, schemas);
  const [only, ...more] = Array.isArray(value) ? value : [value];
  // A list with one item is written as the item.
  const written = more.length === 0 && only !== undefined && typeof only !== 'object' ? only : value;
  return shellWord(typeof written === 'string' ? written : JSON.stringify(written));
}
