import { checkProvider } from '../compose/check-provider.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, onOff } from '../options/option-kinds.ts';
import type { Range } from '../options/option-range.ts';
import type { Provider, Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { derived } from '../transforms/derived.ts';
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
}

/** Shorter texts would be cut in their first words. */
const TEXT_LENGTH: Range = { min: 20, whole: true };

const checked = declareOptions<CompactOptions>(
  'compact()',
  {
    toolText: number(TEXT_LENGTH),
    argumentText: number(TEXT_LENGTH),
    keepClosed: onOff,
    keepTypes: onOff,
    hoist: onOff,
  },
  { example: 'compact(api, { toolText: 200 })' },
);

/**
 * Lists the same tools in fewer tokens: without what is not needed to call them (titles, output schemas, examples,
 * limits that no call reaches), with the first sentence of each text, and with repeated schemas once. Required
 * arguments, enums, defaults and small limits stay.
 *
 * Calls are unchanged: the provider validates arguments against the complete schema.
 *
 * ```ts
 * compact(shop, { toolText: 200 });
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function compact(provider: Provider, options: CompactOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of compact()');
  const made = compacter(checked(options));
  const shown = remembered((list: readonly Tool[]) => Object.freeze(list.map(made)));
  return derived(provider, { listTools: async (context) => shown(await provider.listTools(context)) });
}

/**
 * One tool as {@link compact} lists it.
 *
 * @throws OptionError if an option is invalid
 */
export function compactTool(tool: Tool, options?: CompactOptions): Tool {
  return options === undefined ? withDefaults(tool) : compacter(checked(options))(tool);
}

function compacter({
  toolText = 120,
  argumentText = 80,
  keepClosed = false,
  keepTypes = false,
  hoist = true,
}: CompactOptions): (tool: Tool) => Tool {
  const schemaOf = compactSchema({ argumentText, keepClosed, keepTypes });
  return ({ name, title: _title, outputSchema: _output, description, inputSchema, ...rest }) => ({
    name,
    ...(description !== undefined && { description: firstSentence(description, toolText) }),
    // The type of the root is kept.
    inputSchema: shareSchemas(schemaOf(inputSchema, name), hoist) as Tool['inputSchema'],
    ...rest,
  });
}

const withDefaults = compacter({});
