import { type AnswerPath, defined, type PageSize, type PaginationPlan } from '../../model/index.ts';
import type { AnswerField, AnswerShape } from './answer-shape.ts';
import { keyOf } from './key.ts';
import type { PagingArgument } from './paging-arguments.ts';

export interface Recognising {
  readonly method: string;
  readonly args: readonly PagingArgument[];
  readonly shape: AnswerShape;
  /** The document declares the header `Link`, or mentions it. */
  readonly hasLink: boolean;
}

/** The pagination that names and types of arguments and response suggest. The first rule that matches wins. */
export function recognised(given: Recognising): PaginationPlan | undefined {
  const { shape, args, method } = given;
  // Without a list, `next` and `page` are part of an entity.
  if (shape.items === undefined) return undefined;
  const shared: Shared = {
    items: shape.items,
    positions: args.filter(isPosition).map(({ argument }) => argument),
    ...sizeOf(args),
  };
  const isGet = method === 'GET';
  return (
    (isGet ? nextUrl(given, shared) : undefined) ??
    token(given, shared) ??
    lastItem(given, shared) ??
    (isGet && given.hasLink ? { kind: 'link' as const, ...shared } : undefined) ??
    page(given, shared) ??
    offset(given, shared)
  );
}

type Shared = Pick<PaginationPlan, 'items' | 'positions' | 'size'>;

// Names, all as keys: lower case, without punctuation.
const NEXT_URL =
  /^(next|nextlink|nexturl|nexturi|nexthref|odatanextlink|nextpage(uri|url|link|href)|nextrecordsurl|nextresultsurl)$/;
const LINK_FIELD = /^(href|link|url|uri)$/;
const PAGE = /^(page|pagenumber|pagenum|pageno|pagenr|pageindex|currentpage|p|pg|whichpage)$/;
const OFFSET =
  /^(offset|skip|start|startindex|startat|startfrom|from|pageoffset|startrow|startrecord|firstresult|startposition|resultoffset)$/;
const SIZE =
  /^(perpage|pagesize|pagelimit|pagelength|limit|size|count|max|maxresults|maxitems|maxkeys|maxpagesize|maxcount|top|first|rows|num|take|length|resultsperpage|itemsperpage|recordsperpage|hitsperpage|querylimit)$/;
const AFTER = /^(startingafter|startafter|after|afterid|sinceid|lastid|pageafter)$/;
const TOKEN =
  /(cursor|marker|continuation(token)?|bookmark|scrollid|startkey|(page|next|skip|sync|continue|pagination)token|pagekey)$|^(continue|after|pageafter|startingafter|next|nextpage|pagestate|pagepointer)$/;
const MORE =
  /^(hasmore|hasnext|hasnextpage|istruncated|moreavailable|morepages|hasmorepages|hasmoreitems|more|moreresults)$/;
const LAST = /^(last|islast|islastpage|lastpage|endofresults|endoflist)$/;
const TOTAL =
  /^(total|totalcount|totalitems|totalresults|totalelements|totalrecords|totalsize|totalhits|totalentries|totalnumber|totalrows|numfound)$/;
const PAGES = /^(totalpages|pagecount|pages|numpages|lastpage|pagestotal|totalpagecount)$/;

function nextUrl({ shape, args }: Recognising, shared: Shared): PaginationPlan | undefined {
  const found = shape.fields.find((field) => isNextUrl(field, args));
  return found && { kind: 'nextUrl', ...shared, next: found.path };
}

function isNextUrl(
  { path, key, types, format = '', example, description }: AnswerField,
  args: readonly PagingArgument[],
): boolean {
  if (types.size > 0 && !types.has('string')) return false;
  const parent = keyOfParent(path);
  if (parent === 'next') return LINK_FIELD.test(key);
  const isUrl = /^ur[il]/.test(format) || isUrlText(example) || /\b(url|uri|link)\b/i.test(description);
  if (/^nextpage$/.test(key)) return isUrl;
  if (!NEXT_URL.test(key)) return false;
  // `next` alone may be a token for an argument.
  if (key !== 'next' || isUrl || /links$/.test(parent)) return true;
  return !/^cursors?$/.test(parent) && !args.some((argument) => argument.isText && TOKEN.test(argument.key));
}

const isUrlText = (value: unknown): boolean => typeof value === 'string' && /^(https?:\/\/|[/?])/.test(value);

const keyOfParent = (path: AnswerPath): string => keyOf(path.at(-2) ?? '');

function token({ shape, args }: Recognising, shared: Shared): PaginationPlan | undefined {
  const scalars = shape.fields.filter(({ types }) => !types.has('boolean') && !types.has('array'));
  for (const isPair of PAIRS) {
    for (const field of scalars) {
      const argument = args.find((candidate) => isPair(field, candidate, args));
      if (!argument) continue;
      const more = flagNamed(shape, MORE);
      const paged = { ...withPosition(shared, argument), next: field.path, argument: argument.argument };
      return { kind: 'token', ...paged, ...(more && { more }) };
    }
  }
  return undefined;
}

type IsPair = (field: AnswerField, argument: PagingArgument, args: readonly PagingArgument[]) => boolean;

/** How a value of the response can belong to an argument, the best evidence first. */
const PAIRS: readonly IsPair[] = [
  // nextPageToken ↔ pageToken, next_cursor ↔ cursor, paging.next.after ↔ after, next_page ↔ page
  (field, argument) =>
    isNext(field) && withoutNext(field) === argument.key && isPositional(argument) && fits(field, argument),
  // NextToken ↔ NextToken
  (field, argument) => isNext(field) && field.key === argument.key && fits(field, argument),
  // metadata.continue ↔ continue, cursors.after ↔ after, offset ↔ offset if it is a text
  (field, argument) =>
    field.key === argument.key &&
    argument.isText &&
    field.types.has('string') &&
    (TOKEN.test(argument.key) || argument.key === 'offset') &&
    !(argument.key === 'after' && !/cursor|paging|page/.test(keyOfParent(field.path))),
  // cursor.after ↔ after, where ids are numbers
  (field, argument) =>
    field.key === argument.key &&
    AFTER.test(argument.key) &&
    /^cursors?$/.test(keyOfParent(field.path)) &&
    fits(field, argument),
  // pageInfo.endCursor ↔ after, next_cursor ↔ starting_after
  (field, argument, args) => {
    const isToken =
      /^(endcursor|lastcursor)$/.test(field.key) ||
      (isNext(field) && /next|cursor|token|marker|key|bookmark/.test(field.key));
    if (!isToken || !field.types.has('string') || !isCursorLike(argument)) return false;
    return args.filter(isCursorLike).length === 1;
  },
];

const isCursorLike = ({ key, isText, description }: PagingArgument): boolean =>
  isText && TOKEN.test(key) && !isPointInTime(description) && key !== 'synctoken';

const isPositional = ({ key }: PagingArgument): boolean =>
  TOKEN.test(key) || PAGE.test(key) || OFFSET.test(key) || AFTER.test(key) || /token$/.test(key);

const isNext = ({ key, path }: AnswerField): boolean => key.includes('next') || keyOfParent(path) === 'next';

/** `cursor.next` is `nextcursor` in other words. */
function withoutNext({ key, path }: AnswerField): string {
  if (key !== 'next') return key.replace('next', '');
  const parent = keyOfParent(path);
  return /^cursors?$/.test(parent) ? 'cursor' : '';
}

/** Page numbers and tokens have different types. */
function fits({ types }: AnswerField, { isNumber, isText }: PagingArgument): boolean {
  if (types.size === 0) return isNumber || isText;
  if (types.has('string')) return isText;
  return (types.has('integer') || types.has('number')) && (isNumber || isText);
}

function lastItem({ shape, args }: Recognising, shared: Shared): PaginationPlan | undefined {
  // Newest first, `before` leads on.
  const argument = args.find(isAfter) ?? args.find(isBefore);
  const more = flagNamed(shape, MORE);
  if (!argument || !more) return undefined;
  if (!shape.id) {
    const last = shape.fields.find(({ key }) => key === 'lastid');
    return (
      last && { kind: 'token', ...withPosition(shared, argument), argument: argument.argument, next: last.path, more }
    );
  }
  return { kind: 'lastItem', ...withPosition(shared, argument), argument: argument.argument, id: shape.id, more };
}

const isAfter = ({ key, isNumber, isText, description }: PagingArgument): boolean =>
  AFTER.test(key) && (isNumber || isText) && !isPointInTime(description);

const isBefore = ({ key, isNumber, isText, description }: PagingArgument): boolean =>
  /^before(id)?$/.test(key) && (isNumber || isText) && !isPointInTime(description);

const isPointInTime = (description: string): boolean =>
  /\b(date|time|timestamp|iso[ -]?8601|rfc[ -]?3339|unix)\b/i.test(description) &&
  !/\b(id|cursor)\b/i.test(description);

function page({ shape, args }: Recognising, shared: Shared): PaginationPlan | undefined {
  const argument = args.find(({ key, isNumber }) => PAGE.test(key) && isNumber);
  const signs = endSigns(shape);
  if (!argument || (!shared.size && !signs.pages && !signs.more && !signs.last)) return undefined;
  const first = firstOf(argument, 1);
  return { kind: 'page', ...withPosition(shared, argument), argument: argument.argument, first, ...signs };
}

function offset({ shape, args }: Recognising, shared: Shared): PaginationPlan | undefined {
  const argument = args.find(isOffset);
  if (!argument || !shared.size) return undefined;
  const { pages: _, ...signs } = endSigns(shape);
  const first = firstOf(argument, 0);
  return { kind: 'offset', ...withPosition(shared, argument), argument: argument.argument, first, ...signs };
}

/** The document says whether counting starts at 0 or 1: by a default, a minimum, or in words. */
function firstOf({ default: preset, minimum, description, key }: PagingArgument, usual: 0 | 1): number {
  if (preset === 0 || preset === 1) return preset;
  if (
    /\b(zero|0)[ -]?(based|indexed)|(starts?|starting|begins?|beginning) (at|with|from) (0|zero)\b/i.test(description)
  )
    return 0;
  if (/\b(one|1)[ -]?(based|indexed)|(starts?|starting|begins?|beginning) (at|with|from) (1|one)\b/i.test(description))
    return 1;
  if (minimum === 0 || minimum === 1) return minimum;
  return key === 'pageindex' ? 0 : usual;
}

function endSigns(shape: AnswerShape) {
  const [more, last] = [flagNamed(shape, MORE), flagNamed(shape, LAST)];
  return defined({ more, last, total: numberNamed(shape, TOTAL), pages: numberNamed(shape, PAGES) });
}

const flagNamed = ({ fields }: AnswerShape, name: RegExp): AnswerPath | undefined =>
  fields.find(({ key, types }) => name.test(key) && types.has('boolean'))?.path;

const numberNamed = ({ fields }: AnswerShape, name: RegExp): AnswerPath | undefined =>
  fields.find(({ key, types }) => name.test(key) && (types.has('integer') || types.has('number')))?.path;

const isPosition = (argument: PagingArgument): boolean => {
  const { key, isNumber } = argument;
  return (isNumber && PAGE.test(key)) || isOffset(argument) || isCursorLike(argument);
};

/** `start` and `from` may be points in time, and any offset may be the id of an item. */
const isOffset = ({ key, isInteger, isNumber, description }: PagingArgument): boolean => {
  if (!OFFSET.test(key) || /\bidentifier\b/i.test(description)) return false;
  return /^(offset|skip)$/.test(key) ? isNumber : isInteger && !isPointInTime(description);
};

function withPosition({ positions, ...rest }: Shared, { argument }: PagingArgument): Shared {
  return { ...rest, positions: positions.includes(argument) ? positions : [...positions, argument] };
}

/** @returns nothing for a filter such as `count` of another type */
export function sizeOf(args: readonly PagingArgument[]): { readonly size?: PageSize } {
  const found = args.find(({ key, isNumber }) => SIZE.test(key) && isNumber);
  return found ? { size: pageSize(found) } : {};
}

export function pageSize({ argument, default: preset, maximum }: PagingArgument): PageSize {
  const isCount = typeof preset === 'number' && preset > 0;
  return { argument, ...(isCount && { default: preset }), isBounded: maximum !== undefined };
}
