import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromRoot } from '../../../cli/started.test.fixture.ts';
import { openApi, type ProxyOptions } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import { composite } from '../../compose/composite.ts';
import { namespace } from '../../compose/namespace.ts';
import { cache } from '../../middleware/index.ts';
import { withMiddleware } from '../../middleware/with-middleware.ts';
import { noteText } from '../../note.ts';
import type { CallContext, Provider, ToolResult } from '../../provider.ts';
import { hideArguments, offerDryRun } from '../../transforms/index.ts';
import { keepResults } from '../results/keep-results.ts';
import { shapeResults } from '../results/shape-results.ts';
import { searchTools } from '../search/search-tools.ts';
import { type PageResultsOptions, pageResults } from './page-results.ts';
import { type PagingApi, ROWS, sendJson, startPagingApi } from './paging-api.test.fixture.ts';

let api: PagingApi;
beforeAll(async () => {
  api = await startPagingApi();
});
beforeEach(() => {
  api.answer = undefined;
  api.requests.length = 0;
});
afterAll(() => api.close());

const SPEC = fromRoot('test-specs/pagination.yaml');
const opened = async (options: ProxyOptions = {}): Promise<Provider> =>
  (await openApi(SPEC, { cache: false, baseUrl: api.url, ...options })).provider;
const paged = async (options?: PageResultsOptions) => pageResults(await opened(), options);

const call = (provider: Provider, name: string, args: Record<string, unknown> = {}, context = callContext()) =>
  provider.callTool({ name, arguments: args }, context);
const dataOf = ({ content }: ToolResult) => JSON.parse(content[0]?.type === 'text' ? content[0].text : 'null');
const notesOf = ({ content }: ToolResult) => content.flatMap((block) => noteText(block) ?? []).join('\n');
const textsOf = ({ content }: ToolResult) =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
const cursorOf = (result: ToolResult) => / with (?:page_)?cursor: "([^"]+)"/.exec(notesOf(result))?.[1];
const rowsOf = (result: ToolResult) => {
  const data = dataOf(result);
  if (Array.isArray(data)) return data;
  return Object.values(data).find((value): value is unknown[] => Array.isArray(value));
};

/** Operations of the document with pages, and the names that `cursor` and `max_items` have there. */
const PATTERNS = [
  ['byNextUrl', 'cursor'],
  ['byToken', 'cursor'],
  ['byMetadataToken', 'page_cursor'],
  ['byLastItem', 'cursor'],
  ['byLink', 'cursor'],
  ['byPage', 'cursor'],
  ['byPageFromZero', 'cursor'],
  ['byOffset', 'cursor'],
  ['searchRows', 'page_cursor'],
  ['declared', 'cursor'],
  ['pageable', 'cursor'],
  ['linked', 'cursor'],
  // Only its response tells.
  ['top', 'cursor'],
] as const;

describe('every way to page', () => {
  test.each(PATTERNS)('%s: a cursor leads from page to page, to the last one', async (name, cursor) => {
    const provider = await paged();
    const lengths: (number | undefined)[] = [];
    const rows: unknown[] = [];
    let next: string | undefined;
    do {
      const result = await call(provider, name, next === undefined ? {} : { [cursor]: next });
      expect(result.isError).toBeUndefined();
      lengths.push(rowsOf(result)?.length);
      rows.push(...(rowsOf(result) ?? []));
      next = cursorOf(result);
    } while (next !== undefined && lengths.length < 10);
    expect(lengths.filter((length) => length !== 0)).toEqual([3, 3, 3, 1]);
    expect(rows).toEqual(name === 'byMetadataToken' ? ROWS.map(({ id }) => id) : ROWS);
  });

  test.each(PATTERNS)('%s: max_items collects all pages', async (name) => {
    const result = await call(await paged(), name, { max_items: 1_000 });
    expect(rowsOf(result)).toEqual(name === 'byMetadataToken' ? ROWS.map(({ id }) => id) : ROWS);
    expect(notesOf(result)).toMatch(/^Collected 10 items from [45] pages( of 10)?\.$|^Collected 10 items of 10 from/);
    expect(cursorOf(result)).toBeUndefined();
  });
});

describe('the list of tools', () => {
  test('shows cursor and max_items where pages are known, and keeps the arguments of the API', async () => {
    const provider = await paged({ maxItems: 500 });
    const tools = new Map((await provider.listTools({})).map((tool) => [tool.name, tool.inputSchema]));
    expect(Object.keys(tools.get('byToken')?.properties ?? {})).toEqual([
      'pageToken',
      'pageSize',
      'cursor',
      'max_items',
    ]);
    expect(tools.get('byToken')?.properties?.max_items).toMatchObject({ minimum: 1, maximum: 500 });
    expect(Object.keys(tools.get('byMetadataToken')?.properties ?? {})).toEqual(['cursor', 'page_cursor', 'max_items']);
    expect(Object.keys(tools.get('top')?.properties ?? {})).toEqual(['limit']);
    expect(await provider.listTools({})).toBe(await provider.listTools({}));
  });

  test('arguments of the API still choose a page', async () => {
    const result = await call(await paged(), 'byPage', { page: 3 });
    expect(rowsOf(result)).toEqual(ROWS.slice(6, 9));
    const next = await call(await paged(), 'byPage', { page: 4 });
    expect(rowsOf(next)).toEqual(ROWS.slice(9));
    expect(cursorOf(next)).toBeUndefined();
  });
});

describe('collecting', () => {
  test('stops at max_items within a page, and the cursor goes on with the next item', async () => {
    const provider = await paged();
    const first = await call(provider, 'byToken', { max_items: 4 });
    expect(rowsOf(first)).toEqual(ROWS.slice(0, 4));
    expect(notesOf(first)).toContain('Collected 4 items from 2 pages.');
    const second = await call(provider, 'byToken', { max_items: 4, cursor: cursorOf(first) });
    expect(rowsOf(second)).toEqual(ROWS.slice(4, 8));
    // Without max_items: the rest of that page.
    const third = await call(provider, 'byToken', { cursor: cursorOf(second) });
    expect(rowsOf(third)).toEqual(ROWS.slice(8, 9));
    expect(rowsOf(await call(provider, 'byToken', { cursor: cursorOf(third) }))).toEqual(ROWS.slice(9));
  });

  test('starts where the arguments of the API say', async () => {
    const provider = await paged();
    const first = await call(provider, 'byPage', { page: 2, max_items: 4 });
    expect(rowsOf(first)).toEqual(ROWS.slice(3, 7));
    expect(rowsOf(await call(provider, 'byPage', { cursor: cursorOf(first), max_items: 100 }))).toEqual(ROWS.slice(7));
    const part = await call(provider, 'byPage', { page: 2, max_items: 1 });
    expect(rowsOf(await call(provider, 'byPage', { cursor: cursorOf(part) }))).toEqual(ROWS.slice(4, 6));
  });

  test.each([
    ['byPage', {}],
    ['byOffset', {}],
    ['byPage', { total: 10 }],
    ['byPageFromZero', { totalElements: 10 }],
  ])('%s: an API that returns shorter pages than are wanted loses nothing', async (name, signs) => {
    api.answer = (url, response) => {
      const page = Number(url.searchParams.get('page') ?? 0) - (name === 'byPage' ? 1 : 0);
      const start = name === 'byOffset' ? Number(url.searchParams.get('offset') ?? 0) : Math.max(0, page) * 3;
      const rows = ROWS.slice(start, start + 3);
      if (name === 'byPage') return sendJson(response, rows);
      return sendJson(response, { [name === 'byOffset' ? 'rows' : 'content']: rows, ...signs });
    };
    const size = { byPage: 'per_page', byOffset: 'limit', byPageFromZero: 'size' }[name] ?? '';
    expect(rowsOf(await call(await paged(), name, { [size]: 100, max_items: 100 }))).toEqual(ROWS);
  });

  test('says so if a page was cut', async () => {
    const items = Array.from({ length: 200 }, (_, id) => ({ id, text: 'x'.repeat(60) }));
    api.answer = (url, response) =>
      sendJson(response, { items, ...(!url.searchParams.has('pageToken') && { nextPageToken: 'b' }) });
    const provider = pageResults(await opened({ maxResultBytes: 8_000 }));
    const result = await call(provider, 'byToken', { max_items: 1_000 });
    expect(notesOf(result)).toMatch(/^Collected \d+ items from \d pages?\.\n\d+ items of these pages are missing/);
  });

  test('keeps the form of the response, and its structured content', async () => {
    const provider = await paged();
    const result = await call(provider, 'byOffset', { max_items: 100 });
    expect(dataOf(result)).toEqual({ rows: ROWS, total: 10 });
    expect(result.structuredContent).toMatchObject({ rows: ROWS, total: 10 });
    const list = await call(provider, 'byPage', { max_items: 100 });
    expect(list.structuredContent).toMatchObject({ result: ROWS });
  });

  test('keeps the digits of numbers', async () => {
    api.answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end('{"items":[{"id":12345678901234567890,"price":1.10}]}');
      return true;
    };
    const result = await call(await paged(), 'byToken', { max_items: 100 });
    expect(textsOf(result)).toContain('{"items":[{"id":12345678901234567890,"price":1.10}]}');
  });

  test('reports its progress after each page', async () => {
    const reports: unknown[] = [];
    const context = callContext({ progress: (progress) => void reports.push(progress) });
    await call(await paged(), 'byToken', { max_items: 100 }, context);
    expect(reports).toEqual([
      { progress: 3, message: 'page 1, 3 items' },
      { progress: 6, message: 'page 2, 6 items' },
      { progress: 9, message: 'page 3, 9 items' },
      { progress: 10, message: 'page 4, 10 items' },
    ]);
  });

  test('an error in the middle keeps what there is, and the cursor tries that page again', async () => {
    api.answer = (url, response) =>
      url.searchParams.get('pageToken') === '6' && sendJson(response, { message: 'broken' }, 500);
    const provider = await paged();
    const result = await call(provider, 'byToken', { max_items: 100 });
    expect(result.isError).toBeUndefined();
    expect(rowsOf(result)).toEqual(ROWS.slice(0, 6));
    expect(notesOf(result)).toContain('Collected 6 items from 2 pages.\nPage 3 failed: ');
    expect(notesOf(result)).toContain('500');
    api.answer = undefined;
    const rest = await call(provider, 'byToken', { max_items: 100, cursor: cursorOf(result) });
    expect(rowsOf(rest)).toEqual(ROWS.slice(6));
  });

  test('an error on the first page is the result', async () => {
    api.answer = (_, response) => sendJson(response, { message: 'broken' }, 500);
    const result = await call(await paged(), 'byToken', { max_items: 100 });
    expect(result.isError).toBe(true);
  });

  test('ends after a cancellation', async () => {
    const controller = new AbortController();
    const context = callContext({ signal: controller.signal, progress: () => controller.abort() });
    const result = await call(await paged(), 'byToken', { max_items: 100 }, context);
    expect(rowsOf(result)).toEqual(ROWS.slice(0, 3));
    expect(notesOf(result)).toContain('The call was cancelled.');
    expect(api.requests).toHaveLength(1);
  });

  test('no page is stored if one must not be', async () => {
    api.answer = (url, response) => {
      if (url.searchParams.get('pageToken') === '3') response.setHeader('Cache-Control', 'no-store');
      return false;
    };
    const provider = keepResults(await paged(), { maxTokens: 500 });
    api.answer = (url, response) => {
      const start = Number(url.searchParams.get('pageToken') ?? 0);
      if (start === 1) response.setHeader('Cache-Control', 'no-store');
      const items = Array.from({ length: 20 }, (_, index) => ({ id: `${start}-${index}`, name: 'x'.repeat(90) }));
      return sendJson(response, { items, ...(start < 2 && { nextPageToken: `${start + 1}` }) });
    };
    const result = await call(provider, 'byToken', { max_items: 100 });
    expect(notesOf(result)).toContain('must not be stored');
  });

  test('a response without a list is one page', async () => {
    api.answer = (_, response) => sendJson(response, { message: 'nothing' });
    const result = await call(await paged(), 'byToken', { max_items: 100 });
    expect(dataOf(result)).toEqual({ message: 'nothing' });
    expect(notesOf(result)).toBe('The result has no list that could be collected: this is one page.');
  });
});

describe('guards', () => {
  const requested = () => api.requests.length;

  test('a token that comes back', async () => {
    api.answer = (url, response) => {
      const token = url.searchParams.get('pageToken');
      return sendJson(response, { items: [{ id: token ?? '' }], nextPageToken: token === 'a' ? 'b' : 'a' });
    };
    const result = await call(await paged(), 'byToken', { max_items: 100 });
    expect(notesOf(result)).toContain('its pages form a loop');
    expect(requested()).toBe(3);
  });

  test('the same page as the next one, without max_items', async () => {
    api.answer = (_, response) => sendJson(response, { items: [{ id: '1' }], nextPageToken: 'a' });
    const provider = await paged();
    const result = await call(provider, 'byToken', { cursor: cursorOf(await call(provider, 'byToken')) });
    expect(notesOf(result)).toBe('The API names this same page as the next one: there is no way on.');
  });

  test('an API that ignores the number of the page', async () => {
    let count = 0;
    api.answer = (_, response) => sendJson(response, { rows: ROWS.slice(0, 3), total: 100, request: count++ });
    const result = await call(await paged(), 'byOffset', { max_items: 100 });
    expect(rowsOf(result)).toEqual(ROWS.slice(0, 3));
    expect(notesOf(result)).toContain('The API returned the same page twice');
    expect(requested()).toBe(2);
  });

  test('an empty page with a next one: the cursor still goes on', async () => {
    api.answer = (url, response) =>
      sendJson(
        response,
        url.searchParams.has('pageToken') ? { items: [{ id: 'late' }] } : { items: [], nextPageToken: 'n' },
      );
    const provider = await paged();
    const result = await call(provider, 'byToken', { max_items: 100 });
    expect(notesOf(result)).toContain('A page was empty although another one follows.');
    expect(rowsOf(await call(provider, 'byToken', { cursor: cursorOf(result) }))).toEqual([{ id: 'late' }]);
  });

  test('too many pages', async () => {
    const result = await call(await paged({ maxPages: 2 }), 'byToken', { max_items: 100 });
    expect(rowsOf(result)).toEqual(ROWS.slice(0, 6));
    expect(notesOf(result)).toContain('2 pages were read, which is the limit.');
    expect(cursorOf(result)).toBeDefined();
  });

  test('too many bytes for a result that nobody keeps, and more if somebody does', async () => {
    const large = (url: URL) => ({ id: url.search, text: 'x'.repeat(30_000) });
    api.answer = (url, response) => {
      const start = Number(url.searchParams.get('pageToken') ?? 0);
      return sendJson(response, { items: [large(url)], ...(start < 9 && { nextPageToken: `${start + 1}` }) });
    };
    const provider = await paged();
    const plain = await call(provider, 'byToken', { max_items: 100 });
    expect(rowsOf(plain)).toHaveLength(3);
    expect(notesOf(plain)).toContain('The items together may have 100000 bytes.');
    const rest = await call(provider, 'byToken', { max_items: 1, cursor: cursorOf(plain) });
    expect(rowsOf(rest)).toMatchObject([{ id: '?pageToken=3' }]);
    const kept = await call(provider, 'byToken', { max_items: 100 }, callContext({ uncut: true }));
    expect(rowsOf(kept)).toHaveLength(10);
  });

  test.each([
    ['http://other.example/by-next-url?from=3', 'http://other.example'],
    ['https://127.0.0.1/by-next-url', 'https://127.0.0.1'],
    ['//other.example/x', 'http://other.example'],
    ['file:///etc/passwd', 'null'],
  ])('%s is another origin, so it is not followed', async (next, origin) => {
    api.answer = (_, response) => sendJson(response, { data: [{ id: '1' }], links: { next } });
    const provider = await paged();
    const refused = `The API names a next page at ${origin}, which is not its own origin ${api.url}: it is not followed.`;
    expect(notesOf(await call(provider, 'byNextUrl'))).toBe(refused);
    expect(notesOf(await call(provider, 'byNextUrl', { max_items: 10 }))).toContain(refused);
    expect(requested()).toBe(2);
  });

  test('a path that looks like another host stays on the server', async () => {
    api.answer = (url, response) =>
      sendJson(response, {
        data: [{ id: url.pathname }],
        links: { next: url.pathname === '/by-next-url' ? `${api.url}//evil.example/x` : null },
      });
    const result = await call(await paged(), 'byNextUrl', { max_items: 10 });
    expect(rowsOf(result)).toHaveLength(2);
    expect(api.requests).toEqual(['GET /by-next-url', 'GET //evil.example/x']);
  });
});

describe('a cursor', () => {
  const refused = async (result: Promise<ToolResult>) => {
    const { isError, content } = await result;
    return [isError, content[0]?.type === 'text' ? content[0].text : ''];
  };
  const FOREIGN =
    'Invalid arguments: cursor: this cursor is not one that this server gave to you: copy it exactly as it was returned. It may also be from before the server was restarted. Call the tool without it to start from the first page. Nothing was sent.';
  const as = (id: string): CallContext => callContext({ caller: { id, scopes: [] } });

  test('of another operation', async () => {
    const provider = await paged();
    const cursor = cursorOf(await call(provider, 'byToken'));
    api.requests.length = 0;
    expect(await refused(call(provider, 'byPage', { cursor }))).toEqual([
      true,
      'Invalid arguments: cursor: this cursor belongs to the tool "byToken". Pass it to that tool, or leave it out. Nothing was sent.',
    ]);
    expect(api.requests).toEqual([]);
  });

  test('of a call with other arguments', async () => {
    const provider = await paged();
    const cursor = cursorOf(await call(provider, 'byToken', { pageSize: 3 }));
    expect(await refused(call(provider, 'byToken', { cursor, pageSize: 4 }))).toEqual([
      true,
      'Invalid arguments: cursor: this cursor belongs to a call with other arguments. Repeat those of the call that returned it. Nothing was sent.',
    ]);
  });

  test('that has expired', async () => {
    const provider = await paged({ ttlMs: 1 });
    const cursor = cursorOf(await call(provider, 'byToken'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await refused(call(provider, 'byToken', { cursor }))).toEqual([
      true,
      'Invalid arguments: cursor: this cursor has expired. Call the tool without it to start from the first page. Nothing was sent.',
    ]);
  });

  test('that was changed, invented, or given to another caller', async () => {
    const provider = await paged();
    const cursor = cursorOf(await call(provider, 'byNextUrl', {}, as('ann'))) ?? '';
    const [payload = '', mac] = cursor.split('.');
    const forged = btoa(atob(payload.replaceAll('-', '+').replaceAll('_', '/')).replace('from=3', 'from=9')).replace(
      /=+$/,
      '',
    );
    for (const wrong of [`${forged}.${mac}`, payload, `${cursor}.x`, '', 'abc.def', '💥', `${cursor}a`])
      expect(await refused(call(provider, 'byNextUrl', { cursor: wrong }, as('ann')))).toEqual([true, FOREIGN]);
    expect(await refused(call(provider, 'byNextUrl', { cursor }, as('bob')))).toEqual([true, FOREIGN]);
    expect(rowsOf(await call(provider, 'byNextUrl', { cursor }, as('ann')))).toEqual(ROWS.slice(3, 6));
  });

  test('of another process, unless they share a key', async () => {
    const cursor = cursorOf(await call(await paged(), 'byToken'));
    expect(await refused(call(await paged(), 'byToken', { cursor }))).toEqual([true, FOREIGN]);
    const shared = { key: 'a secret of all processes' };
    const other = cursorOf(await call(await paged(shared), 'byToken'));
    expect(rowsOf(await call(await paged(shared), 'byToken', { cursor: other }))).toEqual(ROWS.slice(3, 6));
  });

  test('together with an argument that says which page is wanted', async () => {
    const provider = await paged();
    const cursor = cursorOf(await call(provider, 'byPage', { page: 2 }));
    expect(await refused(call(provider, 'byPage', { cursor, page: 2 }))).toEqual([
      true,
      'Invalid arguments: cursor and page both say which page is wanted. Leave out page to go on after the last result, or cursor to choose a page yourself. Nothing was sent.',
    ]);
    expect(rowsOf(await call(provider, 'byPage', { cursor }))).toEqual(ROWS.slice(6, 9));
  });

  test.each([
    [{ cursor: 3 }, 'cursor: must be the text from the note on the last result.'],
    [{ max_items: 0 }, 'max_items: must be an integer from 1 to 10000.'],
    [{ max_items: '5' }, 'max_items: must be an integer from 1 to 10000.'],
    [{ max_items: 10_001 }, 'max_items: must be an integer from 1 to 10000.'],
  ])('%j', async (args, problem) => {
    expect(await refused(call(await paged(), 'byToken', args))).toEqual([
      true,
      `Invalid arguments: ${problem} Nothing was sent.`,
    ]);
    expect(api.requests).toEqual([]);
  });

  test.each([
    [{ key: 'short' }, '"key" must have at least 16 characters'],
    [{ maxItems: 20_000 }, 'pageResults(): "maxItems" must be'],
    [{ limit: 3 }, 'Write "maxItems".'],
  ])('options %j', async (options, message) => {
    const provider = await opened();
    expect(() => pageResults(provider, options as PageResultsOptions)).toThrow(message);
  });
});

describe('requests of pages go the way of all requests', () => {
  test('with the credential, also where the API repeats its own URL without it', async () => {
    const api2 = await openApi(
      {
        openapi: '3.1.0',
        info: { title: 'Keyed', version: '1' },
        servers: [{ url: api.url }],
        security: [{ key: [] }],
        components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } },
        paths: {
          '/rows': {
            get: {
              operationId: 'rows',
              responses: {
                200: {
                  description: 'ok',
                  content: {
                    'application/json': {
                      schema: {
                        type: 'object',
                        properties: {
                          data: { type: 'array', items: { type: 'object' } },
                          next: { type: 'string', format: 'uri' },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
      { cache: false, auth: { key: 's3cret' } },
    );
    api.answer = (url, response) => {
      const next = url.searchParams.has('at') ? null : `${url.href}&at=2`;
      return sendJson(response, { data: [{ id: url.search.replace('s3cret', '…') }], next });
    };
    const provider = pageResults(api2.provider);
    const first = await call(provider, 'rows');
    expect(JSON.stringify(first)).not.toContain('s3cret');
    const [payload = ''] = (cursorOf(first) ?? '').split('.');
    expect(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('s3cret');
    await call(provider, 'rows', { cursor: cursorOf(first) });
    expect(api.requests).toEqual(['GET /rows?api_key=s3cret', 'GET /rows?at=2&api_key=s3cret']);
    await api2.provider.close();
  });

  test('each page is cached as itself', async () => {
    const provider = pageResults(withMiddleware(await opened(), cache({ ttlMs: 60_000 })));
    for (let round = 0; round < 2; round++) {
      expect(rowsOf(await call(provider, 'byNextUrl', { max_items: 100 }))).toEqual(ROWS);
      expect(rowsOf(await call(provider, 'byPage', { max_items: 100 }))).toEqual(ROWS);
    }
    expect(api.requests).toHaveLength(8);
  });

  test('hidden arguments still page', async () => {
    const provider = pageResults(await hideArguments(await opened(), { byPage: ['page'] }));
    expect(rowsOf(await call(provider, 'byPage', { max_items: 100 }))).toEqual(ROWS);
  });

  test('a token that the API would not accept is refused before it is sent', async () => {
    api.answer = (_, response) => sendJson(response, { items: [{ id: '1' }], nextPageToken: 5 });
    await call(await paged(), 'byToken', { max_items: 2 });
    // A number where a text is expected is sent as one.
    expect(api.requests[1]).toBe('GET /by-token?pageToken=5');
  });

  test('a dry run shows the request of the next page', async () => {
    const provider = offerDryRun(await paged());
    const cursor = cursorOf(await call(provider, 'searchRows', { words: 'a' }));
    const shown = await call(provider, 'searchRows', { words: 'a', page_cursor: cursor, dry_run: true });
    expect(textsOf(shown)).toContain('"cursor":"3"');
    expect(api.requests).toHaveLength(1);
  });
});

describe('around other parts', () => {
  test('in a composite, and of one of its parts that pages nothing', async () => {
    const whole = pageResults(
      composite([namespace(await opened(), 'one'), namespace(await opened({ include: ['id:top'] }), 'two')]),
    );
    const first = await call(whole, 'one_byToken');
    expect(rowsOf(await call(whole, 'one_byToken', { cursor: cursorOf(first) }))).toEqual(ROWS.slice(3, 6));
    expect(rowsOf(await call(whole, 'two_top', { max_items: 100 }))).toEqual(ROWS);
  });

  test('in search mode', async () => {
    const provider = await searchTools(await paged());
    const call_tool = (args: object) => call(provider, 'call_tool', { name: 'byToken', arguments: args });
    const first = await call_tool({});
    expect(rowsOf(await call_tool({ cursor: cursorOf(first) }))).toEqual(ROWS.slice(3, 6));
    expect(rowsOf(await call_tool({ max_items: 100 }))).toEqual(ROWS);
    const described = await call(provider, 'describe_tools', { names: ['byToken'] });
    expect(textsOf(described)).toContain('max_items');
  });

  test('fields shape what was collected, and large collections are kept', async () => {
    const shaped = shapeResults(pageResults(await opened({ answerSchemas: 'all' })));
    const result = await call(shaped, 'byOffset', { max_items: 5, fields: ['rows.id'] });
    expect(dataOf(result)).toEqual({ rows: ROWS.slice(0, 5).map(({ id }) => ({ id })) });
    expect(cursorOf(result)).toBeDefined();
    api.answer = (url, response) => {
      const start = Number(url.searchParams.get('pageToken') ?? 0);
      const items = Array.from({ length: 50 }, (_, index) => ({ id: start * 50 + index, name: 'x'.repeat(50) }));
      return sendJson(response, { items, ...(start < 9 && { nextPageToken: `${start + 1}` }) });
    };
    const keeping = keepResults(await paged(), { maxTokens: 1_000 });
    const cut = await call(keeping, 'byToken', { max_items: 500 });
    expect(notesOf(cut)).toContain('of 500 items of `items`');
    const handle = /handle: "([^"]+)"/.exec(notesOf(cut))?.[1];
    // For hosts that show a model nothing else.
    const more = await call(keeping, 'byToken', { max_items: 400 });
    expect(more.structuredContent).toMatchObject({ 'openapi-mcp/next': { cursor: cursorOf(more) } });
    const rest = await call(keeping, 'read_result', { handle, path: 'items', from: 499 });
    expect(dataOf(rest)).toMatchObject([{ id: 499 }]);
  });

  test('a tool that does not call an API is left alone', async () => {
    const { createServer } = await import('../../server.ts');
    const server = createServer({ name: 's', version: '1' });
    server.tool(
      'echo',
      { input: { type: 'object', properties: { cursor: { type: 'string' } } } as never },
      () => 'fine',
    );
    const provider = pageResults(server);
    expect(await provider.listTools({})).toEqual(await server.listTools({}));
    expect(textsOf(await call(provider, 'echo', { cursor: 'mine' }))).toBe('fine');
  });
});

test('a page that is nested too deeply is returned as it is', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  api.answer = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', Link: '</by-link?page=2>; rel="next"' }).end(deep);
    return true;
  };
  const result = await call(await paged(), 'byLink', { max_items: 5 });
  expect(textsOf(result)).toContain(deep);
});
