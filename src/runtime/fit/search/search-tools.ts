import { checkProvider } from '../../compose/check-provider.ts';
import { derived } from '../../derived.ts';
import { misfit } from '../../errors.ts';
import { lackingScopes } from '../../lacking-scopes.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { texts } from '../../options/option-kinds.ts';
import type { CallContext, ListContext, Provider, Tool, ToolResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { byTool } from '../../transforms/known-names.ts';
import { ALWAYS_LOADED } from '../always-loaded.ts';
import { callTool, callToolTool, scopesToCall } from '../call-tool.ts';
import { describeTools, describeToolsTool } from '../describe-tools.ts';
import { callingOwn, type OwnTools } from '../own-tools.ts';
import { foundText, MOST_HITS, USUAL_HITS } from './found-text.ts';
import { createSearchIndex } from './search-index.ts';

export interface SearchToolsOptions {
  /** Names of tools that are listed as well, because most tasks need them. Default: none. */
  readonly pinned?: readonly string[];
}

const checked = declareOptions<SearchToolsOptions>(
  'searchTools()',
  { pinned: texts },
  {
    hints: { pin: 'Write "pinned".', alwaysVisible: 'Write "pinned".' },
    example: "searchTools(api, { pinned: ['getUser'] })",
  },
);

const SEARCH = 'search_tools';
const CALL = 'call_tool';

/**
 * Lists three tools in place of all: `search_tools` finds tools by a request in words, `describe_tools` returns their
 * schemas, `call_tool` calls one. The index is built at the first search, in memory: no network, no model. Tools that
 * are not listed can also be called by their own names.
 *
 * ```ts
 * await searchTools(github, { pinned: ['issues_create'] });
 * ```
 *
 * @throws OptionError if a pinned tool does not exist, or a tool has one of the three names
 */
export async function searchTools(provider: Provider, options: SearchToolsOptions = {}): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of searchTools()');
  const { pinned = [] } = checked(options);
  const { values } = await byTool(provider, Object.fromEntries(pinned.map((name) => [name, true])));
  const names = new Set(Object.keys(values));
  const indexOf = remembered(createSearchIndex);
  const shown = remembered((list: readonly Tool[]) => {
    if (list.length === 0) return list;
    const taken = list.find(({ name }) => META_NAMES.has(name));
    if (taken) throw new OptionError(`A tool "${taken.name}" already exists. Rename it, because search adds one.`);
    return Object.freeze([...metaTools(list.length), ...list.filter(({ name }) => names.has(name))]);
  });
  /** `facts` is for lists only: calls are made with the context of the client. */
  const find = async (args: Arguments, context: CallContext): Promise<ToolResult> => {
    const listing: ListContext = { ...(context.caller && { caller: context.caller }), facts: true };
    const index = indexOf(await provider.listTools(listing));
    return searchResult(args, index);
  };
  const own: OwnTools = {
    [SEARCH]: find,
    describe_tools: (args, context) => describeTools(provider, args, context),
    [CALL]: (args, context) => callTool(provider, args, context),
  };
  return derived(provider, {
    ...(provider.lackingScopes && {
      lackingScopes: (request, context) =>
        request.method === 'tools/call' && request.params.name === CALL
          ? scopesToCall(provider, request.params.arguments, context)
          : lackingScopes(provider, request, context),
    }),
    listTools: async (context) => shown(await provider.listTools(context)),
    callTool: callingOwn(provider, own),
  });
}

type Arguments = Readonly<Record<string, unknown>>;

const META_NAMES: ReadonlySet<string> = new Set([SEARCH, 'describe_tools', CALL]);

function metaTools(count: number): readonly Tool[] {
  return [
    {
      name: SEARCH,
      description: `Finds tools among ${count}: say in a few words what to do and with what. Returns names, arguments and where required ids come from.`,
      inputSchema: {
        type: 'object',
        properties: {
          query: { type: 'string' },
          tag: { type: 'string' },
          limit: { type: 'integer', minimum: 1, maximum: MOST_HITS },
        },
        required: ['query'],
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
      _meta: ALWAYS_LOADED,
    },
    describeToolsTool(),
    callToolTool({ description: `Calls a tool that ${SEARCH} found.` }),
  ];
}

function searchResult(
  { query, tag, limit = USUAL_HITS }: Arguments,
  index: ReturnType<typeof createSearchIndex>,
): ToolResult {
  if (typeof query !== 'string')
    return misfit('"query" must be a string that says what to do, such as "create a user".');
  if (tag !== undefined && typeof tag !== 'string') return misfit('"tag" must be a string.');
  // Models also write numbers as text.
  const most = typeof limit === 'string' ? Number(limit) : limit;
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > MOST_HITS)
    return misfit(`"limit" must be an integer from 1 to ${MOST_HITS}.`);
  const text = foundText(query, index, { limit: most, ...(tag !== undefined && { tag }) });
  return { content: [{ type: 'text', text }] };
}
