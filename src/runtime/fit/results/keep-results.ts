import { isTooDeep } from '../../api/shape/nesting.ts';
import { checkProvider } from '../../compose/check-provider.ts';
import { isRecord } from '../../is-record.ts';
import { lackingScopes } from '../../lacking-scopes.ts';
import { note, noteText } from '../../note.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { anything, number, onOff, withMethods } from '../../options/option-kinds.ts';
import { returnsData } from '../../origin-meta.ts';
import { mayStore } from '../../outcome.ts';
import {
  type CallContext,
  type ContentBlock,
  type ListContext,
  type Provider,
  ProviderError,
  type Tool,
  type ToolResult,
} from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { isStoreUnavailable, STORE_UNAVAILABLE_TEXT } from '../../shared-store.ts';
import { byteLength } from '../../text/byte-length.ts';
import { derived } from '../../transforms/derived.ts';
import { estimateTokens } from '../count.ts';
import { type CutToTokens, tokenCutter } from './cut-to-tokens.ts';
import { cutTexts, goneText, grouped, keptContents, READ_RESULT, READ_RESULT_TOOL, readResult } from './read-result.ts';
import { MAX_RESULT_TOKENS, SMALLEST_RESULT_TOKENS } from './result-limit.ts';
import { memoryResultStore, type ResultStore } from './result-store.ts';

export interface KeepResultsOptions {
  /** The most tokens that a result may cost a model, at least 500. Default 20,000. */
  readonly maxTokens?: number;
  /** Where results are kept that were cut. Default: in memory, 64 MB at most. */
  readonly store?: ResultStore;
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
    store: withMethods('a result store', 'put', 'get', 'close'),
    listed: onOff,
    source: anything,
  },
  {
    hints: { limit: 'Write "maxTokens".', maxResultTokens: 'Write "maxTokens".' },
    example: 'keepResults(api, { maxTokens: 10_000 })',
  },
);

/** The scheme of links to kept results. */
const SCHEME = 'result://';

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
  const {
    maxTokens = MAX_RESULT_TOKENS,
    store: own = memoryResultStore(),
    listed,
    source = provider,
  } = checked(options);
  const storeFor = ({ shared }: CallContext) => (shared && own.sharedBy?.(shared)) ?? own;
  const withTool = remembered((list: readonly Tool[]) => Object.freeze([...list, READ_RESULT_TOOL]));
  const byName = remembered((list: readonly Tool[]) => new Map(list.map((tool) => [tool.name, tool])));
  /** Whether the tool is listed, by the list that it would be added to. */
  const isListed = async (list: readonly Tool[], context: ListContext) => {
    // A tool of that name belongs to the provider.
    if (listed === false || list.length === 0 || byName(list).has(READ_RESULT)) return false;
    return listed ?? hasData(list, () => source.listTools({ ...context, origins: true }));
  };
  const isOwn = async (name: string, context: CallContext) =>
    name === READ_RESULT && !byName(await provider.listTools(context)).has(name);

  return {
    ...derived(provider, {
      async listTools(context) {
        const list = await provider.listTools(context);
        return (await isListed(list, context)) ? withTool(list) : list;
      },
      async callTool(call, context) {
        const owner = context.caller?.id ?? '';
        const store = storeFor(context);
        if (await isOwn(call.name, context)) return readResult(call.arguments, { store, owner, maxTokens });
        const result = await provider.callTool(call, { ...context, uncut: true });
        if (context.preview || !isTooLarge(result, maxTokens)) return result;
        const list = await provider.listTools(context);
        const cutting = { tool: byName(list).get(call.name), name: call.name, owner, maxTokens, store };
        return cutResult(result, { ...cutting, listed: await isListed(list, context) });
      },
      async readResource(read, context) {
        if (!read.uri.startsWith(SCHEME)) return provider.readResource(read, context);
        const kept = await keptFor(context.caller?.id ?? '', read.uri.slice(SCHEME.length), storeFor(context));
        if ('missing' in kept) throw new ProviderError('RESOURCE_NOT_FOUND', goneText(kept));
        return keptContents(read.uri, kept);
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
      await Promise.all([provider.close(), own.close()]);
    },
  };
}

/** @throws ProviderError if the store cannot be reached */
function keptFor(owner: string, handle: string, store: ResultStore): ReturnType<ResultStore['get']> {
  return store.get(owner, handle).catch((error) => {
    throw isStoreUnavailable(error) ? new ProviderError('READ_FAILED', STORE_UNAVAILABLE_TEXT) : error;
  });
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

/** A host shows a model either the texts or the structured content. */
function isTooLarge({ content, structuredContent }: ToolResult, maxTokens: number): boolean {
  const texts = content.flatMap((block) => textOf(block) ?? []);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  // A token has at least one character.
  if (characters > maxTokens && estimateTokens(texts.join('\n')) > maxTokens) return true;
  if (structuredContent === undefined) return false;
  const json = JSON.stringify(structuredContent);
  return json.length > maxTokens && estimateTokens(json) > maxTokens;
}

const textOf = (block: ContentBlock): string | undefined => (block.type === 'text' ? block.text : undefined);

interface Cutting {
  readonly name: string;
  readonly tool: Tool | undefined;
  readonly owner: string;
  readonly maxTokens: number;
  readonly store: ResultStore;
  readonly listed: boolean;
}

async function cutResult(result: ToolResult, cutting: Cutting): Promise<ToolResult> {
  const { name, tool, owner, maxTokens, store } = cutting;
  const whole = wholeOf(result);
  const promised = tool?.outputSchema !== undefined && result.structuredContent !== undefined;
  const isStorable = mayStore(result);
  const mimeType = whole.kind === 'json' ? 'application/json' : 'text/plain';
  const kept = { text: whole.text, kind: whole.kind, mimeType, tool: name };
  // The call was made, and its result must not be lost: it is cut all the same.
  let isReached = true;
  const handle = isStorable
    ? await store.put(owner, kept).catch((error) => {
        if (!isStoreUnavailable(error)) throw error;
        isReached = false;
        return undefined;
      })
    : undefined;
  const link = handle === undefined ? [] : [resultLink(handle, { name, mimeType, size: byteLength(whole.text) })];
  const rest = result.content.filter((block) => block !== whole.block && fits(block, RESERVED_TOKENS));
  const { structuredContent: _, ...others } = result;
  const withCut = (cut: CutToTokens): ToolResult => {
    const told = tellCut(cut, handle, { ...cutting, isStorable, isReached });
    return {
      ...others,
      content: [{ type: 'text', text: cut.text }, ...rest, note(told), ...link],
      // The data is there twice: texts for some hosts, structured content for others.
      ...(promised && { structuredContent: structured(cut, result.structuredContent, handle, told) }),
    };
  };
  return cutToFit(whole, withCut, promised ? maxTokens / 2 : maxTokens, maxTokens);
}

const MOST_ATTEMPTS = 5;

/** Cuts the data until the complete result is below the limit, as it is sent: with quotes escaped, notes and link. */
function cutToFit(
  { text, kind }: Whole,
  withCut: (cut: CutToTokens) => ToolResult,
  firstRoom: number,
  maxTokens: number,
): ToolResult {
  let room = Math.max(SMALLEST_RESULT_TOKENS / 2, firstRoom - RESERVED_TOKENS);
  const cut = tokenCutter(text, kind);
  let result = withCut(cut(Math.floor(room)));
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
    const tokens = estimateTokens(JSON.stringify(result));
    if (tokens <= maxTokens) break;
    room *= Math.min(0.95, maxTokens / tokens);
    result = withCut(cut(Math.floor(room)));
  }
  return result;
}

/** For notes and the link. */
const RESERVED_TOKENS = 400;

/** Blocks other than the data: notes of the provider, images, links. */
function fits(block: ContentBlock, most: number): boolean {
  const text = textOf(block);
  return text === undefined || noteText(block) !== undefined || estimateTokens(text) <= most;
}

interface Whole {
  readonly text: string;
  readonly kind: 'json' | 'text';
  /** The block with the data; absent if only the structured content has it. */
  readonly block?: ContentBlock;
}

/** The data of a result: its longest text, or its structured content if it has no text. */
function wholeOf({ content, structuredContent }: ToolResult): Whole {
  const texts = content.filter((block) => block.type === 'text');
  const longest = texts.reduce<(typeof texts)[number] | undefined>(
    (found, block) => (found && found.text.length >= block.text.length ? found : block),
    undefined,
  );
  const json = structuredContent === undefined ? undefined : JSON.stringify(structuredContent);
  if (!longest || (json !== undefined && longest.text.length < json.length / 4)) {
    return { text: json ?? '', kind: 'json' };
  }
  return { text: longest.text, kind: isJson(longest.text) ? 'json' : 'text', block: longest };
}

/** JSON that is nested too deeply to be walked counts as text, as in results that are not cut. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text) || isTooDeep(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tellCut(
  { cuts }: CutToTokens,
  handle: string | undefined,
  { maxTokens, listed, isStorable, isReached }: Cutting & { readonly isStorable: boolean; readonly isReached: boolean },
): string {
  const head = [`The result was cut to about ${grouped(maxTokens)} tokens.`, ...cutTexts(cuts)].join(' ');
  if (handle === undefined) {
    const kept = isReached ? 'is too large to be kept' : 'cannot be kept, because the store cannot be reached';
    const why = isStorable ? kept : 'must not be stored (Cache-Control: no-store)';
    return `${head} The rest ${why}: narrow the request with its arguments.`;
  }
  const list = cuts.find(({ unit }) => unit === 'items' || unit === 'members') ?? cuts[0];
  const where = list === undefined || list.path === '' ? '' : `, path: ${JSON.stringify(list.path)}`;
  const next = `${READ_RESULT} { handle: "${handle}"${where}${list ? `, from: ${list.kept}` : ''} }`;
  const more = `or part of it with query (JMESPath), fields or search`;
  return listed
    ? `${head} The complete result is kept for a while. The rest: ${next}; ${more}.`
    : `${head} The complete result is kept for a while: read the resource ${SCHEME}${handle}.`;
}

const resultLink = (
  handle: string,
  { name, mimeType, size }: { readonly name: string; readonly mimeType: string; readonly size: number },
): ContentBlock => ({
  type: 'resource_link',
  uri: `${SCHEME}${handle}`,
  name: `result of ${name}`,
  description: 'The complete result. It expires.',
  mimeType,
  size,
});

/** The key of what hosts need that show a model the structured content only. */
const REST_KEY = 'openapi-mcp/rest';

/** The cut data in the form that the output schema promises, with what a model needs to reach the rest. */
function structured(
  { text, cuts }: CutToTokens,
  original: unknown,
  handle: string | undefined,
  told: string,
): Readonly<Record<string, unknown>> {
  const value: unknown = isJson(text) ? JSON.parse(text) : text;
  const entries = Object.entries(isRecord(original) ? original : {});
  // What other transforms add to the data, such as the cursor of the next page.
  const added = entries.filter(([key]) => key.startsWith('openapi-mcp/'));
  // The list of a result whose root is not an object.
  const isWrapped = entries.length - added.length === 1 && entries[0]?.[0] === 'result' && !isRecord(value);
  const data = isWrapped ? { result: value } : isRecord(value) ? value : {};
  return {
    ...data,
    ...Object.fromEntries(added),
    [REST_KEY]: { ...(handle !== undefined && { handle }), note: told, cuts: cuts.slice(0, 5) },
  };
}
