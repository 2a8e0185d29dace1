import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import { composite } from '../runtime/compose/composite.ts';
import { namespace } from '../runtime/compose/namespace.ts';
import type { Provider } from '../runtime/provider.ts';
import { filter } from '../runtime/transforms/filter.ts';
import { rename } from '../runtime/transforms/rename.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const NAMES = Array.from({ length: 60 }, (_, index) => `Type${index}`);

/** Every type reaches every other one. */
const document = {
  openapi: '3.1.1',
  info: { title: 'Graph', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: Object.fromEntries(
    NAMES.slice(0, 3).map((name) => [
      `/${name}s`,
      {
        post: {
          operationId: `create${name}`,
          summary: `Creates a ${name}`,
          requestBody: { required: true, content: { 'application/json': { schema: ref(name) } } },
          responses: { 204: { description: 'Created.' } },
        },
        get: {
          operationId: `list${name}`,
          parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }],
          responses: { 200: { description: 'Found.' } },
        },
      },
    ]),
  ),
  components: {
    schemas: Object.fromEntries(
      NAMES.map((name, index) => [
        name,
        {
          type: 'object',
          required: ['label', 'owner'],
          properties: {
            label: { type: 'string', description: `What the ${name} is called, in the language of its owner.` },
            owner: { type: 'object', required: ['id'], properties: { id: { type: 'integer', format: 'int64' } } },
            ...Object.fromEntries(
              [1, 5, 17].map((step) => [`to${step}`, ref(NAMES[(index + step) % NAMES.length] ?? '')]),
            ),
            all: { type: 'array', items: ref(NAMES[(index + 31) % NAMES.length] ?? '') },
          },
        },
      ]),
    ),
  },
};

const opened = openApi(document, { cache: false });
const text = (result: unknown): string => JSON.stringify(result);
const toolNamed = async (provider: Provider, name: string) =>
  (await provider.listTools({})).find((tool) => tool.name === name);
const uriIn = (description = ''): string => /\S+$/.exec(description)?.[0] ?? '';
const readSchema = async (provider: Provider, uri: string) => {
  const { contents } = await provider.readResource({ uri }, callContext());
  return JSON.parse(contents[0] && 'text' in contents[0] ? contents[0].text : '');
};

describe('a tool whose schema reaches a large graph', () => {
  test('is listed in at most 8,000 bytes, with everything that is required', async () => {
    const { provider, model } = await opened;
    const tool = await toolNamed(provider, 'createType0');
    const inputSchema = tool?.inputSchema;
    expect(text(inputSchema).length).toBeGreaterThan(4_000);
    expect(text(inputSchema).length).toBeLessThanOrEqual(8_000);
    expect(inputSchema?.required).toEqual(['label', 'owner']);
    expect(inputSchema?.properties?.owner).toMatchObject({ required: ['id'] });
    expect(text(inputSchema)).toContain('{"type":"object"}');
    expect(() => new Ajv2020({ strict: false, validateFormats: false }).compile(inputSchema ?? {})).not.toThrow();
    expect(Object.keys(model.schemas)).toHaveLength(60);
  });

  test('says where the full schema is, and the others do not', async () => {
    const { provider } = await opened;
    const tool = await toolNamed(provider, 'createType0');
    expect(tool?.description).toBe(
      'Creates a Type0\n\nOptional parts are shortened; full input schema: schema://graph/createType0',
    );
    expect((await toolNamed(provider, 'listType0'))?.description).not.toContain('schema://');
    expect(await provider.listResourceTemplates({})).toContainEqual(
      expect.objectContaining({ uriTemplate: 'schema://graph/{tool}', mimeType: 'application/schema+json' }),
    );
    const full = await readSchema(provider, 'schema://graph/createType0');
    expect(Object.keys(full.$defs)).toHaveLength(60);
    expect(full.properties.to1).toEqual({ $ref: '#/$defs/Type1' });
    const ref = { type: 'resource', uri: 'schema://graph/{tool}' } as const;
    const completion = { ref, argument: { name: 'tool', value: 'CREATETYPE1' }, given: {} };
    expect((await provider.complete(completion, callContext())).values).toEqual(['createType1']);
  });

  test('validates arguments against the exact schema', async () => {
    const { provider } = await opened;
    const to17 = { label: 'x', owner: { id: 1 }, to17: { label: 'x', owner: { id: 1 }, to17: { label: 5 } } };
    const call = { name: 'createType0', arguments: { label: 'x', owner: { id: 1 }, to17 } };
    const { isError, content } = await provider.callTool(call, callContext());
    expect(isError).toBe(true);
    expect(text(content)).toContain('to17');
  });

  test.each(['schema://graph/listType0', 'schema://graph/none', 'schema://other/createType0'])(
    'there is no resource %s',
    async (uri) => {
      const { provider } = await opened;
      await expect(provider.readResource({ uri }, callContext())).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    },
  );
});

describe('the URI in the description can be read', () => {
  test('in namespaces, and from a renamed tool', async () => {
    const { provider } = await opened;
    const renamed = await rename(provider, { tools: { createType0: 'make' } });
    const mounted = composite([namespace(namespace(renamed, 'inner'), 'outer')]);
    const tool = await toolNamed(mounted, 'outer_inner_make');
    expect(uriIn(tool?.description)).toBe('schema://outer.inner.graph/createType0');
    expect(Object.keys((await readSchema(mounted, uriIn(tool?.description))).$defs)).toHaveLength(60);
  });

  test('of the tools that a filter keeps, and of no others', async () => {
    const { provider } = await opened;
    const filtered = filter(provider, { include: [{ name: 'createType0' }] });
    expect(await filtered.listTools({})).toHaveLength(1);
    expect(Object.keys((await readSchema(filtered, 'schema://graph/createType0')).$defs)).toHaveLength(60);
    await expect(readSchema(filtered, 'schema://graph/createType1')).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('if parts of the same API are combined', async () => {
    const [one, other] = await Promise.all(
      ['createType0', 'createType1'].map(async (name) => {
        const { provider } = await openApi(document, { cache: false });
        return filter(provider, { include: [{ name }] });
      }),
    );
    if (!one || !other) throw new Error('Two providers are expected.');
    const both = composite([one, other]);
    expect(await both.listResourceTemplates({})).toHaveLength(1);
    for (const name of ['createType0', 'createType1']) {
      expect(Object.keys((await readSchema(both, `schema://graph/${name}`)).$defs)).toHaveLength(60);
    }
  });
});

test('a profile without references is shortened too', async () => {
  const { provider } = await openApi(document, { cache: false, profile: 'gemini' });
  for (const tool of await provider.listTools({})) expect(text(tool.inputSchema).length).toBeLessThanOrEqual(8_000);
});
