import { isRecord } from '../is-record.ts';
import type { ContentBlock, ToolResult } from '../provider.ts';
import { isContentBlock, text } from './content.ts';
import { plainJson } from './plain-json.ts';
import { type CheckedSchema, violationText } from './schema.ts';

/** The output side of a tool. */
export interface ToolOutput {
  readonly schema: CheckedSchema;
  /** The listed schema declares `{ result: <value> }`, because the schema's own root is not an object. */
  readonly wrapped: boolean;
}

/**
 * Converts the return value of a handler to a tool result.
 *
 * | returned | content | structuredContent |
 * | --- | --- | --- |
 * | nothing | `Done.` | |
 * | a string | the text | |
 * | a content block, or a list of blocks and strings | these | |
 * | a number, boolean, `null`, list or `Set` | its JSON | `{ result: <value> }` |
 * | an object or `Map` | its JSON | the object |
 * | a complete `ToolResult` | unchanged | unchanged |
 *
 * With an output schema the value is always data (except a complete `ToolResult`): it is validated, and becomes
 * `structuredContent`.
 *
 * @throws OptionError if the value has none of these types (see {@link plainJson}); an Error that names the paths that
 *   violate the schema
 */
export async function toToolResult(returned: unknown, output: ToolOutput | undefined): Promise<ToolResult> {
  if (isToolResult(returned)) return output ? checkedResult(returned, output) : returned;
  if (output) return dataResult(await checked(returned, output), output.wrapped);
  if (returned === undefined) return { content: [text('Done.')] };
  if (typeof returned === 'string') return { content: [text(returned)] };
  if (isContentBlock(returned)) return { content: [returned] };
  if (isContent(returned)) return { content: returned.map((part) => (typeof part === 'string' ? text(part) : part)) };
  return dataResult(returned);
}

/**
 * @param promised whether the listed schema wraps the value; without a schema, anything that is not an object is
 *   wrapped
 */
function dataResult(value: unknown, promised?: boolean): ToolResult {
  const json = plainJson(value, 'The handler');
  // Validate the JSON that is sent: a `Date` or `toJSON()` is its text, `undefined` members are absent.
  const plain: unknown = JSON.parse(json);
  const wrapped = promised ?? !isRecord(plain);
  return {
    content: [text(typeof plain === 'string' ? plain : json)],
    structuredContent: wrapped ? { result: plain } : plain,
  };
}

async function checked(value: unknown, { schema }: ToolOutput): Promise<unknown> {
  const outcome = await schema.check(value);
  if (!outcome.violations) return outcome.value;
  throw new Error(`The result does not match the output schema: ${violationText(outcome.violations)}`);
}

async function checkedResult(result: ToolResult, output: ToolOutput): Promise<ToolResult> {
  if (result.isError) return result;
  const { structuredContent } = result;
  const value = output.wrapped && isRecord(structuredContent) ? structuredContent.result : structuredContent;
  const plain = await checked(value, output);
  return { ...result, structuredContent: output.wrapped ? { result: plain } : plain };
}

const RESULT_KEYS: ReadonlySet<string> = new Set(['content', 'structuredContent', 'isError', '_meta']);

function isToolResult(value: unknown): value is ToolResult {
  if (!isRecord(value) || !Array.isArray(value.content)) return false;
  return value.content.every(isContentBlock) && Object.keys(value).every((key) => RESULT_KEYS.has(key));
}

/** A list of content blocks, possibly mixed with strings; a list of strings only is data. */
function isContent(value: unknown): value is readonly (ContentBlock | string)[] {
  if (!Array.isArray(value) || !value.some(isContentBlock)) return false;
  return value.every((part) => typeof part === 'string' || isContentBlock(part));
}
