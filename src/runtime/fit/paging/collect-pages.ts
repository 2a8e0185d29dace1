import { messageOf } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { noteText } from '../../note.ts';
import { mayStore, OUTCOME_KEY, outcomeOf } from '../../outcome.ts';
import { type PageReport, takePageReport } from '../../page-meta.ts';
import type { CallContext, ContentBlock, PagePosition, ToolResult } from '../../provider.ts';
import { byteLength } from '../../text/byte-length.ts';
import type { PageStart } from './cursors.ts';
import { type PageList, pageList, withList } from './page-list.ts';

export interface Collecting {
  readonly start: PageStart;
  readonly maxItems: number;
  readonly maxPages: number;
  readonly maxBytes: number;
  readonly context: Pick<CallContext, 'signal' | 'progress'>;
  /** Requests the page at a position; without one, the first. */
  readonly request: (at: PagePosition | undefined) => Promise<ToolResult>;
}

export interface Collected {
  readonly result: ToolResult;
  readonly notes: readonly string[];
  /** Where to go on; absent if nothing is left, or nothing was collected. */
  readonly rest?: PageStart;
  /** There is something left, for sure. */
  readonly isCertain?: boolean;
}

/** Requests page after page until there are enough items, and joins them in the form of one response. */
export async function collectPages(collecting: Collecting): Promise<Collected> {
  const { start, maxPages, request, context } = collecting;
  const basket = new Basket(collecting);
  const seen = new Set<string>([keyOf(start.at)]);
  let { at, skip } = start;
  for (let pages = 1; ; pages++) {
    const failed = (why: string) => basket.stopped(`Page ${pages} failed: ${why}`, { ...(at && { at }), skip });
    let answered: ReturnType<typeof takePageReport>;
    try {
      answered = takePageReport(await request(at));
    } catch (error) {
      if (basket.isEmpty) throw error;
      return failed(messageOf(error));
    }
    const { result, report = {} } = answered;
    if (result.isError) return basket.isEmpty ? { result, notes: [] } : failed(firstText(result));
    const page = pageList(result, report);
    if (!page) return basket.unlisted(answered, { ...(at && { at }), skip });
    if (basket.isRepeated(page))
      return basket.stopped(
        'The API returned the same page twice, so it seems to ignore which page is wanted.',
        undefined,
      );
    const used = basket.add(page, report, skip);
    context.progress({
      progress: basket.count,
      ...totalOf(report, collecting),
      message: `page ${pages}, ${basket.count} items`,
    });
    if (used < page.items.length) return basket.full({ ...(at && { at }), skip: used });
    const stop = whyStop(report, page, { seen, pages, maxPages, isEnough: basket.isEnough });
    if (stop) return basket.ended(stop, report);
    at = report.next;
    skip = 0;
    seen.add(keyOf(at));
    if (context.signal.aborted) return basket.stopped('The call was cancelled.', { ...(at && { at }), skip });
  }
}

const keyOf = (at: PagePosition | undefined): string => JSON.stringify(at ?? null);

const firstText = ({ content }: ToolResult): string =>
  content.find((block) => block.type === 'text')?.text.slice(0, LONGEST_REASON) ?? 'without a reason';
const LONGEST_REASON = 500;

function totalOf({ total }: PageReport, { maxItems }: Collecting): { readonly total?: number } {
  if (total === undefined) return {};
  return { total: Math.min(total, maxItems) };
}

interface Stop {
  /** Why there is no further request although there may be a page; absent at the end of the list. */
  readonly why?: string;
  /** Whether the next page can be asked for later. */
  readonly canGoOn: boolean;
}

function whyStop(
  { next, refused }: PageReport,
  page: PageList,
  {
    seen,
    pages,
    maxPages,
    isEnough,
  }: { seen: ReadonlySet<string>; pages: number; maxPages: number; isEnough: boolean },
): Stop | undefined {
  if (refused !== undefined) return { why: refused, canGoOn: false };
  if (!next) return { canGoOn: false };
  if (seen.has(keyOf(next)))
    return {
      why: 'The API names a page as the next one that was already read: its pages form a loop.',
      canGoOn: false,
    };
  if (isEnough) return { canGoOn: true };
  if (page.items.length === 0) return { why: 'A page was empty although another one follows.', canGoOn: true };
  if (pages < maxPages) return undefined;
  // One page is all that was wanted.
  return maxPages === 1
    ? { canGoOn: true }
    : { why: `${maxPages} pages were read, which is the limit.`, canGoOn: true };
}

const MISSING =
  'are missing: a page exceeds the limit for one result, or a hook leaves items out. Shorter pages may help.';

/** The items so far. */
class Basket {
  readonly #collecting: Collecting;
  readonly #items: unknown[] = [];
  #structured: unknown[] | undefined = [];
  #bytes = 0;
  #pages = 0;
  #last: PageList | undefined;
  #total: number | undefined;
  #isPrivate = false;
  #missing = 0;

  constructor(collecting: Collecting) {
    this.#collecting = collecting;
  }

  get isEmpty(): boolean {
    return this.#pages === 0;
  }

  get count(): number {
    return this.#items.length;
  }

  get isEnough(): boolean {
    return this.#items.length >= this.#collecting.maxItems || this.#bytes >= this.#collecting.maxBytes;
  }

  /** Responses may number their pages even if the items never change. Single words may well be the same. */
  isRepeated({ text, items }: PageList): boolean {
    const last = this.#last;
    if (!last || items.length === 0) return false;
    return isRecord(items[0]) ? JSON.stringify(items) === JSON.stringify(last.items) : text === last.text;
  }

  /** Adds the items of a page after the first ones. @returns how many of the page are used up */
  add(page: PageList, { count = 0 }: PageReport, skip: number): number {
    const { structured, items, result } = page;
    this.#last = page;
    this.#pages += 1;
    this.#missing += Math.max(0, count - items.length);
    this.#isPrivate ||= !mayStore(result);
    if (!structured) this.#structured = undefined;
    let index = skip;
    for (; index < items.length; index++) {
      const size = byteLength(JSON.stringify(items[index]) ?? 'null');
      const isOver = this.#bytes + size > this.#collecting.maxBytes && this.#items.length > 0;
      if (this.#items.length >= this.#collecting.maxItems || isOver) break;
      this.#bytes += size;
      this.#items.push(items[index]);
      this.#structured?.push(structured?.[index]);
    }
    return Math.max(index, Math.min(skip, items.length));
  }

  /** There is no list to collect from: the page itself is the result, or what came before it. */
  unlisted({ result, report = {} }: ReturnType<typeof takePageReport>, here: PageStart): Collected {
    if (!this.isEmpty) return this.stopped(`Page ${this.#pages + 1} has no list.`, here);
    const { next, isCertain = false } = report;
    const notes = ['The result has no list that could be collected: this is one page.'];
    return { result, notes, ...(next && { rest: { at: next, skip: 0 }, isCertain }) };
  }

  /** A page had more items than were wanted. */
  full(rest: PageStart): Collected {
    const isWanted = this.#items.length >= this.#collecting.maxItems;
    const why = isWanted ? [] : [`The items together may have ${this.#collecting.maxBytes} bytes.`];
    return { ...this.#joined(why), rest, isCertain: true };
  }

  ended({ why, canGoOn }: Stop, { next, isCertain = false, total }: PageReport): Collected {
    this.#total = total;
    const joined = this.#joined(why === undefined ? [] : [why]);
    return canGoOn && next ? { ...joined, rest: { at: next, skip: 0 }, isCertain } : joined;
  }

  stopped(why: string, rest: PageStart | undefined): Collected {
    return { ...this.#joined([why]), ...(rest && { rest, isCertain: true }) };
  }

  #joined(why: readonly string[]): Pick<Collected, 'result' | 'notes'> {
    const [page, structured] = [this.#last, this.#structured];
    if (!page) throw new Error('Nothing was collected.');
    const count = `${this.#items.length} items from ${this.#pages} ${this.#pages === 1 ? 'page' : 'pages'}`;
    const total = this.#total === undefined ? '' : ` of ${this.#total}`;
    const made = withList(page, this.#items, structured);
    const content = made.content.filter((block) => !isAboutOnePage(block));
    const missing = this.#missing === 0 ? [] : [`${this.#missing} items of these pages ${MISSING}`];
    const notes = [`Collected ${count}${total}.`, ...missing, ...why];
    return { result: this.#asPrivate({ ...made, content }), notes };
  }

  /** If one page must not be stored, neither must the result (RFC 9111 §5.2.2.5). */
  #asPrivate(result: ToolResult): ToolResult {
    if (!this.#isPrivate) return result;
    const outcome = { ...outcomeOf(result), cacheControl: 'no-store' };
    return { ...result, _meta: { ...result._meta, [OUTCOME_KEY]: outcome } };
  }
}

/** Notes are about the last page: its links, its share of a rate limit. */
const isAboutOnePage = (block: ContentBlock): boolean => noteText(block) !== undefined;
