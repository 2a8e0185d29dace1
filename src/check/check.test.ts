import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { json, type Loopback, type LoopbackRequest, loopback } from '../loopback.test.fixture.ts';
import { openApi, type ProxyOptions } from '../proxy.ts';
import { createSchemaCompiler } from '../runtime/api/arguments/validate-arguments.ts';
import { type CheckReport, checkResponses, givenValues } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Checking {
  readonly args?: Record<string, unknown>;
  readonly maxCalls?: number;
  readonly options?: ProxyOptions;
}

async function checked(
  document: Record<string, unknown>,
  answer: (request: LoopbackRequest, response: ServerResponse) => unknown,
  { args = {}, maxCalls = 100, options = {} }: Checking = {},
): Promise<CheckReport & { readonly api: Loopback }> {
  const server = await loopback(answer);
  const source = { openapi: '3.1.0', info: { title: 'Shop', version: '1' }, ...document };
  const api = await openApi(source, { baseUrl: server.url, environment: {}, declarations: true, ...options });
  cleanups.push(() => api.provider.close(), server.close);
  const { model, declarations } = api;
  if (!declarations) throw new Error('no declarations');
  const report = await checkResponses(
    {
      model,
      responses: declarations.responses('exact'),
      performing: await api.performing(),
      compileSchema: createSchemaCompiler(),
    },
    { given: givenValues(args, model), maxCalls, signal: new AbortController().signal, onProgress: () => {} },
  );
  return { ...report, api: server };
}

const ofJson = (schema: unknown, more: object = {}) => ({
  200: { description: 'ok', content: { 'application/json': { schema } }, ...more },
});
const get = (operationId: string, responses: object, parameters: readonly unknown[] = []) => ({
  get: { operationId, parameters, responses },
});
const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' } });
const query = (name: string, schema: unknown = { type: 'integer' }) => ({ name, in: 'query', schema });

const PET = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    kind: { enum: ['cat', 'dog'] },
    born: { type: 'string', format: 'date' },
  },
};
const pets = { type: 'array', items: { $ref: '#/components/schemas/Pet' } };

const DOCUMENT = {
  components: { schemas: { Pet: PET, Strict: { type: 'object', properties: { a: {} }, additionalProperties: false } } },
  paths: {
    '/type': get('type', ofJson(pets)),
    '/missing': get('missing', ofJson(pets)),
    '/enum': get('enum', ofJson(pets)),
    '/format': get('format', ofJson(pets)),
    '/status': get('status', ofJson(pets)),
    '/media': get('media', ofJson(pets)),
    '/strict': get('strict', ofJson({ $ref: '#/components/schemas/Strict' })),
    '/paged': get('paged', ofJson(pets), [query('page')]),
    '/empty': get('empty', ofJson(pets)),
    '/header': get('header', ofJson(pets, { headers: { 'X-Total': { required: true, schema: { type: 'integer' } } } })),
    '/cursor': get('cursor', ofJson({ type: 'object', properties: { items: pets, nextCursor: { type: 'string' } } }), [
      query('cursor', { type: 'string' }),
    ]),
    '/pets': {
      ...get('listPets', ofJson(pets), [query('offset')]),
      post: { operationId: 'addPet', responses: ofJson({}) },
    },
    '/pets/{petId}': get('getPet', { ...ofJson({ $ref: '#/components/schemas/Pet' }), 404: { description: 'none' } }, [
      path('petId'),
    ]),
  },
};

const ada = { id: 7, name: 'Ada', kind: 'cat', born: '2024-02-29' };

/** What the document declares. */
function faithful({ url }: LoopbackRequest, response: ServerResponse): unknown {
  const { pathname, searchParams } = new URL(url, 'http://x');
  if (pathname === '/strict') return json(response, { a: 1 });
  if (pathname === '/pets/7') return json(response, ada);
  if (pathname.startsWith('/pets/')) return json(response, { title: 'none' }, { status: 404 });
  if (pathname === '/cursor')
    return json(
      response,
      searchParams.has('cursor') ? { items: [{ ...ada, id: 8 }] } : { items: [ada], nextCursor: 'b' },
    );
  const isFirst = (searchParams.get('page') ?? '1') === '1' && (searchParams.get('offset') ?? '0') === '0';
  return json(response, isFirst ? [ada] : [], { headers: { 'X-Total': '1' } });
}

const PLANTED: Readonly<Record<string, (response: ServerResponse, request: LoopbackRequest) => void>> = {
  '/type': (response) => json(response, [ada, { ...ada, id: '7' }, { ...ada, id: '8' }]),
  '/missing': (response) => json(response, [{ id: 7 }]),
  '/enum': (response) => json(response, [{ ...ada, kind: 'cow' }]),
  '/format': (response) => json(response, [{ ...ada, born: '29.2.2024' }]),
  '/status': (response) => json(response, { title: 'busy' }, { status: 503 }),
  '/media': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Pets</p>'),
  '/strict': (response) => json(response, { a: 1, b: 2 }),
  '/paged': (response) => json(response, [ada]),
  '/empty': (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
  '/header': (response) => json(response, [ada]),
};

test('a faithful API has no contradictions, and every safe operation is called', async () => {
  const { contradictions, notChecked, checked: called, calls, api } = await checked(DOCUMENT, faithful);
  expect(contradictions).toEqual([]);
  expect(called.map(({ tool }) => tool)).toHaveLength(13);
  expect(notChecked).toEqual([
    {
      tool: 'addPet',
      operation: 'POST /pets',
      pointer: '#/paths/~1pets/post',
      kind: 'unsafe',
      reason: 'POST may change something. Only GET and HEAD are called.',
    },
  ]);
  expect(calls).toBe(api.requests.length);
  // The id of the list, and the second pages.
  expect(api.requests.map(({ url }) => url)).toEqual(
    expect.arrayContaining(['/pets/7', '/pets?offset=1', '/paged?page=2', '/cursor?cursor=b']),
  );
  expect(api.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('ten planted contradictions are found, and nothing else', async () => {
  const { contradictions, api } = await checked(DOCUMENT, (request, response) => {
    const planted = PLANTED[new URL(request.url, 'http://x').pathname];
    if (planted) planted(response, request);
    else faithful(request, response);
  });
  const found = contradictions.map(({ code, tool, pointer, place, declared, seen, count }) => [
    `${code} ${tool} ${place}`.trim(),
    pointer,
    `${declared}; ${seen}; ${count}`,
  ]);
  expect(found).toEqual([
    ['wrong-type type [].id', '#/components/schemas/Pet/properties/id', 'integer; string "7"; 2'],
    ['missing-property missing []', '#/components/schemas/Pet', '"name" is required; it is missing; 1'],
    ['enum-violation enum [].kind', '#/components/schemas/Pet/properties/kind', '"cat", "dog"; "cow"; 1'],
    ['format-violation format [].born', '#/components/schemas/Pet/properties/born', 'format date; "29.2.2024"; 1'],
    ['undocumented-status status', '#/paths/~1status/get/responses', 'status 200; status 503; 1'],
    ['wrong-media-type media', '#/paths/~1media/get/responses/200/content', 'application/json; text/html; 1'],
    ['undocumented-property strict b', '#/components/schemas/Strict', 'no other properties; "b": 2; 1'],
    [
      'broken-paging paged',
      '#/paths/~1paged/get',
      '"page": 2 leads to a second page; the same items as on the first page; 1',
    ],
    [
      'empty-body empty',
      '#/paths/~1empty/get/responses/200/content/application~1json',
      'application/json; an empty body; 1',
    ],
    [
      'missing-header header',
      '#/paths/~1header/get/responses/200/headers/X-Total',
      'header "x-total" is required; it is missing; 1',
    ],
  ]);
  expect(contradictions[0]?.request).toBe(`GET ${api.url}/type`);
});

describe('paging', () => {
  const list = { type: 'object', properties: { items: pets, next: { type: ['string', 'null'] } } };
  const paths = (parameter: string) => ({
    components: DOCUMENT.components,
    paths: { '/list': get('list', ofJson(list), [query(parameter, { type: 'string' })]) },
  });

  test('a cursor that the API rejects', async () => {
    const { contradictions } = await checked(paths('cursor'), ({ url }, response) =>
      url.includes('cursor') ? json(response, {}, { status: 400 }) : json(response, { items: [ada], next: 'abc' }),
    );
    expect(contradictions).toMatchObject([
      { code: 'broken-paging', seen: 'status 400', declared: expect.stringContaining('"cursor"') },
    ]);
  });

  test('a link that leads to the same page, in the body or a header', async () => {
    for (const where of ['body', 'header']) {
      const { contradictions, api } = await checked(paths('after'), (_, response) =>
        where === 'body'
          ? json(response, { items: [ada], next: '/list?after=7' })
          : json(response, { items: [ada] }, { headers: { link: '</list?after=7>; rel="next"' } }),
      );
      expect(api.requests.map(({ url }) => url)).toEqual(['/list', '/list?after=7']);
      expect(contradictions).toMatchObject([{ code: 'broken-paging', seen: 'the same items as on the first page' }]);
    }
  });

  test.each<[string, string, object, Record<string, string>]>([
    ['next: null, as Django writes it', 'page', { count: 1, next: null, previous: null, results: [ada] }, {}],
    ['a total', 'page', { total: 1, items: [ada] }, {}],
    ['has_more: false', 'offset', { has_more: false, items: [ada] }, {}],
    [
      'links to other pages',
      'page',
      { items: [ada] },
      { link: '</list?page=1>; rel = "first", </list?page=1>; rel=last' },
    ],
  ])('a page is the last one that says so by %s', async (_, parameter, body, headers) => {
    const properties = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        Array.isArray(value) ? pets : { type: typeof value === 'object' ? ['string', 'null'] : typeof value },
      ]),
    );
    const numbers = [query(parameter), query('per_page')];
    const { contradictions, calls } = await checked(
      { ...paths(parameter), paths: { '/list': get('list', ofJson({ type: 'object', properties }), numbers) } },
      ({ url }, response) =>
        url === '/list' ? json(response, body, { headers }) : json(response, {}, { status: 404 }),
    );
    expect([contradictions, calls]).toEqual([[], 1]);
  });

  test('a last page has no next one', async () => {
    const { contradictions, calls } = await checked(paths('cursor'), (_, response) =>
      json(response, { items: [ada], next: null }),
    );
    expect([contradictions, calls]).toEqual([[], 1]);
  });
});

describe('what cannot be called is listed with the reason', () => {
  const ok = (_: LoopbackRequest, response: ServerResponse) => json(response, []);
  const reasons = ({ notChecked }: CheckReport) =>
    notChecked.map(({ tool, kind, reason }) => `${tool} ${kind}: ${reason}`);

  test('an id that nobody returns; and one that the user gives', async () => {
    const document = { paths: { '/pets/{petId}': get('getPet', ofJson({}), [path('petId')]) } };
    expect(reasons(await checked(document, ok))).toEqual([
      `getPet arguments: No value is known for "petId". Pass one: --args '{"petId":"…"}'.`,
    ]);
    for (const args of [{ petId: 3 }, { getPet: { petId: 3 } }, { 'GET /pets/{petId}': { petId: 3 } }]) {
      const { api, notChecked } = await checked(document, ok, { args });
      expect([api.requests.map(({ url }) => url), notChecked]).toEqual([['/pets/3'], []]);
    }
  });

  test('an empty list', async () => {
    const document = {
      paths: {
        '/pets': get('listPets', ofJson({ type: 'array', items: {} })),
        '/pets/{petId}': get('getPet', ofJson({}), [path('petId')]),
      },
    };
    expect(reasons(await checked(document, ok))).toEqual([
      `getPet arguments: No value is known for "petId": GET /pets returned none. Pass one: --args '{"petId":"…"}'.`,
    ]);
  });

  test('a missing credential, and one that the API rejects', async () => {
    const document = {
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
      security: [{ key: [] }],
      paths: { '/a': get('a', ofJson({})) },
    };
    const { notChecked, calls } = await checked(document, ok);
    expect(calls).toBe(0);
    expect(notChecked[0]).toMatchObject({ kind: 'credential', reason: expect.stringContaining('API_KEY_KEY') });
    const options = { auth: { key: 'secret-key-1' } };
    const refused = await checked(document, (_, response) => json(response, { key: 'secret-key-1' }, { status: 401 }), {
      options,
    });
    expect(refused.contradictions).toEqual([]);
    expect(refused.notChecked).toMatchObject([
      { kind: 'credential', reason: expect.stringContaining('responded 401') },
    ]);
    expect(JSON.stringify(refused.notChecked)).not.toContain('secret-key-1');
  });

  test('a limit of calls, a slow operation, and one that breaks off cost only themselves', async () => {
    const paths = {
      '/slow': get('slow', ofJson({})),
      '/broken': get('broken', ofJson({})),
      '/a': get('a', ofJson({})),
    };
    const answer = ({ url }: LoopbackRequest, response: ServerResponse) => {
      if (url === '/broken') response.destroy();
      else if (url === '/a') json(response, {});
    };
    const report = await checked({ paths }, answer, { options: { timeoutMs: 200 } });
    expect(report.checked.map(({ tool }) => tool)).toEqual(['a']);
    expect(report.notChecked.map(({ tool, kind }) => `${tool} ${kind}`)).toEqual(['slow network', 'broken network']);
    const limited = await checked({ paths: { '/a': get('a', ofJson({})), '/b': get('b', ofJson({})) } }, answer, {
      maxCalls: 1,
    });
    expect(limited.calls).toBe(1);
    expect(limited.notChecked).toMatchObject([{ kind: 'limit', reason: expect.stringContaining('--max-calls') }]);
  });
});

test('names in --args that mean nothing are refused', async () => {
  const document = { paths: { '/pets/{petId}': get('getPet', ofJson({}), [path('petId')]) } };
  await expect(checked(document, () => {}, { args: { petid: 3 } })).rejects.toThrow(
    '"petid" is neither a parameter nor an operation of the document. Did you mean "petId"?',
  );
});

test('no secret is in a contradiction, even if the API echoes it', async () => {
  const document = {
    components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } },
    security: [{ key: [] }],
    paths: { '/a': get('a', ofJson({ type: 'object', properties: { key: { type: 'integer' } } })) },
  };
  const report = await checked(document, (_, response) => json(response, { key: 'secret-key-1' }), {
    options: { auth: { key: 'secret-key-1' } },
  });
  expect(report.contradictions).toMatchObject([{ code: 'wrong-type', seen: 'string "[credential]"' }]);
  expect(JSON.stringify(report.contradictions)).not.toContain('secret-key-1');
});

test.each([
  [
    'anyOf with null: what is wrong with the value',
    { anyOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'null' }] },
    'wrong-type pet.id',
  ],
  ['alternatives: once', { anyOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'string' }] }, 'schema-violation pet'],
  ['nullable (3.0)', { $ref: '#/components/schemas/Pet' }, 'wrong-type pet.id'],
])('%s', async (_, pet, want) => {
  const document = {
    components: DOCUMENT.components,
    paths: { '/a': get('a', ofJson({ type: 'object', properties: { pet } })) },
  };
  const { contradictions } = await checked(document, (__, response) => json(response, { pet: { ...ada, id: 'x' } }));
  expect(contradictions.map(({ code, place }) => `${code} ${place}`)).toEqual([want]);
});
