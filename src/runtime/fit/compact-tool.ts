import { foldSchema } from '../api/schema/fold-schema.ts';
import { splitNote } from '../full-schema.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, onOff } from '../options/option-kinds.ts';
import type { Range } from '../options/option-range.ts';
import type { Tool } from '../provider.ts';
import { compactSchema } from './compact-schema.ts';
import { firstSentence } from './first-sentence.ts';
import { shareSchemas } from './share-schemas.ts';

export interface CompactOptions {
  /** The longest description of a tool, in characters. Default 120. */
  readonly toolText?: number;
  /** The longest description of an argument, in characters. Default 80. */
  readonly argumentText?: number;
  /** Keeps `additionalProperties: false`, which OpenAI's strict mode requires. Default false. */
  readonly keepClosed?: boolean;
  /** Keeps the `type` of string enums, which Gemini requires. Default false. */
  readonly keepTypes?: boolean;
  /** Moves repeated subschemas to `$defs`. Set it to false if the client does not support `$ref`. Default true. */
  readonly hoist?: boolean;
  /**
   * The longest input schema, in bytes of JSON: optional objects that do not fit are shortened to `{"type":"object"}`.
   * Adds the tool `describe_tools`, which returns complete schemas. Default: no limit.
   */
  readonly longestSchema?: number;
}

/** Shorter texts would be cut in their first words. */
const TEXT_LENGTH: Range = { min: 20, whole: true };
/** Less would not even hold the names of arguments. */
const SCHEMA_LENGTH: Range = { min: 100, whole: true };

/** @throws OptionError */
export const checkedOptions = declareOptions<CompactOptions>(
  'compact()',
  {
    toolText: number(TEXT_LENGTH),
    argumentText: number(TEXT_LENGTH),
    keepClosed: onOff,
    keepTypes: onOff,
    hoist: onOff,
    longestSchema: number(SCHEMA_LENGTH),
  },
  { example: 'compact(api, { toolText: 200 })' },
);

/**
 * One tool as {@link compact} lists it.
 *
 * @throws OptionError if an option is invalid
 */
export function compactTool(tool: Tool, options?: CompactOptions): Tool {
  return options === undefined ? withDefaults(tool) : compacter(checkedOptions(options))(tool);
}

export function compacter({
  toolText = 120,
  argumentText = 80,
  keepClosed = false,
  keepTypes = false,
  hoist = true,
  longestSchema,
}: CompactOptions): (tool: Tool) => Tool {
  const schemaOf = compactSchema({ argumentText, keepClosed, keepTypes });
  return (tool) => {
    const { name, title: _title, outputSchema: _output, description: _description, inputSchema, ...rest } = tool;
    const { description, note } = splitNote(tool);
    // The type of the root is kept.
    const schema = shareSchemas(schemaOf(inputSchema, name), hoist) as Tool['inputSchema'];
    const shortened =
      longestSchema === undefined ? { schema, folded: false } : foldSchema(schema, schema.$defs ?? {}, longestSchema);
    const pointer = shortened.folded ? FULL_SCHEMA : note;
    const text = firstSentence(description, toolText);
    return {
      name,
      ...(tool.description !== undefined && { description: withPointer(text, pointer) }),
      inputSchema: shortened.schema,
      ...rest,
    };
  };
}

function withPointer(text: string, pointer: string | undefined): string {
  if (pointer === undefined) return text;
  return text === '' ? pointer : `${text.replace(/[^.!?…]$/, '$&.')} ${pointer}`;
}

const FULL_SCHEMA = 'Full schema: describe_tools.';

const withDefaults = compacter({});
