import type { JsonSchema, Operation } from '../model/index.ts';
import { headerValue } from '../runtime/api/http.ts';
import { pageLinks } from '../runtime/api/paging/link-header.ts';
import { pageReport } from '../runtime/api/paging/next-page.ts';
import type { Performed } from '../runtime/api/perform.ts';
import { isRecord } from '../runtime/is-record.ts';
import { itemsOf } from './known-values.ts';

/** The call for the second page of a list, and where it comes from. */
export interface NextPage {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `the cursor "abc" of the first page` */
  readonly by: string;
}

export interface FirstPage {
  readonly operation: Operation;
  readonly performed: Performed;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** The server of the operation. */
  readonly serverUrl: string;
}

/**
 * The second page as the response or the document names it: by a link, by a cursor, or by the number of a page or an
 * item. `undefined` if the response is not a list, is empty, or is the last page: as the plan of the operation says (see
 * `runtime/api/paging/`), or the response itself.
 */
export function nextPage(page: FirstPage): NextPage | undefined {
  const { operation, performed, arguments: given } = page;
  const { answer } = performed;
  if (answer.kind !== 'json') return undefined;
  const items = itemsOf(answer.value);
  if (!items || items.length === 0 || isLast(page, answer.value)) return undefined;
  return (
    byLink(operation, performed, given) ??
    byCursor(operation, answer.value, given) ??
    byNumber(operation, items.length, given)
  );
}

function isLast({ operation, performed, ...page }: FirstPage, body: unknown): boolean {
  if (operation.response.pagination || linksOf(performed).isPaged)
    return pageReport({ ...page, ...performed, operation }).next === undefined;
  const all = [...envelopes(body)];
  const hasNext = all.some((envelope) =>
    NEXT_PAGES.some((name) => envelope[name] !== undefined && envelope[name] !== null),
  );
  const saysNone = all.some((envelope) => NEXT_PAGES.some((name) => envelope[name] === null) || saysNoMore(envelope));
  return saysNone && !hasNext;
}

const linksOf = ({ headers }: Performed) => pageLinks(headerValue(headers, 'link'));

const saysNoMore = ({ has_more, hasMore, hasNextPage }: Readonly<Record<string, unknown>>): boolean =>
  has_more === false || hasMore === false || hasNextPage === false;

function byLink(
  { request, arguments: { properties } }: Operation,
  performed: Performed,
  given: Readonly<Record<string, unknown>>,
): NextPage | undefined {
  const { answer, url } = performed;
  const link = linksOf(performed).next ?? (answer.kind === 'json' ? nextIn(answer.value) : undefined);
  if (link === undefined || !URL.canParse(link, url)) return undefined;
  const next = new URL(link, url);
  // A link to elsewhere is not a call of this operation.
  if (next.pathname !== new URL(url).pathname) return undefined;
  const values = request.query.flatMap(({ name, argument }) => {
    const value = next.searchParams.get(name);
    return value === null ? [] : [[argument, ofType(value, properties[argument])]];
  });
  if (values.length === 0) return undefined;
  return { arguments: { ...given, ...Object.fromEntries(values) }, by: 'the link to the next page' };
}

/** Where APIs put what is about the list, besides its root. */
const AROUND = ['links', '_links', 'paging', 'pagination', 'meta', 'page', 'cursor', 'cursors', 'response_metadata'];

function* envelopes(body: unknown): Generator<Readonly<Record<string, unknown>>, undefined> {
  if (!isRecord(body)) return;
  yield body;
  for (const name of AROUND) {
    const inner = body[name];
    if (!isRecord(inner)) continue;
    yield inner;
    for (const deeper of AROUND) if (isRecord(inner[deeper])) yield inner[deeper];
  }
}

const NEXT_PAGES = ['next', 'next_url', 'nextUrl', 'nextLink', '@odata.nextLink', 'next_page_url'];

function nextIn(body: unknown): string | undefined {
  for (const envelope of envelopes(body))
    for (const name of NEXT_PAGES) {
      const value = envelope[name];
      const link = isRecord(value) ? value.href : value;
      if (typeof link === 'string' && /^(?:https?:\/)?\/|^\?/.test(link)) return link;
    }
  return undefined;
}

const CURSOR_ARGUMENT = /cursor|token|after|marker|continu|^next/i;
const CURSOR_PROPERTY =
  /^(?:next)?_?(?:page)?_?(?:cursor|token|marker)$|^next(?:_?page)?$|^continu\w*$|^after$|^end_?cursor$/i;

function byCursor(
  { response, arguments: { properties } }: Operation,
  body: unknown,
  given: Readonly<Record<string, unknown>>,
): NextPage | undefined {
  const argument = response.pagingArguments.find((name) => CURSOR_ARGUMENT.test(name));
  if (argument === undefined) return undefined;
  for (const envelope of envelopes(body)) {
    if (saysNoMore(envelope)) return undefined;
    const [cursor] = Object.entries(envelope).filter(
      ([name, value]) =>
        CURSOR_PROPERTY.test(name) && (typeof value === 'string' || typeof value === 'number') && value !== '',
    );
    if (!cursor) continue;
    const [name, value] = cursor;
    return {
      arguments: { ...given, [argument]: ofType(String(value), properties[argument]) },
      by: `the cursor of the first page ("${name}", sent as "${argument}")`,
    };
  }
  return undefined;
}

const PAGE_ARGUMENT = /^page$|^page[._-]?(?:number|num|no|index)$|^page\[number\]$/i;
const OFFSET_ARGUMENT = /^offset$|^\$?skip$|^start(?:[._-]?index)?$|^page\[offset\]$/i;

function byNumber(
  { response, arguments: { properties } }: Operation,
  count: number,
  given: Readonly<Record<string, unknown>>,
): NextPage | undefined {
  const page = response.pagingArguments.find((name) => PAGE_ARGUMENT.test(name));
  const offset = response.pagingArguments.find((name) => OFFSET_ARGUMENT.test(name));
  const argument = page ?? offset;
  if (argument === undefined) return undefined;
  const first = firstOf(given[argument], properties[argument], page === undefined ? 0 : 1);
  const value = first + (page === undefined ? count : 1);
  return { arguments: { ...given, [argument]: value }, by: `"${argument}": ${value}` };
}

/** What a list begins with. */
function firstOf(given: unknown, schema: JsonSchema | undefined, usual: number): number {
  const { default: preset, minimum } = typeof schema === 'object' ? schema : {};
  return [given, preset, minimum].find((value) => typeof value === 'number') ?? usual;
}

function ofType(text: string, schema: JsonSchema | undefined): unknown {
  const types = typeof schema === 'object' ? [schema.type ?? []].flat() : [];
  const isNumber = (types.includes('integer') || types.includes('number')) && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

/** What is wrong with a second page; `undefined`: nothing. */
export function pagingFault(first: Performed, second: Performed): string | undefined {
  if (second.status >= 400) return `status ${second.status}`;
  if (first.answer.kind !== 'json' || second.answer.kind !== 'json') return undefined;
  const [items, others] = [itemsOf(first.answer.value), itemsOf(second.answer.value)];
  if (!items || !others || others.length === 0) return undefined;
  return JSON.stringify(items) === JSON.stringify(others) ? 'the same items as on the first page' : undefined;
}
