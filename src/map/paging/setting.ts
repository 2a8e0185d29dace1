import type { AnswerPath, PaginationKind, PaginationPlan } from '../../model/index.ts';
import { given } from '../../runtime/given.ts';
import { nearest } from '../../runtime/text/nearest.ts';
import { PAGINATION_KINDS } from '../choices.ts';
import { isObject } from '../reader.ts';
import type { AnswerShape } from './answer-shape.ts';
import type { PagingArgument } from './paging-arguments.ts';
import { pageSize } from './recognise.ts';

/** Names joined by dots, or a list if a name has dots. */
export type SettingPath = string | readonly string[];

/** The pagination of an operation, as somebody who knows the API writes it; `false`: none. */
export type PaginationSetting = false | PaginationFields;

export interface PaginationFields {
  readonly kind: PaginationKind;
  /** The argument that says which page is wanted: of every kind but `nextUrl` and `link`. */
  readonly argument?: string;
  /** The argument that limits the length of a page. */
  readonly size?: string;
  /** Where the list is in the response. */
  readonly items?: SettingPath;
  /** Where the URL or value for the next page is: of `nextUrl` and `token`. */
  readonly next?: SettingPath;
  /** Of `lastItem`: the property of the last item that is sent. Default `id`. */
  readonly id?: SettingPath;
  /** Where the response says whether there are more. */
  readonly more?: SettingPath;
  /** Where the number of all items is. */
  readonly total?: SettingPath;
  /** Where the number of pages is. */
  readonly pages?: SettingPath;
  /** The number of the first page or item. Default 1 for `page`, 0 for `offset`. */
  readonly first?: number;
}

const PATHS = ['items', 'next', 'id', 'more', 'total', 'pages'] as const;
const FIELDS = ['kind', 'argument', 'size', ...PATHS, 'first'] as const;

/** Which fields a kind cannot do without. */
const NEEDED: Readonly<Record<PaginationKind, readonly (keyof PaginationFields)[]>> = {
  nextUrl: ['next'],
  token: ['next', 'argument'],
  lastItem: ['argument', 'more'],
  link: [],
  page: ['argument'],
  offset: ['argument'],
};

/** What is wrong with a setting, as the end of a sentence; `undefined` if nothing is. */
export function settingProblem(value: unknown): string | undefined {
  if (value === false) return undefined;
  if (!isObject(value)) return `must be false, or an object with "kind" (${PAGINATION_KINDS.join(', ')})`;
  const unknown = Object.keys(value).find((name) => !FIELDS.some((known) => known === name));
  if (unknown !== undefined) {
    const close = nearest(unknown, FIELDS);
    return `has the unknown field "${unknown}"${close === undefined ? ` (${FIELDS.join(', ')})` : `; did you mean "${close}"?`}`;
  }
  const kind = PAGINATION_KINDS.find((known) => known === value.kind);
  if (!kind) return `must have a "kind": ${PAGINATION_KINDS.join(', ')}`;
  const missing = NEEDED[kind].find((name) => value[name] === undefined);
  if (missing !== undefined) return `of the kind "${kind}" needs "${missing}"`;
  for (const name of ['argument', 'size'] as const) {
    if (value[name] !== undefined && !isName(value[name]))
      return `has an invalid "${name}": write the name of an argument`;
  }
  const path = PATHS.find((name) => value[name] !== undefined && !isPath(value[name], name === 'items'));
  if (path !== undefined)
    return `has an invalid "${path}": write names joined by dots (meta.next), or a list of names if one has a dot`;
  const { first } = value;
  const isCount = first === undefined || (typeof first === 'number' && Number.isInteger(first) && first >= 0);
  return isCount ? undefined : 'has an invalid "first": write 0 or 1';
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** An empty path is the response itself. */
const isPath = (value: unknown, mayBeEmpty: boolean): boolean =>
  typeof value === 'string'
    ? (mayBeEmpty && value === '') || value.split('.').every((name) => name !== '')
    : Array.isArray(value) && (mayBeEmpty || value.length > 0) && value.every(isName);

export interface Applied {
  readonly method: string;
  readonly args: readonly PagingArgument[];
  readonly shape: AnswerShape;
}

/** The plan of a setting without problems; or why it does not fit the operation, as a sentence. */
export function settledPlan(
  fields: PaginationFields,
  { method, args, shape }: Applied,
): { readonly plan: PaginationPlan } | { readonly problem: string } {
  const followsUrl = fields.kind === 'nextUrl' || fields.kind === 'link';
  if (followsUrl && method !== 'GET') return { problem: `The kind "${fields.kind}" is for GET, not ${method}.` };
  const argumentNamed = (name: string | undefined) => args.find((each) => each.argument === name);
  const unknown = [fields.argument, fields.size].find((name) => name !== undefined && !argumentNamed(name));
  if (unknown !== undefined) return { problem: unknownArgument(unknown, args) };
  const size = argumentNamed(fields.size);
  const items = fields.items === undefined ? shape.items : pathOf(fields.items);
  const { argument = '' } = fields;
  const shared = given({ items, size: size && pageSize(size) });
  const signs = given({
    more: optionalPath(fields.more),
    total: optionalPath(fields.total),
    pages: optionalPath(fields.pages),
  });
  const positions = fields.argument === undefined ? [] : [argument];
  return { plan: planOf(fields, { shared: { ...shared, positions }, signs }) };
}

function unknownArgument(name: string, args: readonly PagingArgument[]): string {
  const names = args.map(({ argument }) => argument);
  const close = nearest(name, names);
  const has = names.length === 0 ? 'none' : names.map((each) => `"${each}"`).join(', ');
  const known = close === undefined ? `It has ${has}.` : `Did you mean "${close}"?`;
  return `"${name}" is not an argument of the query or the body. ${known}`;
}

function planOf(
  { kind, argument = '', next = '', id = 'id', more = '', first }: PaginationFields,
  { shared, signs }: { readonly shared: Pick<PaginationPlan, 'items' | 'positions' | 'size'>; readonly signs: Signs },
): PaginationPlan {
  switch (kind) {
    case 'nextUrl':
      return { kind, ...shared, next: pathOf(next) };
    case 'token':
      return { kind, ...shared, argument, next: pathOf(next), ...(signs.more && { more: signs.more }) };
    case 'lastItem':
      return { kind, ...shared, argument, id: pathOf(id), more: pathOf(more) };
    case 'link':
      return { kind, ...shared };
    case 'page':
      return { kind, ...shared, argument, first: first ?? 1, ...signs };
    case 'offset':
      return { kind, ...shared, argument, first: first ?? 0, ...withoutPages(signs) };
  }
}

interface Signs {
  readonly more?: AnswerPath;
  readonly total?: AnswerPath;
  readonly pages?: AnswerPath;
}

const withoutPages = ({ pages: _, ...rest }: Signs): Signs => rest;

const optionalPath = (path: SettingPath | undefined): AnswerPath | undefined =>
  path === undefined ? undefined : pathOf(path);

function pathOf(path: SettingPath): AnswerPath {
  if (typeof path !== 'string') return path;
  return path === '' ? [] : path.split('.');
}
