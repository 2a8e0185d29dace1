import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemCode } from '../problems.ts';
import { DocumentError, dereference, type ParseOptions, parseDocument, userPointer } from './index.ts';

const noNetwork = () => Promise.reject(new Error('no network here'));
const OPTIONS: ParseOptions = {
  send: noNetwork,
  sendRedirected: () => noNetwork,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 1000,
  maxBytes: 1_000_000,
  stdin: undefined,
  cached: undefined,
  amend: undefined,
};
const specs = join(import.meta.dirname, '../../test-specs');
const minimal = { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {} };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parse-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an object in memory is read, and neither changed nor shared', async () => {
  const given = structuredClone(minimal);
  const document = await parseDocument(given, OPTIONS);
  expect(document).toMatchObject({ root: minimal, version: '3.1.0', location: 'memory', problems: [] });
  expect(document.root).not.toBe(given);
  expect(document.files).toEqual([{ location: 'memory', hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
});

test('text in memory is read, and stands where it is said to stand', async () => {
  const text = 'openapi: 3.1.0\npaths: {}\n';
  const document = await parseDocument({ text, location: 'https://a.test/api.yaml' }, OPTIONS);
  expect(document).toMatchObject({ location: 'https://a.test/api.yaml', url: 'https://a.test/api.yaml' });
});

test('a document without paths loads', async () => {
  const document = await parseDocument({ text: 'openapi: "3.1"\nwebhooks: {}\n' }, OPTIONS);
  expect(document.root).toEqual({ openapi: '3.1', webhooks: {} });
});

test('a circle of objects in memory is rejected', async () => {
  const circle: Record<string, unknown> = { openapi: '3.1.0' };
  circle.paths = circle;
  await expect(parseDocument(circle, OPTIONS)).rejects.toThrow(/contains itself/);
});

test('100,000 lines of YAML are read', async () => {
  const lines = ['openapi: 3.1.0', 'paths:'];
  for (let i = 0; i < 20_000; i++)
    lines.push(`  /p${i}:`, '    get:', '      responses:', '        200:', '          description: ok');
  const { root } = await parseDocument({ text: lines.join('\n') }, { ...OPTIONS, maxBytes: 10_000_000 });
  expect(Object.keys(root.paths as object)).toHaveLength(20_000);
}, 30_000);

test('the document is amended before anything is made of it', async () => {
  const amend = async (root: unknown) => ({ root: { ...(root as object), host: 'amended.test' }, problems: [] });
  const { root } = await parseDocument({ swagger: '2.0', paths: {} }, { ...OPTIONS, amend });
  expect(root.servers).toEqual([{ url: 'https://amended.test' }]);
});

test.each(['swagger: 2.0', 'openapi: 3.0.3', 'openapi: 3.1.0'])(
  'JSON nested beyond measure in %s is read as deep as it may nest',
  async (version) => {
    const [key, value] = version.split(': ');
    const deep = `${'{"items":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const place = key === 'swagger' ? `"definitions":{"A":${deep}}` : `"components":{"schemas":{"A":${deep}}}`;
    const { problems } = await parseDocument({ text: `{"${key}":"${value}","paths":{},${place}}` }, OPTIONS);
    expect(problems.map(({ code }) => code)).toEqual(['TOO_DEEP']);
  },
);

test.each([
  { name: 'an HTML page', text: '<!doctype html><html></html>', says: /looks like an HTML page/ },
  { name: 'an empty text', text: '', says: /empty/ },
  { name: 'an AsyncAPI document', text: 'asyncapi: 3.0.0', says: /looks like an AsyncAPI document/ },
])('$name is refused with a reason and a way out', async ({ text, says }) => {
  const error = await parseDocument({ text }, OPTIONS).then(
    () => undefined,
    (thrown: unknown) => thrown as DocumentError,
  );
  expect(error).toBeInstanceOf(DocumentError);
  expect(error?.message).toMatch(says);
  expect(error?.fix).not.toBe('');
});

describe('a document of several files', () => {
  test('becomes one, whose references are all local', async () => {
    const document = await parseDocument(join(specs, 'multi-file/openapi.yaml'), OPTIONS);
    expect(document.problems).toEqual([]);
    expect(document.files.map(({ location }) => location.replace(/^.*multi-file\//, ''))).toEqual([
      'openapi.yaml',
      'parameters.yaml',
      'paths/people.yaml',
      'schemas/animals.json',
      'schemas/person.yaml',
    ]);
    expect(document.root).toMatchObject({
      paths: {
        '/people': { $ref: '#/x-bundled-files/people' },
        '/self': {
          get: {
            parameters: [{ $ref: '#/x-bundled-files/parameters/limit' }],
            responses: {
              '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } } },
            },
          },
        },
      },
      components: {
        schemas: {
          Person: { $ref: '#/x-bundled-files/person' },
          Animal: {
            oneOf: [
              { $ref: '#/x-bundled-files/animals/definitions/Cat' },
              { $ref: '#/x-bundled-files/animals/definitions/Dog' },
            ],
            discriminator: { mapping: { cat: '#/x-bundled-files/animals/definitions/Cat', dog: 'Dog' } },
            example: { $ref: 'https://api.test/this/is/data' },
          },
        },
      },
      'x-bundled-files': {
        animals: {
          definitions: {
            Cat: { properties: { friend: { $ref: '#/x-bundled-files/animals/definitions/Dog' } } },
            Dog: { properties: { owner: { $ref: '#/x-bundled-files/person' } } },
          },
        },
        person: { properties: { parent: { $ref: '#/x-bundled-files/person' } } },
        people: {},
        parameters: {},
      },
    });
  });

  test('keeps the place of everything in its own file', async () => {
    const document = await parseDocument(join(specs, 'multi-file/openapi.yaml'), OPTIONS);
    const found = dereference(document, { $ref: '#/x-bundled-files/animals/definitions/Dog/properties/owner' }, '#/x');
    expect(found).toMatchObject({ value: { type: 'object' } });
    const value = 'value' in found ? found.value : undefined;
    expect(userPointer(document, value, '#/x-bundled-files/person')).toBe('schemas/person.yaml#');
    const missing = dereference(document, { $ref: '#/x-bundled-files/animals/definitions/Dogs' }, '#/x');
    expect(missing).toMatchObject({
      problem: { message: '"schemas/animals.json#/definitions/Dogs" does not exist. Did you mean "Dog"?' },
    });
  });

  test('may be given by its folder', async () => {
    const { location } = await parseDocument(join(specs, 'multi-file'), OPTIONS);
    expect(location).toBe(join(specs, 'multi-file/openapi.yaml'));
  });

  test('may be of 2.0: what its files hold is upgraded where it is used', async () => {
    await mkdir(join(folder, 'two/spec'), { recursive: true });
    await writeFile(
      join(folder, 'two/spec/swagger.yaml'),
      `swagger: "2.0"
paths:
  /a:
    post:
      parameters: [{ $ref: ../shared.yaml#/Body }, { $ref: ../shared.yaml#/Page }]
      responses: { 200: { $ref: ../shared.yaml#/Ok } }
  /b: { $ref: ../shared.yaml#/Item }
`,
    );
    await writeFile(
      join(folder, 'two/shared.yaml'),
      `Body: { name: b, in: body, schema: { $ref: '#/Pet' } }
Page: { name: page, in: query, type: integer }
Ok: { description: ok, schema: { $ref: '#/Pet' } }
Pet: { type: object, properties: { photo: { type: file } } }
Item: { get: { produces: [text/plain], responses: { 200: { $ref: '#/Ok' } } } }
`,
    );
    const { root, problems, pointers } = await parseDocument(join(folder, 'two'), OPTIONS);
    const pet = { $ref: '#/x-bundled-files/shared/Pet' };
    expect(problems).toEqual([]);
    expect(root).toMatchObject({
      paths: {
        '/a': {
          post: {
            parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }],
            requestBody: { content: { 'application/json': { schema: pet } } },
            responses: { '200': { description: 'ok', content: { 'application/json': { schema: pet } } } },
          },
        },
        '/b': { get: { responses: { '200': { content: { 'text/plain': { schema: pet } } } } } },
      },
      'x-bundled-files': { shared: { Pet: { properties: { photo: { type: 'string', format: 'binary' } } } } },
    });
    const { post } = (root.paths as { '/a': { post: { parameters: [object] } } })['/a'];
    expect(pointers.get(post.parameters[0])).toBe('shared.yaml#/Page');
  });

  const referring = (ref: string) => ({ openapi: '3.1.0', paths: {}, components: { schemas: { A: { $ref: ref } } } });
  const problemsOf = async (ref: string, name = 'openapi.json') => {
    await mkdir(join(folder, 'inner'), { recursive: true });
    await writeFile(join(folder, 'inner', name), JSON.stringify(referring(ref)));
    const { problems, root } = await parseDocument(join(folder, 'inner', name), OPTIONS);
    return { codes: problems.map(({ code, pointer }) => `${code} ${pointer}`), root };
  };

  test.each([
    { ref: '../../../../../../etc/passwd', code: 'REF_OUTSIDE_FOLDER' },
    { ref: '/etc/passwd', code: 'REF_OUTSIDE_FOLDER' },
    { ref: 'file:///etc/passwd', code: 'REF_OUTSIDE_FOLDER' },
    { ref: '%2e%2e/secret.json#/a', code: 'REF_OUTSIDE_FOLDER' },
    { ref: '..%2fsecret.json', code: 'REF_OUTSIDE_FOLDER' },
    { ref: 'no-such-file.json#/a', code: 'UNREADABLE_REF' },
    { ref: 'http://169.254.169.254/latest', code: 'REMOTE_REF_REFUSED' },
    { ref: 'ftp://a.test/x', code: 'BAD_REF' },
  ])('does not read $ref, and says so', async ({ ref, code }) => {
    await writeFile(join(folder, 'secret.json'), '{"a": {"type": "string"}}');
    const { codes, root } = await problemsOf(ref);
    expect(codes).toEqual([`${code} #/components/schemas/A`]);
    expect(root).toEqual(referring(ref));
  });

  test('does not follow a symbolic link out of its folder', async () => {
    await writeFile(join(folder, 'secret.json'), '{"a": 1}');
    await mkdir(join(folder, 'inner'), { recursive: true });
    await symlink(join(folder, 'secret.json'), join(folder, 'inner/link.json'));
    expect((await problemsOf('link.json#/a')).codes).toEqual(['REF_OUTSIDE_FOLDER #/components/schemas/A']);
  });

  test('cannot be in memory', async () => {
    const { problems } = await parseDocument(referring('pet.yaml'), OPTIONS);
    expect(problems).toMatchObject([{ code: 'UNREADABLE_REF', message: expect.stringContaining('in memory') }]);
  });

  test('loses only the file that is broken', async () => {
    await mkdir(join(folder, 'inner'), { recursive: true });
    await writeFile(join(folder, 'inner/broken.json'), '{"a": ');
    const { problems } = await parseDocument(
      { text: JSON.stringify(referring('broken.json')), location: join(folder, 'inner/openapi.json') },
      OPTIONS,
    );
    expect(problems).toMatchObject([{ code: 'UNREADABLE_REF', message: expect.stringContaining('not valid JSON') }]);
  });

  test('may refer to a schema by the $id of a component', async () => {
    const text = JSON.stringify({
      openapi: '3.1.0',
      components: {
        schemas: {
          A: { $ref: 'https://schemas.test/pet#/properties/a' },
          P: { $id: 'https://schemas.test/pet', properties: { a: {} } },
        },
      },
    });
    const { root, problems } = await parseDocument({ text }, OPTIONS);
    expect(problems).toEqual([]);
    expect(root.components).toMatchObject({ schemas: { A: { $ref: '#/components/schemas/P/properties/a' } } });
  });
});

const BROKEN: Partial<Record<ProblemCode, string>> = {
  NOT_STRICT_JSON: 'not-strict-json.json',
  BROKEN_YAML: 'broken-yaml.yaml',
  DUPLICATE_KEY: 'duplicate-key.yaml',
  TEXT_ENCODING: 'text-encoding.yaml',
  SEVERAL_YAML_DOCUMENTS: 'several-yaml-documents.yaml',
  UNKNOWN_VERSION: 'unknown-version.yaml',
  MISSING_VERSION: 'missing-version.yaml',
  MIXED_VERSIONS: 'mixed-versions.yaml',
  BODY_AND_FORM: 'body-and-form.yaml',
  SEVERAL_BODIES: 'several-bodies.yaml',
  FILE_WITHOUT_MULTIPART: 'file-without-multipart.yaml',
  NESTED_COLLECTION_FORMAT: 'nested-collection-format.yaml',
  BAD_STYLE: 'bad-style.yaml',
  BAD_REF: 'bad-ref.yaml',
  REF_OUTSIDE_FOLDER: 'ref-outside-folder.yaml',
  REMOTE_REF_REFUSED: 'remote-ref-refused.yaml',
  UNREADABLE_REF: 'unreadable-ref.yaml',
};
test.each(Object.entries(BROKEN))('%s is what test-specs/broken/%s shows, and nothing else', async (code, file) => {
  const { problems } = await parseDocument(join(specs, 'broken', file), OPTIONS);
  expect(problems.map((problem) => problem.code)).toEqual([code]);
});
