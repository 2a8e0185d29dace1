import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GeneratedProject, generateProject } from '../generate.ts';
import { lintDocument } from '../lint-document.ts';
import type { ApiModel } from '../model/index.ts';
import { openApi } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import type { Provider, ToolResult } from '../runtime/provider.ts';

// A document may name anything like a member that every object has. None of these names may be taken for that member,
// nor change the prototype of what it is written into.

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const DOCUMENT = fromRoot('test-specs/object-member-names.json');

interface Sent {
  readonly url: string;
  /** By lower-case name; Node's own record of them would lose `__proto__`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

let api: Server;
let baseUrl: string;
let sent: Sent | undefined;
beforeAll(async () => {
  api = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { rawHeaders: raw } = request;
      const pairs = raw.flatMap((name, at) => (at % 2 ? [] : [[name.toLowerCase(), raw[at + 1] ?? ''] as const]));
      sent = { url: request.url ?? '', headers: new Map(pairs), body };
      response.setHeader('content-type', 'application/json').end(answer);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => api.close());

/** `{"__proto__": value}` has a key of its own, as only text can say it. */
const record = (value: (name: string) => unknown) =>
  Object.fromEntries(NAMES.map((name): [string, unknown] => [name, value(name)]));
/** What the argument for a name is called: providers of models would not all take `__proto__`. */
const argumentOf = (name: string) => (name === '__proto__' ? 'proto' : name);
const args = (value: (name: string) => unknown) =>
  Object.fromEntries(NAMES.map((name): [string, unknown] => [argumentOf(name), value(name)]));
const context = callContext();
const answer = JSON.stringify(record((name) => `answer of ${name}`));

const environment = Object.fromEntries(
  ['__PROTO__', 'CONSTRUCTOR', 'TOSTRING', 'HASOWNPROPERTY', 'VALUEOF'].map((name) => [
    `API_KEY_${name}`,
    `key${name}`,
  ]),
);

let folder: string;
let project: GeneratedProject;
let emitted: { readonly model: ApiModel; readonly open: (options: object) => Provider };
beforeAll(async () => {
  project = await generateProject(DOCUMENT, { cache: false });
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-names-'));
  for (const { path, text } of project.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(fromRoot('node_modules'), join(folder, 'node_modules'), 'junction');
  const main = project.files.find(({ path }) => path.endsWith('.model.ts'))?.path.replace('.model.ts', '.ts') ?? '';
  const imported: Record<string, unknown> = await import(/* @vite-ignore */ join(folder, main));
  const create = Object.entries(imported).find(([name]) => name.startsWith('create'))?.[1];
  emitted = { model: imported.model as ApiModel, open: create as (options: object) => Provider };
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the document has no problems, and all of it is served', () => {
  expect(project.problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([]);
  expect(project.model.operations).toHaveLength(project.found);
  expect(Object.keys(project.model.auth)).toEqual(NAMES);
});

test('linting it and applying automatic fixes fails nowhere', async () => {
  const { findings } = await lintDocument(DOCUMENT, {});
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('the emitted project compiles under its own settings, typed calls and hooks included', () => {
  const [main = ''] = project.files.flatMap(({ path }) => (/^src\/[^/]*\.model\.ts$/.test(path) ? [path] : []));
  const module = main.slice('src/'.length).replace('.model.ts', '.ts');
  const type = /function create(\w+)/.exec(readFileSync(join(folder, main.replace('.model.ts', '.ts')), 'utf8'))?.[1];
  const operation = project.model.operations.find(({ origin }) => origin.operationId === 'constructor');
  const [required = ''] = operation?.arguments.required ?? [];
  const members = NAMES.map((name) => `${argumentOf(name)}: 'x'`).join(', ');
  writeFileSync(
    join(folder, 'src/use.ts'),
    [
      `import { create${type}, type ${type}Hooks } from './${module}';`,
      `const { api } = create${type}();`,
      `await api.bodies.sendForm({ ${members} });`,
      `export const hooks: ${type}Hooks = { sendForm: { hidden: true }, constructor: { hidden: true } };`,
      // Its optional arguments are called as the members of every object, too, and may be left out.
      `await api.constructor.constructor({ ${required}: 'x' });`,
      '',
    ].join('\n'),
  );
  const args = [fromRoot('node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '--singleThreaded'];
  expect(spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout).toBe('');
}, 120_000);

test('the emitted model is the one it was printed from', () => {
  expect(isDeepStrictEqual(emitted.model, project.model)).toBe(true);
});

describe.each(['run', 'the emitted project'])('in %s', (which) => {
  let provider: Provider;
  beforeAll(async () => {
    const options = { environment, baseUrl };
    provider =
      which === 'run' ? (await openApi(DOCUMENT, { ...options, cache: false })).provider : emitted.open(options);
  });
  afterAll(() => provider.close());

  async function called(id: string, args: Readonly<Record<string, unknown>>): Promise<Sent & { result: ToolResult }> {
    const operation = project.model.operations.find(({ origin }) => origin.operationId === id);
    sent = undefined;
    const result = await provider.callTool({ name: operation?.tool?.name ?? '', arguments: args }, context);
    if (!sent) throw new Error(`Nothing was sent: ${JSON.stringify(result)}`);
    return { ...(sent as Sent), result };
  }

  test.each(NAMES)(
    'an operation called %s is called with every kind of parameter, and its own credential',
    async (id) => {
      const { properties } = project.model.operations.find(({ origin }) => origin.operationId === id)?.arguments ?? {};
      const all = Object.fromEntries(
        Object.keys(properties ?? {}).map((name): [string, string] => [name, `v-${name}`]),
      );
      expect(Object.keys(all)).toHaveLength(1 + 3 * NAMES.length);
      const { url, headers, result } = await called(id, all);
      const query = new URL(url, baseUrl).searchParams;
      expect([...query.keys()]).toEqual(NAMES);
      for (const name of NAMES) expect([name, headers.has(name.toLowerCase())]).toEqual([name, true]);
      expect(
        headers
          .get('cookie')
          ?.split('; ')
          .map((pair) => pair.split('=')[0]),
      ).toEqual(NAMES);
      const keys = [...headers.keys()].filter((name) => name.startsWith('x-key-'));
      expect(keys).toEqual([`x-key-${id.replaceAll('_', '').toLowerCase()}`]);
      expect(JSON.stringify(result.structuredContent)).toBe(answer);
    },
  );

  test.each(NAMES)('a body of the schema called %s keeps every property', async (name) => {
    const { body, result } = await called(
      `${name}_create`,
      args((key) => `value of ${key}`),
    );
    expect(body).toBe(JSON.stringify(record((key) => `value of ${key}`)));
    expect(JSON.stringify(result.structuredContent)).toBe(answer);
  });

  test('without any of them nothing is sent, and each is named', async () => {
    const result = await provider.callTool({ name: 'sendForm', arguments: {} }, context);
    expect(result.isError).toBe(true);
    for (const name of NAMES) expect(JSON.stringify(result.content)).toContain(`${argumentOf(name)}: is required`);
  });

  test('forms, parts, XML and nested queries have each of them', async () => {
    const value = args((name) => `x${name}`);
    const form = await called('sendForm', value);
    expect([...new URLSearchParams(form.body)]).toEqual(NAMES.map((name) => [name, `x${name}`]));
    const parts = await called('sendMultipart', value);
    expect([...parts.body.matchAll(/name="([^"]*)"/g)].map(([, name]) => name)).toEqual(NAMES);
    const xml = await called('sendXml', value);
    for (const name of NAMES) expect(xml.body).toContain(`<${name}:${name} xmlns:${name}="urn:${name}">x${name}</`);
    const [argument = ''] = Object.keys(
      project.model.operations.find(({ origin }) => origin.operationId === 'findDeep')?.arguments.properties ?? {},
    );
    const deep = await called('findDeep', Object.fromEntries([[argument, value]]));
    expect([...new URL(deep.url, baseUrl).searchParams.keys()]).toEqual(NAMES.map((name) => `__proto__[${name}]`));
  });
});

test('variables of a server take the values that are given, and no others', async () => {
  const given = Object.fromEntries(NAMES.map((name): [string, string] => [name, 'other']));
  const { provider, serverUrl } = await openApi(DOCUMENT, { cache: false, serverVariables: given });
  expect(serverUrl).toBe('https://api.test/other/other/other/other/other');
  await provider.close();
  const defaults = await openApi(DOCUMENT, { cache: false });
  expect(defaults.serverUrl).toBe(`https://api.test/${NAMES.map((name) => `v${name.replaceAll('_', '')}`).join('/')}`);
  await defaults.provider.close();
});

test('a credential is missing where the environment has none, whatever the scheme is called', async () => {
  const { provider, credentials } = await openApi(DOCUMENT, { cache: false, baseUrl, environment: {} });
  expect(credentials.map(({ scheme, found }) => [scheme, found])).toEqual(NAMES.map((name) => [name, false]));
  sent = undefined;
  const [operation] = project.model.operations;
  const [argument = ''] = operation?.arguments.required ?? [];
  const given = Object.fromEntries([[argument, 'x']]);
  const result = await provider.callTool({ name: operation?.tool?.name ?? '', arguments: given }, context);
  expect(JSON.stringify(result)).toContain('MISSING_CREDENTIAL');
  expect(sent).toBeUndefined();
  await provider.close();
});
