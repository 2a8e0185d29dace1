import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { applyOverlay } from './overlay.ts';

const overlay = (actions: readonly unknown[], version = '1.1.0') => ({
  overlay: version,
  info: { title: 'Test', version: '1' },
  actions,
});

/** Freezes every level, so that a change in place throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

const apply = (root: unknown, actions: readonly unknown[], version?: string) =>
  applyOverlay(frozen(root), frozen(overlay(actions, version)), 'o.yaml');

const said = (problems: readonly { code: string; pointer: string }[]) =>
  problems.map(({ code, pointer }) => `${code} ${pointer}`);

describe('actions', () => {
  const table: { name: string; root: unknown; actions: unknown[]; version?: string; want: unknown }[] = [
    {
      name: 'update merges an object property by property, joins lists and replaces primitives',
      root: { info: { title: 'A', contact: { name: 'x' }, tags: ['a'] }, paths: {} },
      actions: [{ target: '$.info', update: { title: 'B', contact: { email: 'y' }, tags: ['b'], 'x-new': { z: 1 } } }],
      want: {
        info: { title: 'B', contact: { name: 'x', email: 'y' }, tags: ['a', 'b'], 'x-new': { z: 1 } },
        paths: {},
      },
    },
    {
      name: 'update appends an object to a list',
      root: { parameters: [{ name: 'a' }] },
      actions: [{ target: '$.parameters', update: { name: 'newParam', in: 'query' } }],
      version: '1.0.0',
      want: { parameters: [{ name: 'a' }, { name: 'newParam', in: 'query' }] },
    },
    {
      name: 'update joins a list with a list',
      root: { tags: [{ name: 'a' }] },
      actions: [{ target: '$.tags', update: [{ name: 'b' }, { name: 'c' }] }],
      version: '1.0.0',
      want: { tags: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
    },
    {
      name: 'update replaces a primitive in 1.1, null included',
      root: { a: { d: 'old' }, b: { d: null }, list: ['x', 'y'] },
      actions: [
        { target: "$['a','b'].d", update: 'new' },
        { target: '$.list[1]', update: null },
      ],
      want: { a: { d: 'new' }, b: { d: 'new' }, list: ['x', null] },
    },
    {
      name: 'update reaches every target of a wildcard',
      root: { paths: { '/a': { get: {} }, '/b': { get: { x: 1 }, post: {} } } },
      actions: [{ target: '$.paths.*.get', update: { 'x-safe': true } }],
      version: '1.0.0',
      want: { paths: { '/a': { get: { 'x-safe': true } }, '/b': { get: { x: 1, 'x-safe': true }, post: {} } } },
    },
    {
      name: 'update merges into the root',
      root: { openapi: '3.1.0' },
      actions: [{ target: '$', update: { info: { title: 'T' } } }],
      want: { openapi: '3.1.0', info: { title: 'T' } },
    },
    {
      name: 'update touches a node once, however often it is selected',
      root: { tags: ['a'] },
      actions: [{ target: "$['tags','tags']", update: ['b'] }],
      want: { tags: ['a', 'b'] },
    },
    {
      name: 'update reaches nodes inside of other targets',
      root: { a: { b: { c: { d: 1 } } } },
      actions: [{ target: '$..[?@.b || @.c || @.d]', update: { x: 1 } }],
      want: { a: { b: { c: { d: 1, x: 1 }, x: 1 }, x: 1 } },
    },
    {
      name: 'remove takes items out of a list without moving the others to be removed',
      root: { p: [{ name: 'dummy' }, { name: 'b' }, { name: 'dummy' }, { name: 'd' }] },
      actions: [{ target: "$.p[?@.name == 'dummy']", remove: true }],
      version: '1.0.0',
      want: { p: [{ name: 'b' }, { name: 'd' }] },
    },
    {
      name: 'remove takes more than ten items in the order of numbers, not of text',
      root: { p: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] },
      actions: [{ target: '$.p[?@ == 2 || @ == 10 || @ == 11]', remove: true }],
      want: { p: [0, 1, 3, 4, 5, 6, 7, 8, 9] },
    },
    {
      name: 'remove takes a primitive item in 1.1',
      root: { paths: { '/a': { get: { tags: ['x', 'dummy'] } } } },
      actions: [{ target: "$.paths.*.get.tags[?@ == 'dummy']", remove: true }],
      want: { paths: { '/a': { get: { tags: ['x'] } } } },
    },
    {
      name: 'remove takes nodes inside of nodes that are removed too',
      root: { a: { x: { x: 1 } }, x: 2 },
      actions: [{ target: '$..x', remove: true }],
      want: { a: {} },
    },
    {
      name: 'remove goes before update',
      root: { a: { b: {} } },
      actions: [{ target: '$.a.b', update: { c: 1 }, remove: true }],
      want: { a: {} },
    },
    {
      name: 'actions see the result of those before them',
      root: { servers: [{ url: 'https://live.example' }] },
      actions: [
        { target: '$.servers', remove: true },
        { target: '$', update: { servers: [{ url: 'https://test.example' }] } },
      ],
      want: { servers: [{ url: 'https://test.example' }] },
    },
    {
      name: 'a property called __proto__ stays a property',
      root: JSON.parse('{"a":{"__proto__":{"x":1}}}'),
      actions: [{ target: '$.a', update: JSON.parse('{"__proto__":{"y":2}}') }],
      want: JSON.parse('{"a":{"__proto__":{"x":1,"y":2}}}'),
    },
  ];
  test.each(table)('$name', async ({ root, actions, version, want }) => {
    const result = await apply(root, actions, version);
    expect(JSON.stringify(result.root)).toBe(JSON.stringify(want));
    expect(result.problems).toEqual([]);
  });
});

describe('examples of the specification', () => {
  const paged = parseYaml(`
    paths:
      /items: { get: { x-oai-traits: [paged] } }
      /items/{id}/subitems: { get: { x-oai-traits: [paged], parameters: [{ name: id, in: path, required: true }] } }
      /other: { get: {} }`);
  const items = parseYaml(`
    openapi: 3.1.0
    paths:
      /items: { get: { responses: { 200: { description: OK } } } }
      /some-items: { delete: { responses: { 200: { description: OK } } } }`);
  const get = { get: { responses: { 200: { description: 'OK' } } } };
  const remove = { delete: { responses: { 200: { description: 'OK' } } } };

  test('Structured Overlay Example', async () => {
    const root = { info: { title: 'A' }, paths: { '/': { get: {} }, '/pets': { get: { summary: 'Pets' } } } };
    const update = parseYaml(`
      info: { x-overlay-applied: structured-overlay }
      paths:
        /: { summary: The root resource, get: { summary: Retrieve the root resource, x-rate-limit: 100 } }
        /pets: { get: { summary: Retrieve a list of pets, x-rate-limit: 100 } }`);
    const result = await apply(root, [{ target: '$', update }], '1.0.0');
    expect(result).toEqual({ root: { ...update, info: { title: 'A', ...update.info } }, problems: [] });
  });

  test('Targeted Overlay Example', async () => {
    const root = { paths: { '/foo': { get: { description: 'a' } }, '/bar': { get: { description: 'b' }, post: {} } } };
    const result = await apply(root, [
      { target: "$.paths['/foo'].get.description", update: 'This is the new description' },
      { target: "$.paths['/bar'].get.description", update: 'This is the updated description' },
      { target: "$.paths['/bar']", update: { post: { description: 'A child object', 'x-safe': false } } },
    ]);
    expect(result).toEqual({
      root: {
        paths: {
          '/foo': { get: { description: 'This is the new description' } },
          '/bar': {
            get: { description: 'This is the updated description' },
            post: { description: 'A child object', 'x-safe': false },
          },
        },
      },
      problems: [],
    });
  });

  test('Wildcard Overlay Example', async () => {
    const filter = { name: 'filter', in: 'query' };
    const root = { paths: { '/a': { get: { parameters: [filter, { name: 'filter', in: 'header' }] } } } };
    const update = { schema: { $ref: '#/components/schemas/filterSchema' } };
    const target = "$.paths.*.get.parameters[?@.name=='filter' && @.in=='query']";
    const result = await apply(root, [{ target, update }], '1.0.0');
    expect(result.root).toEqual({
      paths: {
        '/a': {
          get: {
            parameters: [
              { ...filter, ...update },
              { name: 'filter', in: 'header' },
            ],
          },
        },
      },
    });
  });

  test('Traits Example', async () => {
    const parameters = [
      { name: 'top', in: 'query' },
      { name: 'skip', in: 'query' },
    ];
    const target = "$.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get";
    const result = await apply(paged, [{ target, update: { parameters } }], '1.0.0');
    expect(result).toEqual({
      root: {
        paths: {
          '/items': { get: { 'x-oai-traits': ['paged'], parameters } },
          '/items/{id}/subitems': {
            get: { 'x-oai-traits': ['paged'], parameters: [{ name: 'id', in: 'path', required: true }, ...parameters] },
          },
          '/other': { get: {} },
        },
      },
      problems: [],
    });
  });

  test('Simple Copy', async () => {
    const result = await apply(items, [{ target: '$.paths["/some-items"]', copy: '$.paths["/items"]' }]);
    expect(result.root).toEqual({ openapi: '3.1.0', paths: { '/items': get, '/some-items': { ...get, ...remove } } });
  });

  test('Ensure the Target Exists and Copy', async () => {
    const result = await apply(items, [
      { target: '$.paths', update: { '/other-items': {} } },
      { target: '$.paths["/other-items"]', copy: '$.paths["/items"]' },
    ]);
    expect(result.root).toEqual({
      openapi: '3.1.0',
      paths: { '/items': get, '/other-items': get, '/some-items': remove },
    });
  });

  test('Move Example', async () => {
    const result = await apply(items, [
      { target: '$.paths', update: { '/new-items': {} } },
      { target: '$.paths["/new-items"]', copy: '$.paths["/items"]' },
      { target: '$.paths["/items"]', remove: true },
    ]);
    expect(result.root).toEqual({ openapi: '3.1.0', paths: { '/new-items': get, '/some-items': remove } });
  });
});

test('a copy and what it was copied from are changed apart', async () => {
  const result = await apply({ a: { x: { n: 1 } }, b: {} }, [
    { target: '$.a.x', update: { m: 1 } },
    { target: '$.b', copy: '$.a' },
    { target: '$.b.x', update: { onlyB: true } },
    { target: '$.a.x', update: { onlyA: true } },
  ]);
  expect(result.root).toEqual({ a: { x: { n: 1, m: 1, onlyA: true } }, b: { x: { n: 1, m: 1, onlyB: true } } });
});

test('what no action touches is shared with the document, not cloned', async () => {
  const root = frozen({ paths: { '/a': { get: {} }, '/b': { get: {} } }, components: { schemas: {} } });
  const { root: result } = await applyOverlay(root, overlay([{ target: "$.paths['/a'].get", update: { x: 1 } }]), 'o');
  const changed = result as typeof root;
  expect(changed.components).toBe(root.components);
  expect(changed.paths['/b']).toBe(root.paths['/b']);
  expect(changed.paths['/a']).not.toBe(root.paths['/a']);
});

describe('problems', () => {
  const root = { info: { title: 'A' }, tags: ['a'], paths: { '/a': { get: {} } } };
  const table: { name: string; actions: unknown[]; version?: string; want: string[] }[] = [
    {
      name: 'a target that selects nothing',
      actions: [{ target: '$.nope', remove: true }],
      want: ['OVERLAY_UNMATCHED o.yaml#/actions/0/target'],
    },
    {
      name: 'a target that is not a JSONPath',
      actions: [{ target: '$.paths./a', remove: true }],
      want: ['OVERLAY_BAD_PATH o.yaml#/actions/0/target'],
    },
    { name: 'an action that is not an object', actions: ['x'], want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0'] },
    {
      name: 'an action without target',
      actions: [{ update: {} }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/target'],
    },
    {
      name: 'an action that does nothing',
      actions: [{ target: '$', remove: false }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0'],
    },
    {
      name: 'remove that is not a boolean',
      actions: [{ target: '$.info', remove: 'yes' }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/remove'],
    },
    {
      name: 'removing the document',
      actions: [{ target: '$', remove: true }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/target'],
    },
    {
      name: 'update and copy together',
      actions: [{ target: '$.info', update: {}, copy: '$.paths' }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0'],
    },
    {
      name: 'targets of several kinds',
      actions: [{ target: "$['info','tags']", update: {} }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/target'],
    },
    {
      name: 'an object for a list',
      actions: [{ target: '$', update: { tags: { a: 1 } } }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/update/tags'],
    },
    {
      name: 'a primitive for an object',
      actions: [{ target: '$.info', update: 'x' }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/update'],
    },
    {
      name: 'copy in 1.0',
      actions: [{ target: '$.info', copy: '$.paths' }],
      version: '1.0.0',
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/copy'],
    },
    {
      name: 'a primitive target in 1.0',
      actions: [{ target: '$.info.title', update: 'B' }],
      version: '1.0.0',
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/target'],
    },
    {
      name: 'copy of nothing',
      actions: [{ target: '$.info', copy: '$.nope' }],
      want: ['OVERLAY_UNMATCHED o.yaml#/actions/0/copy'],
    },
    {
      name: 'copy of several',
      actions: [{ target: '$.info', copy: '$.*' }],
      want: ['OVERLAY_BAD_ACTION o.yaml#/actions/0/copy'],
    },
    {
      name: 'copy from an invalid JSONPath',
      actions: [{ target: '$.info', copy: 'paths' }],
      want: ['OVERLAY_BAD_PATH o.yaml#/actions/0/copy'],
    },
  ];
  test.each(table)('$name: said, and the document stays as it was', async ({ actions, version, want }) => {
    const result = await apply(root, actions, version);
    expect(said(result.problems)).toEqual(want);
    expect(result.root).toEqual(root);
  });

  test.each([
    ['no overlay at all', { openapi: '3.1.0' }],
    ['no object', 'text'],
    ['a version of the future', { overlay: '1.2.0', actions: [{ target: '$.info', remove: true }] }],
  ])('%s: an unsupported version', async (_name, given) => {
    const result = await applyOverlay(root, given, 'o.yaml');
    expect(said(result.problems)).toEqual(['OVERLAY_UNSUPPORTED_VERSION o.yaml#/overlay']);
    expect(result.root).toBe(root);
  });

  test.each([1, 1.1, '1.0', '1.0.3', '1.1'])('the version may be written %s', async (version) => {
    const result = await applyOverlay(root, { overlay: version, actions: [{ target: '$.info', remove: true }] }, 'o');
    expect(result.problems).toEqual([]);
  });

  test.each([{ overlay: '1.1.0' }, { overlay: '1.1.0', actions: [] }])('no actions', async (given) => {
    const { problems } = await applyOverlay(root, given, 'o.yaml');
    expect(said(problems)).toEqual(['OVERLAY_BAD_ACTION o.yaml#/actions']);
  });

  test('a bad action leaves the others to be applied', async () => {
    const result = await apply(root, [{ target: '$[' }, { target: '$.info', update: { title: 'B' } }]);
    expect(result.root).toMatchObject({ info: { title: 'B' } });
    expect(result.problems).toHaveLength(1);
  });

  test('a clash costs the one property, and is said once for all targets', async () => {
    const many = { paths: { '/a': { get: { x: {} } }, '/b': { get: { x: {} } } } };
    const result = await apply(many, [{ target: '$.paths.*.get', update: { x: null, y: 1 } }]);
    expect(result.root).toEqual({ paths: { '/a': { get: { x: {}, y: 1 } }, '/b': { get: { x: {}, y: 1 } } } });
    expect(result.problems.map(({ message }) => message)).toEqual([
      'A primitive value cannot be merged into an object, which is not changed (in 2 targets).',
    ]);
  });

  test('a query that searches the document for each of its parts, and again for each of those, is given up', async () => {
    const pets = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, { name: at }]));
    const target = '$..[?count($..[?count($..*) > 1]) > 1]';
    const result = await apply({ pets }, [{ target, remove: true }]);
    expect(result.root).toEqual({ pets });
    expect(result.problems.map(({ code, message }) => [code, message])).toEqual([
      ['OVERLAY_BAD_PATH', `${target}: The query visits more than 5000000 values. Make it more specific.`],
    ]);
  });

  test('a document that contains itself ends in a problem', async () => {
    const knot: Record<string, unknown> = {};
    knot.again = knot;
    const result = await applyOverlay(knot, overlay([{ target: '$..x', remove: true }]), 'o.yaml');
    expect(said(result.problems)).toEqual(['OVERLAY_BAD_PATH o.yaml#/actions/0/target']);
  });
});
