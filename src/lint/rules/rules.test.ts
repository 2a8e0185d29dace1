import { describe, expect, test } from 'vitest';
import { DEFAULT_MAP_OPTIONS, type MapOptions, mapDocument } from '../../map/index.ts';
import type { ApiDocument } from '../../parse/api-document.ts';
import { createSubject, RULES } from '../index.ts';

type Node = Readonly<Record<string, unknown>>;

/** What a rule says of a document with these paths, by pointer. */
function found(rule: string, paths: Node, rest: Node = {}, options: Partial<MapOptions> = {}): [string, string][] {
  const servers = [{ url: 'https://api.test' }];
  const root = { openapi: '3.1.0', info: { title: 'Test', version: '1' }, servers, paths, ...rest };
  const document: ApiDocument = {
    root,
    version: '3.1.0',
    location: 'memory',
    problems: [],
    files: [],
    pointers: new WeakMap(),
    mayHideText: true,
  };
  const all = { ...DEFAULT_MAP_OPTIONS, ...options };
  const subject = createSubject(document, mapDocument(document, all).model, all.profile);
  const checked = RULES.filter(({ id }) => id === rule).flatMap((one) => [...one.check(subject)]);
  return checked.map(({ pointer, message }) => [pointer, message]);
}

const ok = { responses: { 200: { description: 'ok' } } };
const answers = (schema: unknown) => ({
  responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
});
const said = { summary: 'List the pets', description: 'Lists the pets of a shop, newest first.' };

test('every rule has an id of its own, and says what is wrong and how to mend it', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, summary, fix } of RULES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  }
});

describe('words', () => {
  test('an operation without any is found', () => {
    expect(found('missing-description', { '/a': { get: ok }, '/b': { get: { ...ok, ...said } } })).toEqual([
      ['#/paths/~1a/get', '"get_a" is told as "GET /a" only.'],
    ]);
  });
  test('a summary alone is found', () => {
    const paths = { '/a': { get: { ...ok, summary: 'List' } }, '/b': { get: { ...ok, ...said } } };
    expect(found('summary-only', paths)).toEqual([['#/paths/~1a/get', 'All that is said of "get_a" is "List".']]);
  });
  test('operations that are described alike are found, but for the first', () => {
    const paths = { '/a': { get: { ...ok, ...said } }, '/b': { get: { ...ok, ...said } } };
    expect(found('duplicate-description', paths)).toEqual([
      ['#/paths/~1b/get', '"get_b" is described as "get_a" is (#/paths/~1a/get).'],
    ]);
  });
  test('arguments without a description are counted for each operation; references and choices speak for themselves', () => {
    const parameters = [
      { name: 'limit', in: 'query', schema: { type: 'integer' } },
      { name: 'sort', in: 'query', schema: { enum: ['a', 'b'] } },
      { name: 'tag', in: 'query', schema: { $ref: '#/components/schemas/Tag' } },
      { name: 'page', in: 'query', description: 'Starts at 1.', schema: { type: 'integer' } },
    ];
    const components = { schemas: { Tag: { type: 'string', description: 'A tag.' } } };
    expect(found('undescribed-parameters', { '/a': { get: { ...ok, parameters } } }, { components })).toEqual([
      ['#/paths/~1a/get', '1 of the 4 arguments of "get_a" have no description: limit.'],
    ]);
  });
});

describe('names', () => {
  test.each([
    ['get1', 'says nothing about the subject'],
    ['op', 'says nothing about the subject'],
    ['gp', 'is too short to say anything'],
    ['listUsingPOST', 'ends in what a generator added'],
    ['listUsingPOST_1', 'ends in what a generator added'],
    ['list_pets_2', 'ends in a number that a generator added'],
    ['PetController/list', 'names a class of the code, not what is done'],
    ['list_4fa91c2b77de', 'holds an identifier that only a machine can read'],
  ])('%s %s', (operationId, why) => {
    const [place] = found('unclear-name', { '/a': { get: { ...ok, operationId } } });
    expect(place).toEqual(['#/paths/~1a/get/operationId', expect.stringContaining(why)]);
  });
  test('ids that a framework made are listed without what it added', () => {
    const paths = { '/todos': { get: { ...ok, operationId: 'list_todos_todos_get' } } };
    expect(found('cleaned-name', paths)).toEqual([
      ['#/paths/~1todos/get/operationId', '"list_todos_todos_get" (FastAPI) is listed as "list_todos".'],
    ]);
    expect(found('unclear-name', paths)).toEqual([]);
  });
  test.each([
    'listPets',
    'pets.list',
    'createInvoice',
    'getV2',
    'issues/list-for-repo',
    'upload_s3',
    'getPetByID',
    'listReplicationControllers',
  ])('%s is clear', (operationId) => {
    expect(found('unclear-name', { '/a': { get: { ...ok, operationId } } })).toEqual([]);
  });
  test('a name that had to be shortened is found', () => {
    const operationId = 'list_the_pets_of_a_shop_that_were_born_before_a_day';
    expect(found('long-name', { '/a': { get: { ...ok, operationId } } })).toEqual([
      [
        '#/paths/~1a/get/operationId',
        expect.stringMatching(/^"list_the_.*" is called "list_pets_of_a_shop_that_were_born_before_a_day"\.$/),
      ],
    ]);
  });
  test('an operation without operationId is found, with the name it gets', () => {
    expect(found('missing-operation-id', { '/pets/{id}': { get: ok } })).toEqual([
      ['#/paths/~1pets~1{id}/get', 'It is called "get_pets_by_id".'],
    ]);
  });
});

describe('sizes', () => {
  const large = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`property${index}`, { type: 'string', description: 'x'.repeat(200) }]),
  );
  const post = {
    ...ok,
    requestBody: { content: { 'application/json': { schema: { type: 'object', properties: large } } } },
  };
  test('a tool beyond the budget is found', () => {
    expect(found('large-tool', { '/a': { post }, '/b': { get: ok } })).toEqual([
      ['#/paths/~1a/post', expect.stringMatching(/^"post_a" takes 1\d{4} bytes \(about \d{4} tokens\)\.$/)],
    ]);
  });
  test('a list beyond the budget is found once', () => {
    const paths = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`/a${index}`, { post }]));
    expect(found('large-list', paths)).toEqual([['#/paths', expect.stringMatching(/^25 tools take \d{6} bytes/)]]);
    expect(found('large-list', { '/a': { post } })).toEqual([]);
  });
});

describe('providers', () => {
  const paths = { '/a': { get: { ...ok, operationId: 'listA' } } };
  test('by default every one that would refuse a tool is named', () => {
    const messages = found('refused-by-provider', paths).map(([, message]) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^gemini would refuse 1 of 1 tools, first "listA"/));
  });
  test('tools that are listed for a provider are accepted by it', () => {
    expect(found('refused-by-provider', paths, {}, { profile: 'gemini' })).toEqual([]);
  });
});

describe('credentials and servers', () => {
  const flows = (name: string) => ({ [name]: { tokenUrl: 'https://a.test/t', authorizationUrl: 'https://a.test/a' } });
  const schemes = (scheme: unknown) => ({ components: { securitySchemes: { login: scheme } } });
  const secured = { '/a': { get: { ...ok, security: [{ login: [] }] } } };
  test.each([
    ['authorizationCode', { type: 'oauth2', flows: flows('authorizationCode') }],
    ['digest', { type: 'http', scheme: 'digest' }],
  ])('%s cannot be supplied by a server', (_, scheme) => {
    expect(found('unavailable-credential', secured, schemes(scheme))).toEqual([
      ['#/components/securitySchemes/login', expect.stringContaining('1 operation needs it.')],
    ]);
  });
  test.each([
    ['clientCredentials', { type: 'oauth2', flows: flows('clientCredentials') }],
    ['an API key', { type: 'apiKey', in: 'header', name: 'X' }],
  ])('%s can', (_, scheme) => {
    expect(found('unavailable-credential', secured, schemes(scheme))).toEqual([]);
  });
  test('a scheme that may be avoided is no obstacle', () => {
    const paths = { '/a': { get: { ...ok, security: [{ login: [] }, {}] } } };
    expect(found('unavailable-credential', paths, schemes({ type: 'http', scheme: 'digest' }))).toEqual([]);
  });
  test.each([
    [undefined, '#', 'No server is named.'],
    [[{ url: '/v1' }], '#/servers/0', 'The server "/v1" is relative, and the document is no URL.'],
  ])('servers %j', (servers, pointer, message) => {
    expect(found('no-server', { '/a': { get: ok } }, { servers })).toEqual([[pointer, message]]);
  });
});

describe('answers', () => {
  const list = { type: 'array', items: { type: 'string' } };
  test.each([
    ['a list', list, 'The answer of "get_a" is a list of any length.'],
    ['a wrapped list', { properties: { items: list } }, 'The answer of "get_a" has a list, "items", of any length.'],
  ])('%s without paging is found', (_, schema, message) => {
    expect(found('unpaged-list', { '/a': { get: answers(schema) } })).toEqual([['#/paths/~1a/get/responses', message]]);
  });
  test('one that can be paged, or is bounded, is not', () => {
    const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }];
    const paths = { '/a': { get: { ...answers(list), parameters } }, '/b': { get: answers({ ...list, maxItems: 3 }) } };
    expect(found('unpaged-list', paths)).toEqual([]);
  });
  test('an answer of bytes alone is found', () => {
    const content = { 'application/pdf': {} };
    const paths = { '/a': { get: { responses: { 200: { description: 'ok', content } } } } };
    expect(found('binary-answer', paths)).toEqual([
      ['#/paths/~1a/get/responses', '"get_a" answers with application/pdf.'],
    ]);
  });
});

describe('what changes something', () => {
  test('a string that looks like a file but is sent as text is found', () => {
    const schema = {
      type: 'object',
      properties: {
        avatar: { type: 'string' },
        avatarUrl: { type: 'string' },
        scan: { type: 'string', format: 'binary' },
      },
    };
    const body = (mediaType: string) => ({ requestBody: { content: { [mediaType]: { schema } } }, ...ok });
    const paths = { '/a': { put: body('multipart/form-data') }, '/b': { put: body('application/json') } };
    expect(found('file-sent-as-text', paths)).toEqual([
      ['#/paths/~1a/put', '"put_a" sends as text: avatar.'],
      ['#/paths/~1b/put', '"put_b" sends as text: scan.'],
    ]);
  });
  test('a DELETE, and a POST that cancels, without annotations of their own', () => {
    const curated = { ...ok, 'x-mcp': { annotations: { destructiveHint: true, idempotentHint: false } } };
    const paths = {
      '/a': { delete: ok, post: { ...ok, operationId: 'cancelOrder' } },
      '/b': { delete: curated, post: { ...ok, operationId: 'createOrder' } },
    };
    expect(found('unannotated-destructive', paths).map(([pointer]) => pointer)).toEqual([
      '#/paths/~1a/delete',
      '#/paths/~1a/post',
    ]);
  });
  test('a GET whose name begins with a verb that changes', () => {
    const paths = {
      '/a': { get: { ...ok, operationId: 'deleteUser' } },
      '/b': { get: { ...ok, operationId: 'listUpdates' } },
    };
    expect(found('doubtful-read-only', paths).map(([pointer]) => pointer)).toEqual(['#/paths/~1a/get']);
  });
  test('what is deprecated', () => {
    expect(found('deprecated-operation', { '/a': { get: { ...ok, deprecated: true } } })).toHaveLength(1);
  });
});
