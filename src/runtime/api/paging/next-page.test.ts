import { describe, expect, test } from 'vitest';
import type { Operation, PagePlan, PaginationPlan } from '../../../model/index.ts';
import type { PageReport } from '../../page-meta.ts';
import { pageLinks } from './link-header.ts';
import { pageReport } from './next-page.ts';

interface Given {
  readonly plan?: PaginationPlan;
  readonly value: unknown;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly link?: string;
  readonly method?: string;
  readonly url?: string;
  readonly serverUrl?: string;
}

const integer = { type: 'integer' } as const;
const properties = { page: integer, size: integer, offset: integer, token: { type: 'string' } } as const;

/** What is read of an operation. */
const operationOf = (method: string, pagination: PaginationPlan | undefined): Operation =>
  ({
    request: { method },
    response: { ...(pagination && { pagination }) },
    arguments: { properties },
  }) as unknown as Operation;

function reportOf({ plan, value, args = {}, link, method = 'GET', ...urls }: Given): PageReport {
  return pageReport({
    operation: operationOf(method, plan),
    schemas: {},
    arguments: args,
    answer: { kind: 'json', value, text: JSON.stringify(value), mediaType: 'application/json', notes: [] },
    headers: link === undefined ? [] : [['link', link]],
    url: 'https://api.test/v1/rows?a=1',
    serverUrl: 'https://api.test/v1',
    ...urls,
  });
}

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const BY_PAGE: PagePlan = {
  kind: 'page',
  items: ['rows'],
  positions: ['page'],
  argument: 'page',
  first: 1,
  total: ['total'],
  size: { argument: 'size', default: 10, isBounded: false },
};
const nextPage = (page: number) => ({ next: { arguments: { page } } });

describe('counted pages', () => {
  test.each<[what: string, given: Given, want: Pick<PageReport, 'next' | 'isCertain'>]>([
    ['a full page may be followed by another', { value: { rows: rows(10) } }, nextPage(2)],
    ['a short page is the last one', { value: { rows: rows(9) } }, {}],
    ['an empty page is the last one', { value: { rows: [] }, args: { page: 3 } }, {}],
    ['so is a page without a list', { value: { message: 'none' } }, {}],
    ['a total says that there are more', { value: { rows: rows(10), total: 11 } }, { ...nextPage(2), isCertain: true }],
    ['or that there are none', { value: { rows: rows(10), total: 10 } }, {}],
    ['also on later pages', { value: { rows: rows(10), total: 30 }, args: { page: 3 } }, {}],
    [
      'numbers may be texts',
      { value: { rows: rows(10), total: '25' }, args: { page: '2' } },
      { ...nextPage(3), isCertain: true },
    ],
    // The API returns 10 at most.
    [
      'a wanted size may not be kept: nothing is lost',
      { value: { rows: rows(10), total: 30 }, args: { page: 2, size: 50 } },
      nextPage(3),
    ],
    ['without a total, neither', { value: { rows: rows(10) }, args: { size: 50 } }, nextPage(2)],
    ['until there can be no more', { value: { rows: rows(10), total: 30 }, args: { page: 3, size: 50 } }, {}],
    [
      'a size with a maximum is kept',
      {
        plan: { ...BY_PAGE, size: { argument: 'size', isBounded: true } },
        value: { rows: rows(10) },
        args: { size: 50 },
      },
      {},
    ],
    [
      'a flag is believed',
      { plan: { ...BY_PAGE, more: ['more'] }, value: { rows: rows(1), more: true } },
      { ...nextPage(2), isCertain: true },
    ],
    ['the other way round', { plan: { ...BY_PAGE, last: ['last'] }, value: { rows: rows(10), last: true } }, {}],
    [
      'the number of pages is believed',
      { plan: { ...BY_PAGE, pages: ['pages'] }, value: { rows: rows(10), pages: 1 } },
      {},
    ],
    [
      'an offset goes on by what was returned',
      {
        plan: { kind: 'offset', items: ['rows'], positions: ['offset'], argument: 'offset', first: 0 },
        value: { rows: rows(7) },
        args: { offset: 20 },
      },
      { next: { arguments: { offset: 27 } } },
    ],
  ])('%s', (_, given, want) => {
    const { next, isCertain } = reportOf({ plan: BY_PAGE, ...given });
    expect({ ...(next && { next }), ...(isCertain && { isCertain }) }).toEqual(want);
  });
});

describe('a URL of the next page', () => {
  const plan: PaginationPlan = { kind: 'nextUrl', positions: [], next: ['next'] };
  test.each([
    ['https://api.test/v1/rows?b=2', '/v1/rows?b=2'],
    ['/v2/rows', '/v2/rows'],
    ['?b=2', '/v1/rows?b=2'],
    ['rows/2#top', '/v1/rows/2'],
    ['next?b=2', '/v1/next?b=2'],
    ['http://api.test/v1/rows?b=2', '/v1/rows?b=2'],
    ['HTTPS://API.TEST:443/v1', '/v1'],
  ])('%s', (next, path) => {
    expect(reportOf({ plan, value: { rows: rows(1), next } }).next).toEqual({ path });
  });

  test.each([
    'https://other.test/v1',
    '//other.test/v1',
    'https://api.test:8443/',
    'javascript://other.test/%0aalert(1)',
    'https://api.test@other.test/',
  ])('%s is refused', (next) => {
    const { next: found, refused } = reportOf({ plan, value: { next } });
    expect(found).toBeUndefined();
    expect(refused).toMatch(/^The API names a next page at .* it is not followed\.$/);
  });

  test.each(['abc', 'c29tZQ==', 'https://'])('%s is not a URL', (next) => {
    expect(reportOf({ plan, value: { rows: rows(1), next } }).refused).toMatch(/, but not by a URL\./);
  });

  test('https is never left for http', () => {
    const { refused } = reportOf({
      plan,
      value: { next: 'https://api.test/' },
      serverUrl: 'http://api.test',
      url: 'http://api.test/',
    });
    expect(refused).toContain('https://api.test');
  });

  test.each([undefined, null, '', 7, { id: 1 }])('%j is none', (next) => {
    expect(reportOf({ plan, value: { rows: rows(1), next } })).toMatchObject({ count: 1 });
    expect(reportOf({ plan, value: { rows: rows(1), next } }).next).toBeUndefined();
  });
});

describe('the header Link', () => {
  const link = '<https://api.test/v1/rows?page=9>; rel="next"';
  test('is read without a plan, for GET only', () => {
    expect(reportOf({ value: rows(2), link })).toEqual({
      next: { path: '/v1/rows?page=9' },
      isCertain: true,
      items: [],
      count: 2,
    });
    expect(reportOf({ value: rows(2), link, method: 'POST' }).next).toBeUndefined();
  });

  test('is believed before pages are counted, also that this is the last one', () => {
    expect(reportOf({ plan: BY_PAGE, value: { rows: rows(10) }, link }).next).toEqual({ path: '/v1/rows?page=9' });
    expect(reportOf({ plan: BY_PAGE, value: { rows: rows(10) }, link: '</>; rel=first' }).next).toBeUndefined();
    // Other links say nothing about pages.
    expect(reportOf({ plan: BY_PAGE, value: { rows: rows(10) }, link: '</help>; rel=help' }).next).toBeDefined();
  });

  test.each([
    [undefined, { isPaged: false }],
    ['<a>; rel=next', { next: 'a', isPaged: true }],
    ['<a>;rel="prev next"', { next: 'a', isPaged: true }],
    ['<a>; rel="prev", <b,c>; title="x, <d>; rel=next"; REL=Next', { next: 'b,c', isPaged: true }],
    ['<a>; rel="last"', { isPaged: true }],
    ['<a>; rel="nextish"', { isPaged: false }],
    ['<a>, <b>; rel="next"', { next: 'b', isPaged: true }],
    [`<${'a'.repeat(10_000)}`, { isPaged: false }],
    [`<a>${'; x="'.repeat(5_000)}`, { isPaged: false }],
    ['<'.repeat(50_000), { isPaged: false }],
  ])('%j', (header, want) => {
    expect(pageLinks(header)).toEqual(want);
  });
});

describe('a value for the next request', () => {
  const plan: PaginationPlan = { kind: 'token', positions: ['token'], argument: 'token', next: ['next'] };
  test.each([
    ['abc', { token: 'abc' }],
    [7, { token: '7' }],
    [0, { token: '0' }],
    ['', undefined],
    [null, undefined],
    [false, undefined],
    [{ a: 1 }, undefined],
  ])('%j', (next, want) => {
    expect(reportOf({ plan, value: { rows: rows(1), next } }).next).toEqual(want && { arguments: want });
  });

  test('may turn out to be a URL', () => {
    const value = { rows: rows(1), next: 'https://api.test/v1/rows?page=2' };
    expect(reportOf({ plan, value }).next).toEqual({ path: '/v1/rows?page=2' });
    expect(reportOf({ plan, value: { ...value, next: 'https://other.test/' } }).refused).toContain('other.test');
  });

  test('is a number where the argument is one', () => {
    const numbered: PaginationPlan = { ...plan, positions: ['page'], argument: 'page' };
    expect(reportOf({ plan: numbered, value: { rows: rows(1), next: '3' } }).next).toEqual({ arguments: { page: 3 } });
  });

  test('of the last item, if there are more', () => {
    const last: PaginationPlan = {
      kind: 'lastItem',
      positions: ['token'],
      argument: 'token',
      id: ['id'],
      more: ['more'],
    };
    const value = { rows: [{ id: 'a' }, { id: 'b' }], more: true };
    expect(reportOf({ plan: last, value }).next).toEqual({ arguments: { token: 'b' } });
    expect(reportOf({ plan: last, value: { ...value, more: false } }).next).toBeUndefined();
    expect(reportOf({ plan: last, value: { rows: [], more: true } }).next).toBeUndefined();
  });
});
