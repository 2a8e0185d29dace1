import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../property-runs.test.fixture.ts';
import { openApi } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import { noteText } from '../../note.ts';
import { outcomeMeta } from '../../outcome.ts';
import type { CallContext, Provider, ToolResult } from '../../provider.ts';
import { createServer } from '../../server.ts';
import { estimateTokens } from '../count.ts';
import { signature } from '../signature.ts';
import { cutToTokens } from './cut-to-tokens.ts';
import { type KeepResultsOptions, keepResults as keepResultsOf } from './keep-results.ts';
import { memoryResultStore } from './result-store.ts';
import { selectPart } from './select-part.ts';

/** A server whose tool returns what it is given as a text. */
function serverOf(result: ToolResult | string): Provider {
  const server = createServer({ name: 's', version: '1' });
  server.tool('list', {}, () => (typeof result === 'string' ? { content: [{ type: 'text', text: result }] } : result));
  server.tool('small', {}, () => 'fine');
  return server;
}

/** Hand-written tools say nothing about what they return, so the tool is listed on request. */
const keepResults = (provider: Provider, options: KeepResultsOptions = {}) =>
  keepResultsOf(provider, { listed: true, ...options });

const ROWS = Array.from({ length: 3_000 }, (_, id) => ({
  id,
  name: `row ${id}`,
  tags: ['a', 'b'],
  note: 'x'.repeat(50),
}));
const LONG = JSON.stringify({ total: ROWS.length, rows: ROWS });
const as = (id: string): CallContext => callContext({ caller: { id, scopes: [] } });
const call = (provider: Provider, name: string, args: Record<string, unknown> = {}, context = callContext()) =>
  provider.callTool({ name, arguments: args }, context);
const textOf = ({ content }: ToolResult) => (content[0]?.type === 'text' ? content[0].text : '');
const notesOf = ({ content }: ToolResult) => content.flatMap((block) => noteText(block) ?? []).join('\n');
const linkOf = ({ content }: ToolResult) =>
  content.flatMap((block) => (block.type === 'resource_link' ? [block] : []))[0];
const handleOf = (result: ToolResult) => linkOf(result)?.uri.slice('result://'.length) ?? '';

describe('a result that is too large', () => {
  test('is cut to valid JSON below the limit, and says where the rest is', async () => {
    const provider = keepResults(serverOf(LONG), { maxTokens: 2_000 });
    const result = await call(provider, 'list');
    const shown = JSON.parse(textOf(result));
    expect(shown.total).toBe(3_000);
    expect(shown.rows).toEqual(ROWS.slice(0, shown.rows.length));
    expect(estimateTokens(JSON.stringify(result))).toBeLessThanOrEqual(2_000);
    // Not less than needed, either.
    expect(estimateTokens(JSON.stringify(result))).toBeGreaterThan(1_600);
    const kept = shown.rows.length;
    expect(notesOf(result)).toContain(`Showing ${kept} of 3,000 items of \`rows\`.`);
    expect(notesOf(result)).toContain(`read_result { handle: "${handleOf(result)}", path: "rows", from: ${kept} }`);
  });

  test.each([
    [
      'the link is followed',
      async (provider: Provider, handle: string) => {
        const { contents } = await provider.readResource({ uri: `result://${handle}` }, callContext());
        return contents[0] && 'text' in contents[0] ? contents[0].text : '';
      },
    ],
    [
      'read_result gets it page by page',
      async (provider: Provider, handle: string, kept: number) => {
        const rows: unknown[] = ROWS.slice(0, kept);
        for (let from = kept; from < ROWS.length; ) {
          const page = JSON.parse(textOf(await call(provider, 'read_result', { handle, path: 'rows', from })));
          rows.push(...page);
          from += page.length;
        }
        return JSON.stringify({ total: ROWS.length, rows });
      },
    ],
  ])('the rest is reached: %s', async (_, rest) => {
    const provider = keepResults(serverOf(LONG), { maxTokens: 8_000 });
    const result = await call(provider, 'list');
    const kept = JSON.parse(textOf(result)).rows.length;
    expect(await rest(provider, handleOf(result), kept)).toBe(LONG);
  });

  test('with a promised schema, the structured content has the handle too', async () => {
    const server = createServer({ name: 's', version: '1' });
    const output = { type: 'object', properties: { rows: { type: 'array' } }, required: ['rows'] } as const;
    server.tool('list', { output }, () => ({ total: 3_000, rows: ROWS }));
    const provider = keepResults(server, { maxTokens: 4_000 });
    const { structuredContent, ...result } = await call(provider, 'list');
    const { rows, total, 'openapi-mcp/rest': rest } = structuredContent as Record<string, never>;
    expect(total).toBe(3_000);
    expect(rows).toEqual(JSON.parse(textOf(result)).rows);
    expect(rest).toMatchObject({ handle: handleOf(result), note: expect.stringContaining('of 3,000 items') });
    expect(estimateTokens(JSON.stringify({ structuredContent, ...result }))).toBeLessThanOrEqual(4_000);
  });

  test('of plain text is cut at its end, and read line by line', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} of a log`);
    const provider = keepResults(serverOf(lines.join('\n')), { maxTokens: 1_000 });
    const result = await call(provider, 'list');
    expect(lines.join('\n').startsWith(textOf(result))).toBe(true);
    const handle = handleOf(result);
    expect(textOf(await call(provider, 'read_result', { handle, from: 4_998 }))).toBe(
      'line 4998 of a log\nline 4999 of a log',
    );
    const found = await call(provider, 'read_result', { handle, search: 'LINE 4321' });
    expect(textOf(found)).toBe('4321: line 4321 of a log');
  });

  test.each(['[', '{"a":'])('of JSON that is nested too deeply is cut as text: %s', async (open) => {
    const text = `${open.repeat(20_000)}1${(open === '[' ? ']' : '}').repeat(20_000)}`;
    const provider = keepResults(serverOf(text), { maxTokens: 500 });
    const result = await call(provider, 'list');
    expect(text.startsWith(textOf(result))).toBe(true);
    const part = await call(provider, 'read_result', { handle: handleOf(result), from: 1, limit: 10 });
    expect(part.isError).toBeUndefined();
  });

  test('that must not be stored is cut and not kept', async () => {
    const secret: ToolResult = {
      content: [{ type: 'text', text: LONG }],
      _meta: outcomeMeta({ cacheControl: 'private, no-store' }),
    };
    const result = await call(keepResults(serverOf(secret), { maxTokens: 2_000 }), 'list');
    expect(linkOf(result)).toBe(undefined);
    expect(notesOf(result)).toContain('must not be stored (Cache-Control: no-store)');
  });

  test('long strings are shortened before rows are left out', async () => {
    const rows = ROWS.slice(0, 20).map((row) => ({ ...row, body: 'word '.repeat(2_000) }));
    const result = await call(keepResults(serverOf(JSON.stringify(rows)), { maxTokens: 8_000 }), 'list');
    const shown = JSON.parse(textOf(result));
    expect(shown).toHaveLength(20);
    expect(shown[19].body).toMatch(/^(?:word )+.*… \[cut: [\d,]+ of 10,000 characters\]$/);
  });
});

describe('a result that is small enough', () => {
  test('is returned as it is', async () => {
    const server = serverOf('{"a":1}');
    expect(await call(keepResults(server), 'list')).toEqual(await call(server, 'list'));
  });

  test('of an API is not cut by its own limit, because everything is kept', async () => {
    const api = createHttpServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(LONG),
    );
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    try {
      const document = {
        openapi: '3.1.0',
        info: { title: 'a', version: '1' },
        servers: [{ url: `http://127.0.0.1:${(api.address() as AddressInfo).port}` }],
        paths: { '/rows': { get: { operationId: 'list', responses: { 200: { description: 'ok' } } } } },
      };
      const { provider } = await openApi(document, { environment: {} });
      expect(textOf(await call(provider, 'list')).length).toBeLessThan(LONG.length);
      const kept = keepResults(provider, { maxTokens: 2_000 });
      const result = await call(kept, 'list');
      expect(linkOf(result)?.size).toBe(LONG.length);
      const { contents } = await kept.readResource({ uri: linkOf(result)?.uri ?? '' }, callContext());
      expect(contents[0]).toMatchObject({ mimeType: 'application/json', text: LONG });
      await kept.close();
      // A limit that somebody chose holds.
      const limited = await openApi(document, { environment: {}, maxResultBytes: 100_000 });
      const { size } = linkOf(await call(keepResults(limited.provider), 'list')) ?? {};
      expect(size).toBeLessThanOrEqual(100_000);
    } finally {
      api.close();
    }
  });
});

describe('read_result', () => {
  const opened = async (options = {}) => {
    const provider = keepResults(serverOf(LONG), { maxTokens: 2_000, ...options });
    return { provider, handle: handleOf(await call(provider, 'list')) };
  };

  test.each([
    [{ path: 'rows[2]' }, JSON.stringify(ROWS[2])],
    [{ path: 'rows[2].tags', from: 1 }, '["b"]'],
    [
      { path: 'rows', from: 10, limit: 2, fields: ['id', 'name'] },
      '[{"id":10,"name":"row 10"},{"id":11,"name":"row 11"}]',
    ],
    [{ query: 'rows[?id==`7`].name' }, '["row 7"]'],
    [{ query: 'length(rows)' }, '3000'],
    [{ path: 'rows', search: 'row 2999', fields: 'id' }, '[{"id":2999}]'],
    [{ search: 'row 2999' }, '{"rows[2999].name":"row 2999"}'],
    [{ path: 'rows[0].note', from: 48 }, '"xx"'],
  ])('%j', async (wanted, want) => {
    const { provider, handle } = await opened();
    expect(textOf(await call(provider, 'read_result', { handle, ...wanted }))).toBe(want);
  });

  test.each([
    [{ path: 'row' }, 'The result has no "row". Did you mean "rows"?'],
    [{ path: 'rows[3000]' }, '"rows" has 3000 items: 0 to 2999.'],
    [{ path: 'rows.id' }, '"rows" is a list, so it has no "id".'],
    [{ path: 'rows[' }, 'is not a path such as'],
    [{ query: 'rows[?id==' }, '"query" is not a JMESPath expression'],
    [{ query: 'abs(rows)' }, '"query" failed'],
    [{ query: 'x'.repeat(1_001) }, 'at most 1000 are allowed'],
    [{ query: Array(12).fill('[@,@]').join('|') }, '"query" repeats its input too often'],
    [{ fields: [] }, '"fields" must be a list of names'],
    [{ from: -1 }, '"from" must be a whole number'],
    [{ search: '' }, '"search" must be a text'],
    [{ pth: 'rows' }, '"pth" is not a known argument. Did you mean "path"?'],
  ])('%j is an error that says what to do', async (wanted, says) => {
    const { provider, handle } = await opened();
    const result = await call(provider, 'read_result', { handle, ...wanted });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(says);
  });

  test('a field that is not there is named, with what is', async () => {
    const { provider, handle } = await opened();
    const result = await call(provider, 'read_result', { handle, path: 'rows', limit: 1, fields: ['id', 'nam'] });
    expect(textOf(result)).toBe('[{"id":0}]');
    expect(notesOf(result)).toContain('"nam" is not in the result. Did you mean "name"?');
  });

  test('a part that is itself too large is cut, and says how to go on', async () => {
    const { provider, handle } = await opened();
    const result = await call(provider, 'read_result', { handle, path: 'rows', from: 100 });
    const page = JSON.parse(textOf(result));
    expect(page[0].id).toBe(100);
    expect(notesOf(result)).toContain(`items 100 to ${99 + page.length} of 3000. The rest: from ${100 + page.length}.`);
  });

  test('ids keep all their digits', async () => {
    const provider = keepResults(serverOf(`{"a":[${'{"id":12345678901234567890},'.repeat(2_000)}{"id":1.10}]}`), {
      maxTokens: 1_000,
    });
    const result = await call(provider, 'list');
    expect(textOf(result)).toContain('12345678901234567890');
    const read = (wanted: object) => call(provider, 'read_result', { handle: handleOf(result), ...wanted });
    expect(textOf(await read({ path: 'a', limit: 1 }))).toBe('[{"id":12345678901234567890}]');
    expect(textOf(await read({ query: 'a[0].id' }))).toBe('12345678901234567890');
    expect(textOf(await read({ path: 'a[2000]' }))).toBe('{"id":1.10}');
  });

  test('inherited properties are not data', async () => {
    const { provider, handle } = await opened();
    for (const query of ['constructor', '__proto__', 'rows[0].constructor.name', 'toString']) {
      expect(textOf(await call(provider, 'read_result', { handle, query })), query).toBe('null');
    }
    expect((await call(provider, 'read_result', { handle, path: '__proto__' })).isError).toBe(true);
  });

  test('another caller gets the same answer as for a handle that never was', async () => {
    const provider = keepResults(serverOf(LONG), { maxTokens: 2_000 });
    const handle = handleOf(await call(provider, 'list', {}, as('ada')));
    expect((await call(provider, 'read_result', { handle, path: 'total' }, as('ada'))).isError).toBe(undefined);
    const [other, never] = [
      await call(provider, 'read_result', { handle }, as('eve')),
      await call(provider, 'read_result', { handle: 'AAAAAAAAAAAAAAAAAAAAAA' }, as('eve')),
    ];
    expect(other).toEqual(never);
    expect(other.isError).toBe(true);
    await expect(provider.readResource({ uri: `result://${handle}` }, as('eve'))).rejects.toThrow('No result is kept');
  });

  test('an expired handle names the call that makes it again', async () => {
    let at = 0;
    const store = memoryResultStore({ now: () => at, idleMs: 100 });
    const { provider, handle } = await opened({ store });
    at = 99;
    expect((await call(provider, 'read_result', { handle, path: 'total' })).isError).toBe(undefined);
    at = 300;
    const gone = await call(provider, 'read_result', { handle });
    expect(textOf(gone)).toBe('This result is no longer kept. Call "list" again to get a new one.');
  });

  test('a tool of that name belongs to the provider', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool('read_result', {}, () => 'mine');
    const provider = keepResults(server);
    expect(await provider.listTools({})).toEqual(await server.listTools({}));
    expect(textOf(await call(provider, 'read_result'))).toBe('mine');
  });

  test('it can be left out of the list: the link says where the rest is', async () => {
    const provider = keepResults(serverOf(LONG), { maxTokens: 2_000, listed: false });
    expect((await provider.listTools({})).map(({ name }) => name)).toEqual(['list', 'small']);
    expect(notesOf(await call(provider, 'list'))).toMatch(/read the resource result:\/\/[\w-]{22}\./);
  });
});

test.each([
  [{ 200: { description: 'ok' } }, ['list']],
  [{ 200: { description: 'ok', content: { 'application/json': {} } } }, ['list', 'read_result']],
])('of an API, it is listed if an operation returns data: %j', async (responses, names) => {
  const { provider } = await openApi({
    openapi: '3.1.0',
    info: { title: 'a', version: '1' },
    servers: [{ url: 'https://a.test' }],
    paths: { '/rows': { get: { operationId: 'list', responses } } },
  });
  const listed = async (one: Provider) => (await one.listTools({})).map(({ name }) => name);
  expect(await listed(keepResultsOf(provider))).toEqual(names);
  const server = createServer({ name: 's', version: '1' });
  server.tool('own', {}, () => 'fine');
  expect(await listed(keepResultsOf(server))).toEqual(['own']);
  server.mount(provider);
  expect((await listed(keepResultsOf(server))).includes('read_result')).toBe(names.length > 1);
  // The tools of a list mode are not operations.
  expect(await listed(keepResultsOf(signature(provider), { source: provider }))).toEqual([
    'call_tool',
    ...names.slice(1),
  ]);
});

describe('the store', () => {
  test('is opened when the first result is cut, once, and closed with the provider', async () => {
    let opened = 0;
    let closed = 0;
    const store = async () => {
      opened++;
      return { ...memoryResultStore(), close: async () => void closed++ };
    };
    const provider = keepResults(serverOf(LONG), { maxTokens: 2_000, store });
    await call(provider, 'small');
    expect(opened).toBe(0);
    const handle = handleOf(await call(provider, 'list'));
    await call(provider, 'read_result', { handle });
    await provider.close();
    expect({ opened, closed }).toEqual({ opened: 1, closed: 1 });
  });

  const kept = (text: string) => ({ text, kind: 'text', mimeType: 'text/plain', tool: 't' }) as const;

  test('is bounded per caller and in total, and drops what was not used for longest', async () => {
    const store = memoryResultStore({ maxTotal: 100, maxPerCaller: 2 });
    const put = (owner: string, size: number) => store.put(owner, kept('x'.repeat(size)));
    const first = await put('a', 10);
    const second = await put('a', 10);
    await store.get('a', first ?? '');
    const third = await put('a', 10);
    expect(await store.get('a', second ?? '')).toEqual({ missing: 'expired', tool: 't' });
    const large = await put('b', 85);
    expect(await store.get('a', first ?? '')).toHaveProperty('missing');
    expect(await store.get('b', large ?? '')).toHaveProperty('text');
    expect(await put('b', 101)).toBe(undefined);
    expect(third).toBeDefined();
  });

  test('moves large texts elsewhere, and removes them', async () => {
    const files = new Map<number, string>();
    const store = memoryResultStore({
      spill: async (text) => {
        const id = files.size;
        files.set(id, text);
        return { read: async () => files.get(id) ?? '', remove: async () => void files.delete(id) };
      },
    });
    const text = 'y'.repeat(8_000_001);
    const handle = await store.put('a', kept(text));
    expect(await store.get('a', handle ?? '')).toMatchObject({ text });
    expect(files.size).toBe(1);
    await store.close();
    expect(files.size).toBe(0);
  });
});

test('what is shown and what is left are the complete result', () => {
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' });
  const check = fc.asyncProperty(
    fc.array(value, { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 20, max: 200 }),
    async (list, maxTokens) => {
      const text = JSON.stringify(list);
      const cut = cutToTokens(text, 'json', maxTokens);
      let shown = JSON.parse(cut.text);
      // As `read_result` does, for each place that was cut. Inner places first: an outer one changes what is around them.
      for (const { path } of [...cut.cuts].sort((one, other) => other.path.length - one.path.length)) {
        const part = await selectPart({ text, kind: 'json' }, { path });
        if ('problem' in part) throw new Error(`${path}: ${part.problem}`);
        shown = put(shown, path, JSON.parse(part.text));
      }
      expect(shown).toEqual(JSON.parse(text));
    },
  );
  return fc.assert(check, { numRuns: propertyRuns(400) });
});

/** The value with another one at a path. */
function put(whole: unknown, path: string, value: unknown): unknown {
  const [, head, rest = ''] = /^(\[\d+\]|\.?[A-Za-z_$][\w$-]*|\["(?:[^"\\]|\\.)*"\])(.*)$/s.exec(path) ?? [];
  if (head === undefined) return value;
  const name = head.startsWith('[') ? JSON.parse(head)[0] : head.replace(/^\./, '');
  const copy = Array.isArray(whole) ? [...whole] : { ...(whole as object) };
  (copy as Record<string, unknown>)[name] = put((copy as Record<string, unknown>)[name], rest, value);
  return copy;
}
