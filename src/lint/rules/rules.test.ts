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

test('every rule has a unique id, and says what is wrong and how to fix it', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, summary, fix } of RULES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  }
});

describe('descriptions', () => {
  test('an operation without a description is reported', () => {
    expect(found('missing-description', { '/a': { get: ok }, '/b': { get: { ...ok, ...said } } })).toEqual([
      ['#/paths/~1a/get', '"get_a" is described only as "GET /a".'],
    ]);
  });
  test('a summary alone is reported', () => {
    const paths = { '/a': { get: { ...ok, summary: 'List' } }, '/b': { get: { ...ok, ...said } } };
    expect(found('summary-only', paths)).toEqual([['#/paths/~1a/get', '"get_a" has only the summary "List".']]);
  });
  test('operations with the same description are reported, except the first', () => {
    const paths = { '/a': { get: { ...ok, ...said } }, '/b': { get: { ...ok, ...said } } };
    expect(found('duplicate-description', paths)).toEqual([
      ['#/paths/~1b/get', '"get_b" has the same description as "get_a" (#/paths/~1a/get).'],
    ]);
  });
  test('arguments without a description are counted per operation; described references and enums do not count', () => {
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
    ['get1', 'says nothing about what it does'],
    ['op', 'says nothing about what it does'],
    ['gp', 'is too short to be meaningful'],
    ['listUsingPOST', 'ends with a suffix that a generator added'],
    ['listUsingPOST_1', 'ends with a suffix that a generator added'],
    ['list_pets_2', 'ends with a number that a generator added'],
    ['PetController/list', 'names a class in the code, not an action'],
    ['list_4fa91c2b77de', 'contains a machine-generated identifier'],
  ])('%s %s', (operationId, why) => {
    const [place] = found('unclear-name', { '/a': { get: { ...ok, operationId } } });
    expect(place).toEqual(['#/paths/~1a/get/operationId', expect.stringContaining(why)]);
  });
  test('generated ids are listed without the parts that the framework added', () => {
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
  test('a name that had to be shortened is reported', () => {
    const operationId = 'list_the_pets_of_a_shop_that_were_born_before_a_day';
    expect(found('long-name', { '/a': { get: { ...ok, operationId } } })).toEqual([
      [
        '#/paths/~1a/get/operationId',
        expect.stringMatching(/^"list_the_.*" is listed as "list_pets_of_a_shop_that_were_born_before_a_day"\.$/),
      ],
    ]);
  });
  test('an operation without operationId is reported, with the name it gets', () => {
    expect(found('missing-operation-id', { '/pets/{id}': { get: ok } })).toEqual([
      ['#/paths/~1pets~1{id}/get', 'It is listed as "get_pets_by_id".'],
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
  test('a tool over the budget is reported', () => {
    expect(found('large-tool', { '/a': { post }, '/b': { get: ok } })).toEqual([
      ['#/paths/~1a/post', expect.stringMatching(/^"post_a" takes 1\d{4} bytes \(about \d{4} tokens\)\.$/)],
    ]);
  });
  test('a list over the budget is reported once', () => {
    const paths = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`/a${index}`, { post }]));
    expect(found('large-list', paths)).toEqual([['#/paths', expect.stringMatching(/^100 tools take \d{6} bytes/)]]);
    expect(found('large-list', { '/a': { post } })).toEqual([]);
  });
});

describe('providers', () => {
  const paths = { '/a': { get: { ...ok, operationId: 'listA' } } };
  test('by default every provider that would reject a tool is named', () => {
    const messages = found('refused-by-provider', paths).map(([, message]) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^gemini would reject 1 of 1 tools, first "listA"/));
  });
  test('a provider accepts tools that are listed for it', () => {
    expect(found('refused-by-provider', paths, {}, { profile: 'gemini' })).toEqual([]);
  });
});

describe('credentials and servers', () => {
  const flows = (name: string) => ({ [name]: { tokenUrl: 'https://a.test/t', authorizationUrl: 'https://a.test/a' } });
  const schemes = (scheme: unknown) => ({ components: { securitySchemes: { login: scheme } } });
  const secured = { '/a': { get: { ...ok, security: [{ login: [] }] } } };
  test.each([
    ['implicit', { type: 'oauth2', flows: flows('implicit') }],
    ['hoba', { type: 'http', scheme: 'hoba' }],
  ])('%s cannot be supplied by a server', (_, scheme) => {
    expect(found('unavailable-credential', secured, schemes(scheme))).toEqual([
      ['#/components/securitySchemes/login', expect.stringContaining('1 operation needs it.')],
    ]);
  });
  test.each([
    ['clientCredentials', { type: 'oauth2', flows: flows('clientCredentials') }],
    ['authorizationCode', { type: 'oauth2', flows: flows('authorizationCode') }],
    ['an API key', { type: 'apiKey', in: 'header', name: 'X' }],
  ])('%s can', (_, scheme) => {
    expect(found('unavailable-credential', secured, schemes(scheme))).toEqual([]);
  });
  test('a scheme with an alternative is not reported', () => {
    const paths = { '/a': { get: { ...ok, security: [{ login: [] }, {}] } } };
    expect(found('unavailable-credential', paths, schemes({ type: 'http', scheme: 'digest' }))).toEqual([]);
  });
  test.each([
    [undefined, '#', 'The document has no servers.'],
    [[{ url: '/v1' }], '#/servers/0', 'The server "/v1" is relative, but the document was not loaded from a URL.'],
  ])('servers %j', (servers, pointer, message) => {
    expect(found('no-server', { '/a': { get: ok } }, { servers })).toEqual([[pointer, message]]);
  });
});

describe('responses', () => {
  const list = { type: 'array', items: { type: 'string' } };
  test.each([
    ['a list', list, 'The response of "get_a" is a list of unlimited length.'],
    [
      'a wrapped list',
      { properties: { items: list } },
      'The response of "get_a" has a list, "items", of unlimited length.',
    ],
  ])('%s without paging is reported', (_, schema, message) => {
    expect(found('unpaged-list', { '/a': { get: answers(schema) } })).toEqual([['#/paths/~1a/get/responses', message]]);
  });
  test('a list that can be paged or is bounded is not reported', () => {
    const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }];
    const paths = { '/a': { get: { ...answers(list), parameters } }, '/b': { get: answers({ ...list, maxItems: 3 }) } };
    expect(found('unpaged-list', paths)).toEqual([]);
  });
  test('a binary response is reported', () => {
    const content = { 'application/pdf': {} };
    const paths = { '/a': { get: { responses: { 200: { description: 'ok', content } } } } };
    expect(found('binary-response', paths)).toEqual([
      ['#/paths/~1a/get/responses', '"get_a" returns application/pdf.'],
    ]);
  });
});

describe('operations that change something', () => {
  test('a string that looks like a file but is sent as text is reported', () => {
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
      ['#/paths/~1a/put', '"put_a" sends these as text: avatar.'],
      ['#/paths/~1b/put', '"put_b" sends these as text: scan.'],
    ]);
  });
  test('a DELETE, and a POST that cancels, without explicit annotations', () => {
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
  test('a GET whose name starts with a verb that changes something', () => {
    const paths = {
      '/a': { get: { ...ok, operationId: 'deleteUser' } },
      '/b': { get: { ...ok, operationId: 'listUpdates' } },
    };
    expect(found('doubtful-read-only', paths).map(([pointer]) => pointer)).toEqual(['#/paths/~1a/get']);
  });
  test('a deprecated operation', () => {
    expect(found('deprecated-operation', { '/a': { get: { ...ok, deprecated: true } } })).toHaveLength(1);
  });
});
