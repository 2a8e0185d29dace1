import { describe, expect, test } from 'vitest';
import { mapPaths } from './document.test.fixture.ts';

const ok = { responses: { 200: { description: 'ok' } } };
const tools = (mapped: ReturnType<typeof mapPaths>) => mapped.model.operations.map(({ tool }) => tool?.name);

describe('x-mcp of an operation', () => {
  test('names, titles and describes the tool, and sets its annotations', () => {
    const mapped = mapPaths({
      '/search': {
        post: {
          operationId: 'doSearch',
          summary: 'Old words',
          'x-mcp': {
            name: 'find pets',
            title: 'Find',
            description: 'Finds pets.',
            annotations: { idempotentHint: false, openWorldHint: true },
          },
          ...ok,
        },
      },
    });
    expect(mapped.model.operations[0]?.tool).toMatchObject({
      name: 'find_pets',
      title: 'Find',
      description: 'Finds pets.',
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    });
  });

  test.each([
    ['tool', true, false],
    ['resource', false, true],
    ['both', true, true],
  ])('kind %s', (kind, isTool, isResource) => {
    const [operation] = mapPaths({ '/a': { get: { 'x-mcp': { kind }, ...ok } } }).model.operations;
    expect([operation?.tool !== undefined, operation?.resource !== undefined]).toEqual([isTool, isResource]);
  });

  test('the user’s routes override kind', () => {
    const [operation] = mapPaths(
      { '/a': { get: { 'x-mcp': { kind: 'resource' }, ...ok } } },
      { options: { routes: ['/** => tool'] } },
    ).model.operations;
    expect(operation?.resource).toBeUndefined();
  });

  test('response keeps or omits parts of the response', () => {
    const [operation] = mapPaths({ '/a': { get: { 'x-mcp': { response: { keep: ['items.name'] } }, ...ok } } }).model
      .operations;
    expect(operation?.response.projection).toEqual({ mode: 'keep', paths: [['items', 'name']] });
  });
});

describe('enabled', () => {
  const paths = { '/a': { get: ok, post: { 'x-mcp': false, ...ok } }, '/b': { 'x-mcp': { enabled: true }, get: ok } };
  test('false excludes an operation without a problem', () => {
    const mapped = mapPaths(paths);
    expect(tools(mapped)).toEqual(['get_a', 'get_b']);
    expect(mapped).toMatchObject({ found: 3, filtered: 1, problems: [] });
  });
  test('false at the root excludes everything that is not enabled further down', () => {
    expect(tools(mapPaths(paths, { 'x-mcp': false }))).toEqual(['get_b']);
  });
  test('is also read from tags', () => {
    const tagged = { '/a': { get: { tags: ['old'], ...ok } }, '/b': { get: ok } };
    expect(tools(mapPaths(tagged, { tags: [{ name: 'old', 'x-mcp': { enabled: false } }] }))).toEqual(['get_b']);
  });
  test('is read from x-speakeasy-mcp if there is not an x-mcp', () => {
    const mapped = mapPaths({
      '/a': { get: { 'x-speakeasy-mcp': { disabled: true }, ...ok } },
      '/b': { get: { 'x-speakeasy-mcp': { name: 'bee', readOnlyHint: true }, ...ok } },
    });
    expect(tools(mapped)).toEqual(['bee']);
  });
});

test('a parameter can be hidden, renamed and described', () => {
  const [operation] = mapPaths({
    '/a': {
      get: {
        parameters: [
          { name: 'debug', in: 'query', schema: {}, 'x-mcp': { enabled: false } },
          {
            name: 'q',
            in: 'query',
            schema: { type: 'string' },
            'x-mcp': { name: 'query', description: 'What to look for.' },
          },
        ],
        ...ok,
      },
    },
  }).model.operations;
  expect(operation?.arguments.properties).toEqual({
    query: { type: 'string', description: 'What to look for. The query parameter "q".' },
  });
  expect(operation?.request.query).toMatchObject([{ argument: 'query', name: 'q' }]);
});

test.each([
  [{ 'x-mcp': 'yes' }, '#/paths/~1a/get/x-mcp'],
  [{ 'x-mcp': { enabled: 'no' } }, '#/paths/~1a/get/x-mcp/enabled'],
  [{ 'x-mcp': { kind: 'prompt' } }, '#/paths/~1a/get/x-mcp/kind'],
  [{ 'x-mcp': { nmae: 'x' } }, '#/paths/~1a/get/x-mcp/nmae'],
  [{ 'x-mcp': { annotations: { readOnly: true } } }, '#/paths/~1a/get/x-mcp/annotations/readOnly'],
  [{ 'x-mcp': { response: { keep: ['a'], omit: ['b'] } } }, '#/paths/~1a/get/x-mcp/response'],
])('%j is reported with its pointer', (extension, pointer) => {
  expect(mapPaths({ '/a': { get: { ...extension, ...ok } } }).problems).toMatchObject([
    { code: 'BAD_EXTENSION', pointer },
  ]);
});
