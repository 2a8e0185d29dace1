import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importProject } from './emitted-project.test.fixture.ts';
import { type GeneratedProject, generateProject } from './generate.ts';
import type { ApiModel, JsonValue, Operation } from './model/index.ts';
import { openApi } from './proxy.ts';
import { exampleValue } from './runtime/api/schema/example-value.ts';
import { expandTemplate, type TemplateValues } from './runtime/api/uri-template/index.ts';
import { callContext } from './runtime/call-context.ts';
import { searchTools } from './runtime/fit/search/search-tools.ts';
import { readPrepared, type Source, writePrepared } from './runtime/node/prepared.ts';
import type { Provider } from './runtime/provider.ts';
import { createServer } from './runtime/server.ts';
import { type MockApi, startMockApi } from './runtime/testing/mock-api.ts';

// The grid: spec × probe × {proxy, emitted, mounted}. The emitted server is the project as it is written to disk, with
// its own copy of the runtime (one for all of them: its bytes are the same); mounted, it is a child of a server under a
// namespace.

const SPECS = fileURLToPath(new URL('../test-specs/', import.meta.url));
const documents = ['', 'broken/']
  .flatMap((folder) => readdirSync(join(SPECS, folder)).map((name) => folder + name))
  .filter((name) => /\.(?:json|ya?ml)$/.test(name) && !name.includes('.overlay.'))
  .concat('multi-file/openapi.yaml');
const NAMESPACE = 'shop';

describe.each(documents)('%s', (name) => {
  let folder: string;
  let project: GeneratedProject;
  let emittedModel: ApiModel;
  let emittedSource: Source;
  let providers: Record<'proxy' | 'emitted' | 'mounted', Probed>;

  beforeAll(async () => {
    project = await generateProject(join(SPECS, name), { cache: false });
    const { create, ...emitted } = await importProject(project);
    folder = emitted.folder;
    emittedModel = emitted.model;
    emittedSource = emitted.source;
    const environment = everyCredential(project.model);
    const open = async (make: (baseUrl: string) => Provider | Promise<Provider>) => {
      const api = await startMockApi(project.model);
      return { api, provider: await make(api.url) };
    };
    providers = {
      proxy: await open(async (baseUrl) => {
        const opened = await openApi(join(SPECS, name), { cache: false, baseUrl, environment });
        return opened.provider;
      }),
      emitted: await open((baseUrl) => create({ baseUrl, environment })),
      mounted: await open((baseUrl) => {
        const server = createServer({ name: 'main', version: '1.0.0' });
        server.mount(NAMESPACE, create({ baseUrl, environment }));
        return server;
      }),
    };
  });
  afterAll(async () => {
    for (const { provider, api } of Object.values(providers ?? {})) {
      await provider.close();
      await api.close();
    }
  });

  test('the emitted model deep-equals the one it was printed from', () => {
    expect(emittedModel).toEqual(project.model);
  });

  test('so does the one that a build writes for the start', async () => {
    const file = pathToFileURL(join(folder, 'prepared.json'));
    writePrepared(file, emittedSource);
    const load = () => Promise.reject(new Error('It was not read.'));
    const { model, groups } = await readPrepared(file, { revision: emittedSource.revision, load });
    expect(model).toEqual(project.model);
    expect(
      Object.values(groups)
        .flatMap((members) => Object.values(members).map(({ id }) => id))
        .sort(),
    ).toEqual(project.model.operations.map(({ id }) => id).sort());
  });

  test('the lists are the same', async () => {
    const proxy = await lists(providers.proxy.provider);
    expect(await lists(providers.emitted.provider)).toEqual(proxy);
    const mounted = await lists(providers.mounted.provider);
    expect(mounted.prompts).toEqual(proxy.prompts);
    expect(
      mounted.tools.map((tool) => ({
        ...tool,
        name: tool.name.slice(NAMESPACE.length + 1),
        description: tool.description?.replace(`schema://${NAMESPACE}.`, 'schema://'),
      })),
    ).toEqual(proxy.tools);
    expect(mounted.resources.map(({ name: listed }) => listed)).toEqual(
      proxy.resources.map(({ name: listed }) => listed),
    );
    expect(mounted.templates.map(({ name: listed }) => listed)).toEqual(
      proxy.templates.map(({ name: listed }) => listed),
    );
  });

  test('search finds the same', async () => {
    const found = async (provider: Provider, query: string) => {
      const search = await searchTools(provider);
      const call = { name: 'search_tools', arguments: { query, limit: 20 } };
      const { content } = await search.callTool(call, callContext());
      const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
      return [...text.matchAll(/^[\w-]+(?=\()/gm)].map(([name]) => name).sort();
    };
    for (const { tool, origin } of project.model.operations.slice(0, 5)) {
      const query = `${tool?.title ?? tool?.description ?? ''} ${origin.path}`.slice(0, 100);
      const proxy = await found(providers.proxy.provider, query);
      expect(await found(providers.emitted.provider, query)).toEqual(proxy);
      const mounted = await found(providers.mounted.provider, query);
      expect(mounted.map((each) => each.slice(NAMESPACE.length + 1))).toEqual(proxy);
    }
  });

  test('every call sends the same bytes and has the same result', async () => {
    for (const { tool, args } of calls(project.model)) {
      const [proxy, emitted, mounted] = await Promise.all([
        called(providers.proxy, tool, args),
        called(providers.emitted, tool, args),
        called(providers.mounted, `${NAMESPACE}_${tool}`, args),
      ]);
      expect({ tool, args, ...emitted }).toEqual({ tool, args, ...proxy });
      expect({ tool, args, ...withOwnName(mounted, tool) }).toEqual({ tool, args, ...proxy });
    }
  });

  test('every read sends the same bytes and has the same contents', async () => {
    for (const uri of uris(project.model)) {
      const [proxy, emitted, mounted] = await Promise.all([
        read(providers.proxy, uri),
        read(providers.emitted, uri),
        read(providers.mounted, uri.replace('api://', NAMESPACE_URI)),
      ]);
      expect({ uri, ...emitted }).toEqual({ uri, ...proxy });
      expect({ uri, ...mounted }).toEqual({ uri, ...proxy });
    }
  });

  test('every argument of a template is completed alike', async () => {
    for (const { uriTemplate, argument } of completions(project.model)) {
      const [proxy, emitted, mounted] = await Promise.all([
        completed(providers.proxy, uriTemplate, argument),
        completed(providers.emitted, uriTemplate, argument),
        completed(providers.mounted, uriTemplate.replace('api://', NAMESPACE_URI), argument),
      ]);
      expect({ uriTemplate, argument, ...emitted }).toEqual({ uriTemplate, argument, ...proxy });
      expect({ uriTemplate, argument, ...mounted }).toEqual({ uriTemplate, argument, ...proxy });
    }
  });
});

function everyCredential({ auth }: ApiModel): Record<string, string> {
  const kinds = ['API_KEY', 'BEARER_TOKEN', 'BASIC_USERNAME', 'BASIC_PASSWORD'];
  const names = Object.keys(auth).map((name) => name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase());
  return Object.fromEntries(names.flatMap((name) => kinds.map((kind) => [`${kind}_${name}`, `secret-${kind}`])));
}

async function lists(provider: Provider) {
  return {
    tools: await provider.listTools({}),
    resources: await provider.listResources({}),
    templates: await provider.listResourceTemplates({}),
    prompts: await provider.listPrompts({}),
  };
}

/** Each operation with its required arguments, with all of them, and with one it does not have. */
function calls({ operations, schemas }: ApiModel) {
  return operations.flatMap(({ tool, arguments: schema }) => {
    if (!tool) return [];
    const required = examples(schema.required, schema, schemas);
    const all = examples(Object.keys(schema.properties), schema, schemas);
    return [required, all, { ...required, 'no such argument': 1 }].map((args) => ({ tool: tool.name, args }));
  });
}

/** Each resource, each template with its required values and with all of them, and an invalid one. */
function uris({ operations, schemas, name }: ApiModel): string[] {
  const known = operations.flatMap(({ resource, arguments: schema }) => {
    const { uri, uriTemplate } = resource ?? {};
    const expanded = [schema.required, Object.keys(schema.properties)].map((names) =>
      // What a template takes are texts, lists and objects of them, as the examples are.
      expandTemplate(uriTemplate ?? '', examples(names, schema, schemas) as TemplateValues),
    );
    return [...(uri === undefined ? [] : [uri]), ...(uriTemplate === undefined ? [] : expanded)];
  });
  return [...known, `api://${name}/no/such/resource`];
}

const completions = ({ operations }: ApiModel) =>
  operations.flatMap(({ resource, arguments: { properties } }) => {
    const { uriTemplate } = resource ?? {};
    return uriTemplate === undefined ? [] : Object.keys(properties).map((argument) => ({ uriTemplate, argument }));
  });

function examples(
  names: readonly string[],
  { properties }: Operation['arguments'],
  schemas: ApiModel['schemas'],
): Record<string, JsonValue> {
  return Object.fromEntries(names.map((name) => [name, exampleValue(properties[name] ?? true, schemas)]));
}

interface Probed {
  readonly provider: Provider;
  readonly api: MockApi;
}

function called(probed: Probed, tool: string, args: object) {
  return sent(probed, () => probed.provider.callTool({ name: tool, arguments: { ...args } }, callContext()));
}

/** A message names the tool as it was called; what is mounted is called by another name. */
function withOwnName<Sent>(sent: Sent, tool: string): Sent {
  return JSON.parse(JSON.stringify(sent).replaceAll(`(tool \\"${NAMESPACE}_${tool}\\")`, `(tool \\"${tool}\\")`));
}

function read(probed: Probed, uri: string) {
  // That nothing has a URI a composite says in its own words.
  const refused = (error: Error) =>
    'code' in error && error.code === 'RESOURCE_NOT_FOUND' ? error.code : { refused: error.message };
  return sent(probed, () => probed.provider.readResource({ uri }, callContext()).catch(refused));
}

function completed(probed: Probed, uri: string, argument: string) {
  const completion = { ref: { type: 'resource', uri } as const, argument: { name: argument, value: '' }, given: {} };
  return sent(probed, () => probed.provider.complete(completion, callContext()));
}

async function sent({ api }: Probed, ask: () => Promise<unknown>) {
  const before = api.requests.length;
  const result = await ask();
  return { requests: api.requests.slice(before).map(withoutOrigin(api)), result: withoutOrigin(api)(result) };
}

/** Each one has a mock of its own, and a multipart body a boundary of its own. */
function withoutOrigin(api: MockApi): (value: unknown) => unknown {
  const host = new URL(api.url).host;
  return (value) => {
    const text = JSON.stringify(value).replaceAll(host, 'mock').replaceAll(NAMESPACE_URI, 'api://');
    const boundary = /boundary=\\?"?([^"\\;]+)/.exec(text)?.[1];
    return JSON.parse(boundary === undefined ? text : text.replaceAll(boundary, 'boundary'));
  };
}

const NAMESPACE_URI = `api://${NAMESPACE}.`;
