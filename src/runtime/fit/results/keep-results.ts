import { checkProvider } from '../../compose/check-provider.ts';
import { derived } from '../../derived.ts';
import { lackingScopes } from '../../lacking-scopes.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { anything, either, func, number, onOff, withMethods } from '../../options/option-kinds.ts';
import { returnsData } from '../../origin-meta.ts';
import type { CallContext, ListContext, Provider, Tool, ToolResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { toolsByName } from '../../tools-by-name.ts';
import { READ_RESULT, READ_RESULT_TOOL, SCHEME } from './read-result-tool.ts';
import { MAX_RESULT_TOKENS, SMALLEST_RESULT_TOKENS } from './result-limit.ts';
import type { ResultStore } from './result-store.ts';

export interface KeepResultsOptions {
  /** The most tokens that a result may cost a model, at least 500. Default 20,000. */
  readonly maxTokens?: number;
  /**
   * Where results are kept that were cut: a store, or a function that opens it when it is first needed. Default: in memory,
   * 64 MB at most.
   */
  readonly store?: ResultStore | (() => Promise<ResultStore>);
  /**
   * List the tool `read_result`. Without it, only hosts that follow links reach the rest. Default: if an operation of an API
   * returns data, as far as its document says.
   */
  readonly listed?: boolean;
  /** The provider whose tools decide that, if the given one lists them in another mode. Default: the given one. */
  readonly source?: Provider;
}

const checked = declareOptions<KeepResultsOptions>(
  'keepResults()',
  {
    maxTokens: number({ min: SMALLEST_RESULT_TOKENS, whole: true }),
    store: either(
      'a result store, or a function that opens one',
      withMethods('a result store', 'put', 'get', 'close'),
      func,
    ),
    listed: onOff,
    source: anything,
  },
  {
    hints: { limit: 'Write "maxTokens".', maxResultTokens: 'Write "maxTokens".' },
    example: 'keepResults(api, { maxTokens: 10_000 })',
  },
);

/** Most servers never cut a result, so nothing is kept, and nobody reads one that was cut. */
const loadCutting = () => import('./cut-result.ts');
const loadReading = () => import('./read-result.ts');

async function openResultStore(): Promise<ResultStore> {
  const { memoryResultStore } = await import('./result-store.ts');
  return memoryResultStore();
}

/**
 * Cuts results that are too large for a model, and keeps all of it for the caller who got it: a link in the result and the
 * tool `read_result` reach the rest without another call of the API. Results with `Cache-Control: no-store` are cut but
 * not kept (RFC 9111 §5.2.2.5).
 *
 * ```ts
 * const server = keepResults(await fromOpenApi('api.yaml'), { maxTokens: 10_000 });
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function keepResults(provider: Provider, options: KeepResultsOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of keepResults()');
  const { maxTokens = MAX_RESULT_TOKENS, store = openResultStore, listed, source = provider } = checked(options);
  let opened: Promise<ResultStore> | undefined;
  const storeFor = async ({ shared }: CallContext) => {
    opened ??= typeof store === 'function' ? store() : Promise.resolve(store);
    const own = await opened;
    return (shared && own.sharedBy?.(shared)) ?? own;
  };
  const withTool = remembered((list: readonly Tool[]) => Object.freeze([...list, READ_RESULT_TOOL]));
  /** Whether the tool is listed, by the list that it would be added to. */
  const isListed = async (list: readonly Tool[], context: ListContext) => {
    // A tool of that name belongs to the provider.
    if (listed === false || list.length === 0 || toolsByName(list).has(READ_RESULT)) return false;
    return listed ?? hasData(list, () => source.listTools({ ...context, origins: true }));
  };
  const isOwn = async (name: string, context: CallContext) =>
    name === READ_RESULT && !toolsByName(await provider.listTools(context)).has(name);

  return {
    ...derived(provider, {
      async listTools(context) {
        const list = await provider.listTools(context);
        return (await isListed(list, context)) ? withTool(list) : list;
      },
      async callTool(call, context) {
        const owner = context.caller?.id ?? '';
        if (await isOwn(call.name, context)) {
          const [{ readResult }, store] = await Promise.all([loadReading(), storeFor(context)]);
          return readResult(call.arguments, { store, owner, maxTokens });
        }
        const result = await provider.callTool(call, { ...context, uncut: true });
        if (context.preview || !mayBeTooLarge(result, maxTokens)) return result;
        const { cutResult, isTooLarge } = await loadCutting();
        if (!isTooLarge(result, maxTokens)) return result;
        const [list, store] = await Promise.all([provider.listTools(context), storeFor(context)]);
        const cutting = { tool: toolsByName(list).get(call.name), name: call.name, owner, maxTokens, store };
        return cutResult(result, { ...cutting, listed: await isListed(list, context) });
      },
      async readResource(read, context) {
        if (!read.uri.startsWith(SCHEME)) return provider.readResource(read, context);
        const [{ readKept }, store] = await Promise.all([loadReading(), storeFor(context)]);
        return readKept(read.uri, { store, owner: context.caller?.id ?? '' });
      },
      ...(provider.lackingScopes && {
        async lackingScopes(request, context) {
          const isKept =
            (request.method === 'tools/call' && request.params.name === READ_RESULT) ||
            (request.method === 'resources/read' && request.params.uri.startsWith(SCHEME));
          // It belongs to the caller already.
          return isKept ? undefined : lackingScopes(provider, request, context);
        },
      }),
    }),
    async close() {
      // A store that could not be opened has nothing to close.
      const own = await opened?.catch(() => undefined);
      await Promise.all([provider.close(), own?.close()]);
    },
  };
}

const known = new WeakMap<readonly Tool[], Promise<boolean>>();

/** Whether a tool is an operation that may return more than a status. Most lists are those of an API, as they are. */
function hasData(list: readonly Tool[], withOrigins: () => Promise<readonly Tool[]>): Promise<boolean> {
  const found =
    known.get(list) ??
    (list.some(returnsData) ? Promise.resolve(true) : withOrigins().then((all) => all.some(returnsData)));
  known.set(list, found);
  found.catch(() => known.delete(list));
  return found;
}

/** A token has at least one character. */
function mayBeTooLarge({ content, structuredContent }: ToolResult, maxTokens: number): boolean {
  const characters = content.reduce((sum, block) => sum + (block.type === 'text' ? block.text.length : 0), 0);
  return (
    characters > maxTokens || (structuredContent !== undefined && JSON.stringify(structuredContent).length > maxTokens)
  );
}
