import { describe, expect, test } from 'vitest';
import { mapPaths } from './document.test.fixture.ts';

// What documents repeat is read once, if nothing has to be reported.

const get = (parameter: unknown) => ({ get: { parameters: [parameter], responses: { 200: { description: 'ok' } } } });
const limit = { name: '$limit', in: 'query', description: 'How many.', schema: { type: 'integer', minimum: 1 } };

describe('a parameter that several operations repeat', () => {
  test('has the same schema and the same plan in all of them', () => {
    const [first, second] = mapPaths({ '/a': get(limit), '/b': get({ ...limit }) }).model.operations;
    expect(first?.arguments.properties.limit).toMatchObject({ type: 'integer', minimum: 1 });
    expect(second?.arguments.properties.limit).toBe(first?.arguments.properties.limit);
    expect(first?.request.query).toMatchObject([{ argument: 'limit', name: '$limit' }]);
    expect(second?.request.query[0]).toBe(first?.request.query[0]);
  });

  test('has its problems reported at every place', () => {
    const broken = { ...limit, schema: { type: 'integer', minimum: 'one' } };
    const { problems } = mapPaths({ '/a': get(broken), '/b': get({ ...broken }), '/c': get({ ...broken }) });
    expect(problems.filter(({ code }) => code === 'BAD_SCHEMA_KEYWORD').map(({ pointer }) => pointer)).toEqual(
      ['a', 'b', 'c'].map((path) => `#/paths/~1${path}/get/parameters/0/schema/minimum`),
    );
  });

  test('has another name where another argument already has it', () => {
    const own = { name: 'limit', in: 'header', schema: { type: 'string' } };
    const both = { get: { ...get(limit).get, parameters: [own, { ...limit, name: 'limit' }] } };
    const alone = get({ ...limit, name: 'limit', in: 'header', schema: { type: 'string' }, description: undefined });
    const { operations } = mapPaths({ '/a': both, '/b': get(own), '/c': alone }).model;
    expect(operations.map(({ request: { headers } }) => headers[0]?.argument)).toEqual([
      'limit_header',
      'limit',
      'limit',
    ]);
  });

  test('keeps reserved characters only where the path says so', () => {
    const name = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
    const { operations } = mapPaths({ '/a/{name}': get(name), '/b/{+name}': get(name), '/c/{name}': get(name) }).model;
    const raw = operations.map(({ request: { path } }) =>
      path.map((part) => (typeof part === 'string' ? part : part.allowReserved)),
    );
    expect(raw).toEqual([
      ['/a/', false],
      ['/b/', true],
      ['/c/', false],
    ]);
  });
});

test('a body that several operations refer to has the same fields in all of them, under the keys of each', () => {
  const schemas = { Pet: { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } } };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } };
  const post = (...parameters: readonly unknown[]) => ({
    post: { parameters, requestBody: { content }, responses: { 200: { description: 'ok' } } },
  });
  const id = { name: 'id', in: 'query', schema: { type: 'string' } };
  const { operations } = mapPaths(
    { '/a': post(), '/b': post(), '/c': post(id), '/d': post() },
    { components: { schemas } },
  ).model;
  const fields = operations.map(({ request: { body } }) => {
    const source = body?.variants[0]?.source;
    return source?.kind === 'fields' ? source.fields : undefined;
  });
  const usual = { id: 'id', name: 'name' };
  expect(fields).toEqual([usual, usual, { id_body: 'id', name: 'name' }, usual]);
});
