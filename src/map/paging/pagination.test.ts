import { describe, expect, test } from 'vitest';
import { fromRoot } from '../../cli/started.test.fixture.ts';
import type { PaginationPlan } from '../../model/index.ts';
import { openApi } from '../../proxy.ts';
import { listedOrigin } from '../../runtime/origin-meta.ts';
import { mapPaths } from '../document.test.fixture.ts';
import type { PaginationSetting } from './setting.ts';

async function plansOf(options: Parameters<typeof openApi>[1] = {}) {
  const api = await openApi(fromRoot('test-specs/pagination.yaml'), { cache: false, ...options });
  await api.provider.close();
  const plans = api.model.operations.map(({ id, response }) => [id, response.pagination] as const);
  return { plans: new Map(plans), api };
}

const LIMIT = { argument: 'limit', isBounded: false };

describe('pagination is recognised', async () => {
  const { plans } = await plansOf();
  test.each<[operation: string, plan: PaginationPlan]>([
    ['byNextUrl', { kind: 'nextUrl', items: ['data'], positions: [], size: LIMIT, next: ['links', 'next'] }],
    [
      'byToken',
      {
        kind: 'token',
        items: ['items'],
        positions: ['pageToken'],
        size: { argument: 'pageSize', default: 3, isBounded: true },
        argument: 'pageToken',
        next: ['nextPageToken'],
      },
    ],
    [
      'byMetadataToken',
      {
        kind: 'token',
        items: ['members'],
        positions: ['cursor'],
        argument: 'cursor',
        next: ['response_metadata', 'next_cursor'],
      },
    ],
    [
      'byLastItem',
      {
        kind: 'lastItem',
        items: ['data'],
        positions: ['starting_after'],
        size: LIMIT,
        argument: 'starting_after',
        id: ['id'],
        more: ['has_more'],
      },
    ],
    [
      'byLink',
      {
        kind: 'link',
        items: [],
        positions: ['page'],
        size: { argument: 'per_page', default: 3, isBounded: false },
      },
    ],
    [
      'byPage',
      {
        kind: 'page',
        items: [],
        positions: ['page'],
        size: { argument: 'per_page', default: 3, isBounded: false },
        argument: 'page',
        first: 1,
      },
    ],
    [
      'byPageFromZero',
      {
        kind: 'page',
        items: ['content'],
        positions: ['page'],
        size: { argument: 'size', isBounded: false },
        argument: 'page',
        first: 0,
        last: ['last'],
        pages: ['totalPages'],
      },
    ],
    [
      'byOffset',
      {
        kind: 'offset',
        items: ['rows'],
        positions: ['offset'],
        size: LIMIT,
        argument: 'offset',
        first: 0,
        total: ['total'],
      },
    ],
    [
      'searchRows',
      {
        kind: 'token',
        items: ['results'],
        positions: ['cursor'],
        size: LIMIT,
        argument: 'cursor',
        next: ['next_cursor'],
      },
    ],
    [
      'declared',
      { kind: 'token', items: ['found'], positions: ['from_row'], argument: 'from_row', next: ['meta', 'following'] },
    ],
    ['pageable', { kind: 'nextUrl', items: ['value'], positions: [], next: ['@odata.nextLink'] }],
    ['linked', { kind: 'token', items: ['rows'], positions: ['at'], argument: 'at', next: ['upcoming'] }],
  ])('%s', (operation, plan) => {
    expect(plans.get(operation)).toEqual(plan);
  });

  test.each(['onePage', 'dates', 'updates', 'article', 'rendered', 'top', 'book', 'tokens', 'addRows'])(
    'not in %s, where names only look like it',
    (operation) => {
      expect(plans.has(operation)).toBe(true);
      expect(plans.get(operation)).toBeUndefined();
    },
  );
});

describe('a setting of the user wins over what is recognised', () => {
  test('by tool name or operationId: off, or another way', async () => {
    const { plans } = await plansOf({
      pagination: { byToken: false, top: { kind: 'page', argument: 'limit', items: '', first: 0 } },
    });
    expect(plans.get('byToken')).toBeUndefined();
    expect(plans.get('top')).toEqual({ kind: 'page', items: [], positions: ['limit'], argument: 'limit', first: 0 });
  });

  test('names that the document does not have are reported, and nothing changes', async () => {
    const { plans, api } = await plansOf({
      pagination: { byTokn: false, byPage: { kind: 'page', argument: 'pge' }, searchRows: { kind: 'link' } },
    });
    expect(api.notices).toEqual([
      'The pagination of "byTokn" is not used: there is no such tool or operationId. Did you mean "byToken"?',
      'The pagination of "byPage" is not used: "pge" is not an argument of the query or the body. Did you mean "page"?',
      'The pagination of "searchRows" is not used: The kind "link" is for GET, not POST.',
    ]);
    expect(plans.get('byPage')?.kind).toBe('page');
  });

  test.each<[setting: unknown, problem: string]>([
    [true, 'must be false, or an object with "kind" (nextUrl, token, lastItem, link, page, offset)'],
    [{ kind: 'pages' }, 'must have a "kind": nextUrl, token, lastItem, link, page, offset'],
    [{ kind: 'page' }, 'of the kind "page" needs "argument"'],
    [{ kind: 'token', argument: 'cursor' }, 'of the kind "token" needs "next"'],
    [{ kind: 'link', nxt: 'a' }, 'has the unknown field "nxt"; did you mean "next"?'],
    [
      { kind: 'nextUrl', next: 'meta..next' },
      'has an invalid "next": write names joined by dots (meta.next), or a list of names if one has a dot',
    ],
    [{ kind: 'page', argument: 'page', first: -1 }, 'has an invalid "first": write 0 or 1'],
    [{ kind: 'page', argument: 3 }, 'has an invalid "argument": write the name of an argument'],
  ])('%j is refused', async (setting, problem) => {
    const options = { pagination: { byPage: setting as PaginationSetting } };
    await expect(plansOf(options)).rejects.toThrow(`a pagination setting; this one ${problem}`);
  });
});

describe('x-mcp: { pagination }', () => {
  const rows = { type: 'array', items: { type: 'object' } };
  const parameters = [
    { name: 'page', in: 'query', schema: { type: 'integer' } },
    { name: 'limit', in: 'query', schema: { type: 'integer' } },
    { name: 'where', in: 'query', schema: { type: 'string' } },
  ];
  const operation = (extension: object = {}) => ({
    parameters,
    responses: { 200: { description: 'ok', content: { 'application/json': { schema: rows } } } },
    ...extension,
  });
  const planOf = (mapped: ReturnType<typeof mapPaths>) => mapped.model.operations[0]?.response.pagination;
  const messages = ({ problems }: ReturnType<typeof mapPaths>) =>
    problems.map(({ pointer, message }) => `${pointer} ${message}`);
  const setting = { pagination: { kind: 'token', argument: 'where', next: ['odd.name'] } };
  const plan = { kind: 'token', items: [], positions: ['where'], argument: 'where', next: ['odd.name'] };

  test('of an operation', () => {
    expect(planOf(mapPaths({ '/a': { get: operation({ 'x-mcp': setting }) } }))).toEqual(plan);
    expect(planOf(mapPaths({ '/a': { get: operation({ 'x-mcp': { pagination: false } }) } }))).toBeUndefined();
  });

  test.each([
    ['a path', { '/a': { 'x-mcp': setting, get: operation() } }, {}],
    ['a tag', { '/a': { get: operation({ tags: ['t'] }) } }, { tags: [{ name: 't', 'x-mcp': setting }] }],
    ['the document', { '/a': { get: operation() } }, { 'x-mcp': setting }],
  ])('of %s', (_, paths, rest) => {
    expect(planOf(mapPaths(paths, rest))).toEqual(plan);
  });

  test('an operation overrides the document', () => {
    const paths = { '/a': { get: operation({ 'x-mcp': { pagination: false } }) } };
    expect(planOf(mapPaths(paths, { 'x-mcp': setting }))).toBeUndefined();
  });

  test('what does not fit an operation is a problem there, but not if it applies to many', () => {
    const odd = { pagination: { kind: 'page', argument: 'pag' } };
    const own = mapPaths({ '/a': { get: operation({ 'x-mcp': odd }) } });
    expect(messages(own)).toEqual([
      '#/paths/~1a/get/x-mcp/pagination "pag" is not an argument of the query or the body. Did you mean "page"? It is ignored.',
    ]);
    expect(planOf(own)?.kind).toBe('page');
    expect(messages(mapPaths({ '/a': { get: operation() } }, { 'x-mcp': odd }))).toEqual([]);
  });

  test('an invalid value is reported and ignored', () => {
    const mapped = mapPaths({ '/a': { get: operation({ 'x-mcp': { pagination: { kind: 'cursor' } } }) } });
    expect(messages(mapped)).toEqual([
      '#/paths/~1a/get/x-mcp/pagination "pagination" must have a "kind": nextUrl, token, lastItem, link, page, offset. It is ignored.',
    ]);
  });
});

test('a start that lists tools, with origins too, looks for no pages', async () => {
  const { model, provider } = await openApi(fromRoot('test-specs/pagination.yaml'), { cache: false });
  await provider.listTools({});
  await provider.listTools({ origins: true });
  const isOpen = ({ response }: (typeof model.operations)[number]) =>
    Object.getOwnPropertyDescriptor(response, 'pagination')?.get !== undefined;
  expect(model.operations.filter(isOpen).length).toBeGreaterThan(10);
  const kinds = (await provider.listTools({ origins: true })).map((tool) => listedOrigin(tool)?.paging?.kind);
  expect(kinds).toContain('page');
  expect(model.operations.filter(isOpen)).toEqual([]);
  await provider.close();
});
