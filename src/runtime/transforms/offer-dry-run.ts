import { provenHints } from '../claimed-hints.ts';
import { curlText } from '../curl-text.ts';
import { derived } from '../derived.ts';
import { misfit } from '../errors.ts';
import { listedOrigin } from '../origin-meta.ts';
import { previewCall } from '../preview.ts';
import type { CallContext, Provider, Tool, ToolCall, ToolResult } from '../provider.ts';
import { remembered } from '../remembered.ts';

/**
 * Adds the argument `dry_run` to every operation of an API that may change something: the call then returns the HTTP
 * request that it would send, without secrets, and sends nothing. A tool that has an argument of that name keeps it, and
 * gets ours as `show_request`.
 *
 * ```ts
 * const server = offerDryRun(await fromOpenApi('api.yaml'));
 * ```
 */
export function offerDryRun(provider: Provider): Provider {
  const offers = remembered((list: readonly Tool[]) => new Map(list.flatMap(offerOf)));
  const offersFor = async (context: Parameters<Provider['listTools']>[0]) =>
    offers(await provider.listTools({ ...context, origins: true }));
  return derived(provider, {
    async listTools(context) {
      const [list, known] = await Promise.all([provider.listTools(context), offersFor(context)]);
      return listsWith(known)(list);
    },
    async callTool(call, context) {
      const argument = (await offersFor(context)).get(call.name);
      if (argument === undefined || call.arguments[argument] === undefined) return provider.callTool(call, context);
      const { [argument]: isDry, ...args } = call.arguments;
      if (typeof isDry !== 'boolean') return misfit(`${argument}: must be boolean`);
      const real = { ...call, arguments: args };
      return isDry ? dryRun(provider, real, context) : provider.callTool(real, context);
    },
  });
}

/** The name of the argument, for an operation that may change something. */
function offerOf(tool: Tool): readonly (readonly [tool: string, argument: string])[] {
  if (listedOrigin(tool) === undefined || provenHints(tool).readOnlyHint === true) return [];
  const taken = Object.hasOwn(tool.inputSchema.properties ?? {}, 'dry_run');
  return [[tool.name, taken ? 'show_request' : 'dry_run']];
}

/** Lists are shared: the same list and offers make the same list. */
const listsWith = remembered((offers: ReadonlyMap<string, string>) =>
  remembered((list: readonly Tool[]) => Object.freeze(list.map((tool) => withOffer(tool, offers)))),
);

function withOffer(tool: Tool, offers: ReadonlyMap<string, string>): Tool {
  const argument = offers.get(tool.name);
  if (argument === undefined) return tool;
  const { inputSchema } = tool;
  const properties = { ...inputSchema.properties, [argument]: OFFER };
  return { ...tool, inputSchema: { ...inputSchema, properties } };
}

const OFFER = { type: 'boolean', description: 'Show the HTTP request instead of sending it.' } as const;

async function dryRun(provider: Provider, call: ToolCall, context: CallContext): Promise<ToolResult> {
  const previewed = await previewCall(provider, call, context);
  if ('problem' in previewed) return previewed.result;
  return {
    content: [{ type: 'text', text: `Nothing was sent. The request would be:\n${curlText(previewed.request)}` }],
    // For clients that know an output schema: none of its properties is required.
    structuredContent: {},
  };
}
