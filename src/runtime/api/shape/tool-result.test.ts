import { describe, expect, test } from 'vitest';
import type { JsonSchemaObject, Operation } from '../../../model/index.ts';
import { note } from '../../note.ts';
import { byteLength } from '../../text/byte-length.ts';
import { createSchemaCompiler } from '../arguments/validate-arguments.ts';
import type { Answer } from '../read/index.ts';
import { type ResultShaping, toToolResult } from './tool-result.ts';

const compileSchema = createSchemaCompiler();

function operation(outputSchema?: JsonSchemaObject, more: Partial<Operation['response']> = {}): Operation {
  return {
    id: 'op',
    origin: { pointer: '#', method: 'get', path: '/', tags: [], deprecated: false },
    request: {
      method: 'GET',
      servers: 'api',
      path: ['/'],
      fixedQuery: '',
      query: [],
      headers: [],
      cookies: [],
      coercions: [],
      renamed: false,
    },
    response: { accept: '*/*', wrapped: false, pagingArguments: [], ...more },
    auth: [],
    arguments: { type: 'object', properties: { page: true }, required: [], additionalProperties: false },
    tool: { name: 'op', description: '', annotations: {}, ...(outputSchema ? { outputSchema } : {}) },
  };
}

const shape = (answer: Answer, more: Partial<ResultShaping> = {}) =>
  toToolResult({
    answer,
    operation: operation(),
    toolName: 'op',
    status: 200,
    headers: [],
    url: 'https://me:pw@api.test/a?api_key=secret',
    maxResultBytes: 256_000,
    extraNotes: [],
    conceal: { text: (shown) => shown },
    sources: [],
    remedies: [],
    compileSchema,
    ...more,
  });

const json = (text: string, mediaType = 'application/json'): Answer => ({
  kind: 'json',
  value: JSON.parse(text),
  text,
  mediaType,
  notes: [],
});
const text = (content: string, mediaType = 'text/plain'): Answer => ({
  kind: 'text',
  text: content,
  mediaType,
  notes: [],
});
const binary = (mediaType: string, bytes = new Uint8Array([0, 255]), filename?: string): Answer => ({
  kind: 'binary',
  bytes,
  mediaType,
  notes: [],
  ...(filename === undefined ? {} : { filename }),
});
const empty: Answer = { kind: 'empty', notes: [] };

const said = (content: string) => ({ type: 'text', text: content });
const sizeOf = (result: { content: readonly unknown[]; structuredContent?: unknown }) =>
  byteLength(JSON.stringify(result.content)) + byteLength(JSON.stringify(result.structuredContent ?? ''));

const pet: JsonSchemaObject = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
const wrappedPets: JsonSchemaObject = { type: 'object', properties: { result: { type: 'array', items: pet } } };

describe('JSON', () => {
  test('an object comes as text, as the API wrote it, and structured', async () => {
    expect(await shape(json('{ "n": 1.10 }'))).toEqual({
      content: [said('{ "n": 1.10 }')],
      structuredContent: { n: 1.1 },
    });
  });
  test.each(['[]', 'false', 'null', '"x"', '7'])('%s comes as text alone', async (source) => {
    expect(await shape(json(source))).toEqual({ content: [said(source)] });
  });
  test('a value that is not an object is wrapped if the listed schema says so', async () => {
    const wrapped = operation(wrappedPets, { wrapped: true });
    expect(await shape(json('[{"id":1}]'), { operation: wrapped })).toEqual({
      content: [said('[{"id":1}]')],
      structuredContent: { result: [{ id: 1 }] },
    });
  });
  test('what breaks the listed schema is left out of the structure, not of the text', async () => {
    const source = '{"id":"x","name":"n"}';
    expect(await shape(json(source), { operation: operation(pet) })).toEqual({
      content: [said(source), note(expect.stringContaining('omits `id`; the text is complete.') as unknown as string)],
      structuredContent: { name: 'n' },
      _meta: { 'openapi-mcp/http': { status: 200, flaw: 'MISFIT' } },
    });
  });
  test('a response with another type than declared is marked for programs', async () => {
    const asked = operation(undefined, { accept: 'application/json, */*;q=0.1', schema: pet });
    expect(await shape(text('<p>Hi</p>', 'text/html'), { operation: asked })).toEqual({
      content: [said('<p>Hi</p>'), note('The document declares application/json, but the response is text/html.')],
      _meta: { 'openapi-mcp/http': { status: 200, flaw: 'MISFIT' } },
    });
  });
  test('an array instead of the declared object', async () => {
    const result = await shape(json('["surprise"]'), { operation: operation(pet) });
    expect(result).toMatchObject({ content: [said('["surprise"]'), {}], structuredContent: {} });
  });
  test('what is nested without end stays text', async () => {
    const source = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const result = await shape({ kind: 'json', value: {}, text: source, mediaType: 'application/json', notes: [] });
    expect(result).toEqual({ content: [said(source)] });
  });
});

describe('other answers', () => {
  test('text', async () => {
    expect(await shape(text('007'))).toEqual({ content: [said('007')] });
    expect(await shape(text('<a/>', 'text/xml'), { operation: operation(pet) })).toMatchObject({
      structuredContent: {},
    });
  });
  test('nothing', async () => {
    const want = [note('204 No Content: the API returned no body.')];
    expect(await shape(empty, { status: 204 })).toEqual({ content: want });
    expect(await shape(empty, { status: 204, operation: operation(pet) })).toMatchObject({ structuredContent: {} });
  });
  test('images and sounds', async () => {
    expect(await shape(binary('image/png'))).toEqual({
      content: [{ type: 'image', data: 'AP8=', mimeType: 'image/png' }],
    });
    expect(await shape(binary('audio/mpeg'))).toMatchObject({ content: [{ type: 'audio' }] });
  });
  test('other bytes are an embedded resource with the name of the file', async () => {
    const { content } = await shape(binary('application/pdf', new Uint8Array([0, 255]), 'a b.pdf'));
    expect(content).toEqual([
      {
        type: 'resource',
        resource: {
          uri: expect.stringMatching(/^api:\/\/answers\/op\/[0-9a-f]{16}\/a%20b\.pdf$/),
          mimeType: 'application/pdf',
          blob: 'AP8=',
        },
      },
    ]);
  });
  test('items come one a line', async () => {
    const answer: Answer = {
      kind: 'items',
      mediaType: 'application/jsonl',
      notes: ['The stream went on.'],
      items: [
        { value: { a: 1 }, text: '{"a":1}' },
        { value: 'x', text: 'x' },
      ],
    };
    expect(await shape(answer)).toEqual({ content: [said('{"a":1}\nx'), note('The stream went on.')] });
  });
  test('events with a name are written as in the stream', async () => {
    const items = [
      { value: { a: 1 }, text: '{"a":1}', event: 'add', id: '7' },
      { value: 'b\nc', text: 'b\nc' },
    ];
    const { content } = await shape({ kind: 'items', mediaType: 'text/event-stream', notes: [], items });
    expect(content).toEqual([said('event: add\nid: 7\ndata: {"a":1}\n\ndata: b\ndata: c\n')]);
  });
  test('useful headers are shown, others are not', async () => {
    const headers = [
      ['content-type', 'application/json'],
      ['link', '<https://api.test/a?page=2>; rel="next"'],
      ['x-ratelimit-remaining', '3'],
      ['x-total-count', '90'],
      ['set-cookie', 'session=1'],
    ] as const;
    expect((await shape(json('[]'), { headers })).content[1]).toEqual(
      note('Link: <https://api.test/a?page=2>; rel="next"\nX-Ratelimit-Remaining: 3\nX-Total-Count: 90'),
    );
    const head = operation();
    const asked = { ...head, request: { ...head.request, method: 'HEAD' } };
    const { content } = await shape(empty, { headers, operation: asked });
    expect(content[1]).toEqual(note(expect.stringContaining('Content-Type: application/json') as unknown as string));
    expect(JSON.stringify(content)).not.toContain('session');
  });
});

describe('the limit', () => {
  const rows = Array.from({ length: 5000 }, (_, id) => ({ id, name: `row number ${id}` }));
  const paged = operation(undefined, { pagingArguments: ['page', 'per_page'] });

  test('JSON is cut, stays JSON, and the note says how to go on', async () => {
    const result = await shape(json(JSON.stringify({ data: rows })), { maxResultBytes: 20_000, operation: paged });
    const [main, remark] = result.content;
    expect(sizeOf(result)).toBeLessThan(30_000);
    const { data } = JSON.parse(main?.type === 'text' ? main.text : '');
    expect(data).toEqual(rows.slice(0, data.length));
    expect(remark).toEqual(
      note(
        `The response was cut to fit 20,000 bytes: showing ${data.length} of 5,000 items of \`data\`. To reach the rest, use the arguments \`page\`, \`per_page\`.`,
      ),
    );
    expect(result.structuredContent).toBeUndefined();
  });

  test('with an output schema, it is the cut JSON', async () => {
    const wrapped = operation(wrappedPets, { wrapped: true });
    const result = await shape(json(JSON.stringify(rows)), { maxResultBytes: 20_000, operation: wrapped });
    const [main] = result.content;
    expect(result.structuredContent).toEqual({ result: JSON.parse(main?.type === 'text' ? main.text : '') });
    expect(byteLength(JSON.stringify(result.structuredContent))).toBeLessThan(10_000);
  });

  test('an object that only fits once is not repeated', async () => {
    const source = JSON.stringify({ s: 'x'.repeat(15_000) });
    expect(await shape(json(source), { maxResultBytes: 20_000 })).toEqual({ content: [said(source)] });
  });

  test('pretty JSON that fits when compact loses nothing', async () => {
    const source = JSON.stringify(rows.slice(0, 200), null, 10);
    const { content } = await shape(json(source), { maxResultBytes: 12_000 });
    expect(content).toEqual([said(JSON.stringify(rows.slice(0, 200)))]);
  });

  test('text is cut with its counts', async () => {
    const { content } = await shape(text('lorem '.repeat(10_000)), { maxResultBytes: 20_000 });
    expect(content[1]).toEqual(
      note(expect.stringContaining('showing 17,000 of 60,000 characters.') as unknown as string),
    );
  });

  test('items are cut whole', async () => {
    const items = rows.map((value) => ({ value, text: JSON.stringify(value) }));
    const result = await shape(
      { kind: 'items', mediaType: 'application/jsonl', notes: [], items },
      { maxResultBytes: 20_000 },
    );
    const [main, remark] = result.content;
    const lines = main?.type === 'text' ? main.text.split('\n') : [];
    expect(lines).toEqual(items.slice(0, lines.length).map((item) => item.text));
    expect(remark).toEqual(
      note(expect.stringContaining(`showing ${lines.length} of 5,000 items.`) as unknown as string),
    );
  });

  test('bytes are described, and linked if there is a resource', async () => {
    const big = binary('application/zip', new Uint8Array(30_000), 'all.zip');
    const { content } = await shape(big, { maxResultBytes: 20_000 });
    expect(content).toEqual([
      note(expect.stringContaining('"all.zip" (application/zip, 30,000 bytes)') as unknown as string),
    ]);
    const linked = await shape(big, { maxResultBytes: 20_000, resourceUri: 'api://x/all' });
    expect(linked.content[1]).toMatchObject({
      type: 'resource_link',
      uri: 'api://x/all',
      name: 'all.zip',
      size: 30_000,
    });
  });
});

describe('an error status', () => {
  const failed = async (status: number, answer: Answer, headers: ResultShaping['headers'] = []) => {
    const result = await shape(answer, { status, headers });
    expect(result).toMatchObject({ isError: true, content: [{ type: 'text' }] });
    expect(result.structuredContent).toBeUndefined();
    const [block] = result.content;
    return block?.type === 'text' ? block.text : '';
  };

  test('names request, status and tool, and holds neither query nor password', async () => {
    expect(await failed(404, text('nothing here'))).toBe(
      'GET https://api.test/a responded 404 Not Found (tool "op").\nnothing here',
    );
  });
  test('JSON stays JSON', async () => {
    expect(await failed(400, json('{"error":"bad field"}'))).toContain('\n{"error":"bad field"}');
  });
  test('a rejected credential is named by its variable', async () => {
    const refused = async (status: number, sources: readonly string[]) => {
      const [block] = (await shape(empty, { status, sources })).content;
      return block?.type === 'text' ? block.text : '';
    };
    expect(await refused(401, ['API_KEY_SHOP'])).toContain('The credential of API_KEY_SHOP is wrong or expired.');
    expect(await refused(403, ['BASIC_USERNAME_A', 'BASIC_PASSWORD_A'])).toContain(
      'The credential of BASIC_USERNAME_A and BASIC_PASSWORD_A may lack the permission for this.',
    );
    expect(await refused(401, [])).toContain('No credential was sent.');
  });
  test('headers that say how to go on', async () => {
    expect(await failed(429, json('{}'), [['retry-after', '7']])).toContain('\nRetry-After: 7\n');
    expect(await failed(307, empty, [['location', '/moved']])).toContain(
      '307 Temporary Redirect (tool "op").\nThe redirect was not followed.\nLocation: /moved',
    );
  });
  test('a problem comes first (RFC 9457)', async () => {
    const problem = { type: 'https://x.test/credit', title: 'Out of credit', detail: 'You have 30.', errors: [1] };
    const told = await failed(403, json(JSON.stringify(problem), 'application/problem+json'));
    expect(told).toContain('\nProblem: Out of credit: You have 30. (https://x.test/credit)\n{"type"');
  });
  test('HTML is reduced to its text', async () => {
    expect(await failed(500, text('<head><title>x</title></head><h1>boom</h1>', 'text/html'))).toMatch(/\nboom$/);
  });
  test('a large body is bounded', async () => {
    for (const answer of [
      text('x'.repeat(200_000)),
      json(JSON.stringify(Array(50_000).fill(1))),
      text(`<p>${'x '.repeat(100_000)}`, 'text/html'),
    ]) {
      expect((await failed(500, answer)).length).toBeLessThan(9_000);
    }
  });
  test('304 is not a failure: nothing is new', async () => {
    expect(await shape(empty, { status: 304 })).toEqual({
      content: [note('304 Not Modified: the API returned no body.')],
    });
  });
});

describe('the outcome for programs', () => {
  const outcome = (result: { readonly _meta?: Readonly<Record<string, unknown>> }) =>
    result._meta?.['openapi-mcp/http'];

  test('a failure includes its status and when to retry', async () => {
    expect(outcome(await shape(empty, { status: 503, headers: [['retry-after', '5']] }))).toEqual({
      status: 503,
      retryAfter: 5,
    });
  });

  test('a success says how long it may be cached, if the API says so', async () => {
    const headers = [['cache-control', 'max-age=60']] as const;
    expect(outcome(await shape(text('ok'), { headers }))).toEqual({ status: 200, cacheControl: 'max-age=60' });
    expect(await shape(text('ok'))).not.toHaveProperty('_meta');
  });
});
