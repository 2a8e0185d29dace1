import type { AnswerPath, JsonSchema, Operation, PaginationPlan } from '../../../model/index.ts';
import { composition } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import type { PageReport } from '../../page-meta.ts';
import type { PagePosition } from '../../provider.ts';
import { type HttpResponse, headerValue } from '../http.ts';
import type { Answer } from '../read/answer.ts';
import { pageLinks } from './link-header.ts';

export interface Paged {
  readonly operation: Operation;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** The arguments of the call, with those of its position. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
  readonly headers: HttpResponse['headers'];
  /** The URL that responded. */
  readonly url: string;
  /** The server of the operation. */
  readonly serverUrl: string;
}

/** What a response says about its pages, by the plan of its operation. The header `Link` is read without a plan, too. */
export function pageReport(paged: Paged): PageReport {
  const { answer, operation } = paged;
  const { pagination: plan } = operation.response;
  const value = answer.kind === 'json' ? answer.value : undefined;
  const list = listIn(value, plan?.items);
  const total = plan && 'total' in plan ? numberAt(value, plan.total) : undefined;
  return {
    ...nextOf(paged, { plan, value, list: list?.items }),
    ...(list && { items: list.path, count: list.items.length }),
    ...(total !== undefined && { total }),
  };
}

type Next = Pick<PageReport, 'next' | 'isCertain' | 'refused'>;

interface Found {
  readonly plan: PaginationPlan | undefined;
  readonly value: unknown;
  readonly list: readonly unknown[] | undefined;
}

const LAST: Next = {};

/** A response that says where the next page is is believed before numbers are counted on. */
function nextOf(paged: Paged, found: Found): Next {
  const { plan } = found;
  const said = plan ? saidIn(paged, found, plan) : undefined;
  if (said) return said;
  const links = pageLinks(headerValue(paged.headers, 'link'));
  if (links.next !== undefined && paged.operation.request.method === 'GET') return toUrl(links.next, paged);
  if (links.isPaged) return LAST;
  if (plan?.kind === 'page') return nextCounted(paged, found, plan, 1);
  return plan?.kind === 'offset' ? nextCounted(paged, found, plan, found.list?.length ?? 0) : LAST;
}

function saidIn(paged: Paged, { value, list }: Found, plan: PaginationPlan): Next | undefined {
  switch (plan.kind) {
    case 'nextUrl': {
      const url = valueAt(value, plan.next);
      return typeof url === 'string' && url !== '' ? toUrl(url, paged) : undefined;
    }
    case 'token': {
      if (plan.more && valueAt(value, plan.more) === false) return LAST;
      const token = valueAt(value, plan.next);
      // Names alone do not tell a token from a URL.
      const isUrl = typeof token === 'string' && /^https?:\/\//i.test(token);
      if (isUrl && paged.operation.request.method === 'GET') return toUrl(token, paged);
      return isToken(token) ? at(plan.argument, token, paged) : undefined;
    }
    case 'lastItem': {
      if (valueAt(value, plan.more) !== true) return undefined;
      const id = valueAt(list?.at(-1), plan.id);
      return isToken(id) ? at(plan.argument, id, paged) : undefined;
    }
    default:
      return undefined;
  }
}

const isToken = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number';

/** A value of the response as the argument takes it: some APIs send a number and expect a text. */
function at(argument: string, value: string | number, { operation, schemas }: Paged): Next {
  const schema = Object.hasOwn(operation.arguments.properties, argument)
    ? (operation.arguments.properties[argument] ?? true)
    : true;
  const types = new Set([...composition(schema, schemas)].flatMap(({ type }) => type ?? []));
  const takesNumber = types.has('integer') || types.has('number');
  let sent = value;
  if (typeof value === 'number' && types.has('string') && !takesNumber) sent = String(value);
  if (typeof value === 'string' && takesNumber && !types.has('string') && Number.isSafeInteger(Number(value)))
    sent = Number(value);
  return { next: { arguments: { [argument]: sent } }, isCertain: true };
}

/** Only URLs of the server itself are followed: others would get its credentials, or make it send requests anywhere. */
function toUrl(text: string, { url, serverUrl }: Paged): Next {
  const { origin, protocol, host } = new URL(serverUrl);
  const base = URL.canParse(url) ? url : serverUrl;
  // A token would be taken for the last part of a path.
  if (!/[/?]/.test(text) || !URL.canParse(text, base)) return { refused: NO_URL };
  const target = new URL(text, base);
  // APIs behind a TLS proxy name themselves by http. The request goes to the server as configured.
  const isSame =
    target.origin === origin || (target.host === host && protocol === 'https:' && target.protocol === 'http:');
  if (!isSame)
    return {
      refused: `The API names a next page at ${target.origin}, which is not its own origin ${origin}: it is not followed.`,
    };
  return { next: { path: target.pathname + target.search }, isCertain: true };
}

const NO_URL =
  'The API names a next page, but not by a URL. If it is a value for an argument, the setting "pagination" can say so.';

type Counted = Extract<PaginationPlan, { readonly kind: 'page' | 'offset' }>;

function nextCounted(paged: Paged, { value, list }: Found, plan: Counted, step: number): Next {
  const { argument, first } = plan;
  const current = countOf(paged.arguments[argument]) ?? first;
  if (!list || list.length === 0) return LAST;
  const next: PagePosition = { arguments: { [argument]: current + step } };
  const isMore = hasMore(value, plan, { paged, current, count: list.length });
  if (isMore === undefined) return isShort(list.length, plan, paged) ? LAST : { next };
  return isMore ? { next, isCertain: true } : LAST;
}

interface Progress {
  readonly paged: Paged;
  /** The number of this page, or of its first item. */
  readonly current: number;
  readonly count: number;
}

/** What the response says about the end; `undefined` if nothing. */
function hasMore(value: unknown, plan: Counted, { paged, current, count }: Progress): boolean | undefined {
  const more = valueAt(value, plan.more);
  if (typeof more === 'boolean') return more;
  const last = valueAt(value, plan.last);
  if (typeof last === 'boolean') return !last;
  const pages = numberAt(value, plan.pages);
  if (pages !== undefined && plan.kind === 'page') return current - plan.first + 1 < pages;
  const total = numberAt(value, plan.total);
  if (total === undefined) return undefined;
  if (plan.kind === 'offset') return current - plan.first + count < total;
  const before = current - plan.first;
  const size = sizeOf(plan, paged);
  if (before === 0) return count < total;
  if (size !== undefined && before * size + count < total) return true;
  if (size !== undefined && isKept(plan, paged)) return false;
  // Earlier pages were at least as long as this one.
  return (before + 1) * count < total ? undefined : false;
}

/** A page that is shorter than it may be is the last one. */
function isShort(count: number, plan: Counted, paged: Paged): boolean {
  const size = sizeOf(plan, paged);
  return size !== undefined && count < size && isKept(plan, paged);
}

/** Whether pages are as long as is wanted. An API may silently return less, unless its document has a maximum. */
const isKept = ({ size }: Counted, { arguments: args }: Paged): boolean =>
  size !== undefined && (size.isBounded || countOf(args[size.argument]) === undefined);

const sizeOf = ({ size }: Counted, { arguments: args }: Paged): number | undefined =>
  size && (countOf(args[size.argument]) ?? size.default);

/** Models write numbers as texts, too. */
function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** The value at the end of the names; `undefined` if there is none. */
export function valueAt(value: unknown, path: AnswerPath | undefined): unknown {
  if (path === undefined) return undefined;
  let found = value;
  for (const name of path) found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

const numberAt = (value: unknown, path: AnswerPath | undefined): number | undefined => countOf(valueAt(value, path));

interface FoundList {
  readonly path: AnswerPath;
  readonly items: readonly unknown[];
}

/** The list where the plan says; otherwise the response itself, or its only list. */
function listIn(value: unknown, path: AnswerPath | undefined): FoundList | undefined {
  const planned = path === undefined ? undefined : valueAt(value, path);
  if (path && Array.isArray(planned)) return { path, items: planned };
  if (Array.isArray(value)) return { path: [], items: value };
  if (!isRecord(value)) return undefined;
  const lists = listsOf(value, []);
  const nested =
    lists.length > 0
      ? lists
      : Object.entries(value).flatMap(([name, inner]) => (isRecord(inner) ? listsOf(inner, [name]) : []));
  return nested.length === 1 ? nested[0] : undefined;
}

const listsOf = (value: Readonly<Record<string, unknown>>, path: AnswerPath): readonly FoundList[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    Array.isArray(inner) ? [{ path: [...path, name], items: inner }] : [],
  );
