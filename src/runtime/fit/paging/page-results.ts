import { checkProvider } from '../../compose/check-provider.ts';
import { derived } from '../../derived.ts';
import { misfit } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { note } from '../../note.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { number, text } from '../../options/option-kinds.ts';
import { type ListedPaging, listedOrigin } from '../../origin-meta.ts';
import { takePageReport } from '../../page-meta.ts';
import type { CallContext, ListContext, PagePosition, Provider, Tool, ToolCall, ToolResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import type { SharedStore } from '../../shared-store.ts';
import { collectPages } from './collect-pages.ts';
import { type CursorOwner, type Cursors, createCursors, type PageStart } from './cursors.ts';

export interface PageResultsOptions {
  /**
   * The secret that signs cursors, at least 16 characters: processes with the same key accept the cursors of each other.
   * Default: random, so that cursors end with the process; a server that runs with a store has one for all processes.
   */
  readonly key?: string;
  /** Milliseconds that a cursor is valid. Default 3,600,000. */
  readonly ttlMs?: number;
  /** The most items that a call may collect. Default 10,000, which is also the most. */
  readonly maxItems?: number;
  /** The most pages that a call may request. Default 100, which is also the most. */
  readonly maxPages?: number;
}

const MOST_ITEMS = 10_000;
const MOST_PAGES = 100;
/** For items collected by one call. Larger ones only if somebody keeps what a model does not read. */
const MOST_BYTES = { kept: 8_000_000, whole: 100_000 };
const SHORTEST_KEY = 16;

const checked = declareOptions<PageResultsOptions>(
  'pageResults()',
  {
    key: text,
    ttlMs: number({ min: 1 }),
    maxItems: number({ min: 1, max: MOST_ITEMS, whole: true }),
    maxPages: number({ min: 1, max: MOST_PAGES, whole: true }),
  },
  { hints: { secret: 'Write "key".', limit: 'Write "maxItems".' }, example: 'pageResults(api, { maxItems: 1_000 })' },
);

/**
 * One way to page, whatever the API does: operations with pages also take `cursor`, from the note on their last result, and
 * `max_items`, to collect pages. Their own arguments stay. If one of them has that name, ours starts with `page_`.
 *
 * ```ts
 * const server = pageResults(await fromOpenApi('api.yaml'));
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function pageResults(provider: Provider, options: PageResultsOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of pageResults()');
  const { key, ttlMs = 3_600_000, maxItems = MOST_ITEMS, maxPages = MOST_PAGES } = checked(options);
  if (key !== undefined && key.length < SHORTEST_KEY)
    throw new OptionError(
      `pageResults(): "key" must have at least ${SHORTEST_KEY} characters, so that nobody guesses it.`,
    );
  const own = createCursors({ key, ttlMs });
  // Without a key, the processes of the server have one in common.
  const cursorsIn = remembered((shared: SharedStore) => createCursors({ key: () => shared.secret('paging'), ttlMs }));
  const cursorsFor = ({ shared }: CallContext): Cursors => (shared && key === undefined ? cursorsIn(shared) : own);
  const offers = remembered((list: readonly Tool[]) => new Map(list.flatMap(offerOf)));
  // Lists are shared: the same list and offers make the same list.
  const listsWith = remembered((known: ReadonlyMap<string, Offer>) =>
    remembered((list: readonly Tool[]) => Object.freeze(list.map((tool) => withOffer(tool, known, maxItems)))),
  );
  const offersFor = async (context: ListContext) => offers(await provider.listTools({ ...context, origins: true }));
  return derived(provider, {
    async listTools(context) {
      const [list, known] = await Promise.all([provider.listTools(context), offersFor(context)]);
      return listsWith(known)(list);
    },
    async callTool(call, context) {
      const offer = (await offersFor(context)).get(call.name);
      if (!offer) return provider.callTool(call, context);
      return callPaged(call, context, { provider, offer, cursors: cursorsFor(context), maxItems, maxPages });
    },
  });
}

/** What a tool takes besides its own arguments. */
interface Offer extends ListedPaging {
  readonly cursor: string;
  readonly maxItems: string;
  /** Only operations whose pages are known say so. Any other may still turn out to have some. */
  readonly isListed: boolean;
}

function offerOf(tool: Tool): readonly (readonly [tool: string, offer: Offer])[] {
  const paging = listedOrigin(tool)?.paging;
  if (!paging) return [];
  const { properties = {}, additionalProperties } = tool.inputSchema;
  const isListed = paging.kind !== undefined;
  // It takes any argument, so one of ours may be meant for the API.
  if (!isListed && additionalProperties !== false) return [];
  const free = (name: string) => (Object.hasOwn(properties, name) ? `page_${name}` : name);
  return [[tool.name, { ...paging, cursor: free('cursor'), maxItems: free('max_items'), isListed }]];
}

function withOffer(tool: Tool, offers: ReadonlyMap<string, Offer>, most: number): Tool {
  const offer = offers.get(tool.name);
  if (!offer?.isListed) return tool;
  const { inputSchema } = tool;
  const properties: NonNullable<Tool['inputSchema']['properties']> = {
    ...inputSchema.properties,
    [offer.cursor]: { type: 'string', description: 'Next page: from the note on the last result.' },
    [offer.maxItems]: {
      type: 'integer',
      minimum: 1,
      maximum: most,
      description: 'Collect pages up to this many items.',
    },
  };
  return { ...tool, inputSchema: { ...inputSchema, properties } };
}

interface Paging {
  readonly provider: Provider;
  readonly offer: Offer;
  readonly cursors: Cursors;
  readonly maxItems: number;
  readonly maxPages: number;
}

async function callPaged(call: ToolCall, context: CallContext, paging: Paging): Promise<ToolResult> {
  const { provider, offer, cursors, maxPages } = paging;
  const { [offer.cursor]: cursor, [offer.maxItems]: wanted, ...args } = call.arguments;
  const problem = whyInvalid({ cursor, wanted, args }, paging);
  if (problem !== undefined) return misfit(`${problem} Nothing was sent.`);
  const others = Object.fromEntries(Object.entries(args).filter(([name]) => !offer.positions.includes(name)));
  const owner: CursorOwner = { tool: call.name, arguments: others, caller: context.caller?.id ?? '' };
  const opened = typeof cursor === 'string' ? await cursors.open(cursor, owner) : startOf(args, offer);
  if ('problem' in opened) return misfit(`${offer.cursor}: this cursor ${opened.problem} Nothing was sent.`);
  const passed = { ...call, arguments: args };
  const at = (position: PagePosition | undefined, more: Partial<CallContext> = {}) =>
    provider.callTool(passed, { ...context, ...more, page: { ...(position && { at: position }) } });
  if (context.preview) return at(opened.at);
  const told: Telling = { offer, cursors, owner };
  // A page of which the caller has the beginning is cut like a collection.
  if (wanted === undefined && opened.skip === 0) return onePage(await at(opened.at), opened, told);
  const collected = await collectPages({
    start: opened,
    maxItems: typeof wanted === 'number' ? wanted : MOST_ITEMS,
    maxPages: wanted === undefined ? 1 : maxPages,
    maxBytes: context.uncut ? MOST_BYTES.kept : MOST_BYTES.whole,
    context,
    request: (position) => at(position, { uncut: true, progress: () => {} }),
  });
  return withNext(collected.result, collected, told);
}

/** A cursor leaves out the arguments that say which page is wanted, so the start has them. */
function startOf(args: ToolCall['arguments'], { positions }: Offer): PageStart {
  const given = positions.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]);
  return given.length === 0 ? { skip: 0 } : { at: { arguments: Object.fromEntries(given) }, skip: 0 };
}

function whyInvalid(
  {
    cursor,
    wanted,
    args,
  }: { readonly cursor: unknown; readonly wanted: unknown; readonly args: ToolCall['arguments'] },
  { offer, maxItems }: Paging,
): string | undefined {
  if (cursor !== undefined && typeof cursor !== 'string')
    return `${offer.cursor}: must be the text from the note on the last result.`;
  const isCount = typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= 1 && wanted <= maxItems;
  if (wanted !== undefined && !isCount) return `${offer.maxItems}: must be an integer from 1 to ${maxItems}.`;
  const mixed = cursor === undefined ? undefined : offer.positions.find((name) => args[name] !== undefined);
  if (mixed === undefined) return undefined;
  return `${offer.cursor} and ${mixed} both say which page is wanted. Leave out ${mixed} to go on after the last result, or ${offer.cursor} to choose a page yourself.`;
}

interface Telling {
  readonly offer: Offer;
  readonly cursors: Cursors;
  readonly owner: CursorOwner;
}

async function onePage(answered: ToolResult, { at }: PageStart, told: Telling): Promise<ToolResult> {
  const { result, report = {} } = takePageReport(answered);
  const { next, refused, isCertain = false } = report;
  if (refused !== undefined) return withNext(result, { notes: [refused] }, told);
  if (!next || result.isError) return result;
  if (at && JSON.stringify(at) === JSON.stringify(next)) {
    return withNext(result, { notes: ['The API names this same page as the next one: there is no way on.'] }, told);
  }
  return withNext(result, { notes: [], rest: { at: next, skip: 0 }, isCertain }, told);
}

interface Way {
  readonly notes: readonly string[];
  readonly rest?: PageStart;
  readonly isCertain?: boolean;
}

/** The key of what hosts need that show a model the structured content only. */
const NEXT_KEY = 'openapi-mcp/next';

async function withNext(result: ToolResult, { notes, rest, isCertain }: Way, told: Telling): Promise<ToolResult> {
  const { offer, cursors, owner } = told;
  const sealed = rest && (await cursors.seal(rest, owner));
  const way =
    sealed === undefined
      ? []
      : [`${isCertain ? 'More' : 'There may be more'}: the same call with ${offer.cursor}: "${sealed}"`];
  const lines = [...notes, ...way];
  if (lines.length === 0) return result;
  const { structuredContent } = result;
  return {
    ...result,
    content: [...result.content, note(lines.join('\n'))],
    ...(isRecord(structuredContent) && {
      structuredContent: {
        ...structuredContent,
        [NEXT_KEY]: { ...(sealed !== undefined && { [offer.cursor]: sealed }), note: lines.join('\n') },
      },
    }),
  };
}
