import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ejectProject, type GenerateOptions, generateProject, projectRuntime, writeProject } from './generate.ts';

// A project that lives on: generated again from a document that has changed, in a folder that its owner has worked in.

const PETSTORE = readFileSync(fileURLToPath(new URL('../test-specs/petstore.yaml', import.meta.url)), 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-generate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

async function generated(change: (text: string) => string = (text) => text, options: GenerateOptions = {}) {
  const document = `${folder}.yaml`;
  writeFileSync(document, change(PETSTORE));
  try {
    return await generateProject(document, { cache: false, ...options });
  } finally {
    rmSync(document);
  }
}

const update = async (change?: (text: string) => string, options: { force?: boolean; preview?: boolean } = {}) =>
  writeProject(await generated(change), { folder, ...options });

const actions = ({ changes }: Awaited<ReturnType<typeof update>>) =>
  Object.fromEntries(changes.filter(({ action }) => action !== 'same').map(({ path, action }) => [path, action]));

describe('generating a project again', () => {
  test('from the same document changes nothing', async () => {
    expect((await update()).tools).toBeUndefined();
    const again = await update();
    expect(actions(again)).toEqual({});
    expect(again).toMatchObject({ written: true, tools: { added: [], removed: [], changed: [] }, packages: [] });
  });

  test('leaves the files of its owner alone, also those that were thrown away', async () => {
    await update();
    write('src/index.ts', '// mine\n');
    rmSync(join(folder, 'Dockerfile'));
    expect(actions(await update())).toEqual({ 'src/index.ts': 'keep' });
    expect(read('src/index.ts')).toBe('// mine\n');
    expect(existsSync(join(folder, 'Dockerfile'))).toBe(false);
  });

  test('stops at a generated file that was changed by hand, and writes nothing', async () => {
    await update();
    write('src/schemas.ts', '// mine\n');
    const stopped = await update((text) => text.replace('List the pets', 'List all pets'));
    expect(stopped.written).toBe(false);
    expect(actions(stopped)).toMatchObject({ 'src/schemas.ts': 'conflict', 'src/operations/pets.ts': 'replace' });
    expect(read('src/operations/pets.ts')).not.toContain('List all pets');
  });

  test('overwrites it with force', async () => {
    await update();
    write('src/schemas.ts', '// mine\n');
    expect((await update(undefined, { force: true })).written).toBe(true);
    expect(read('src/schemas.ts')).toContain('export interface NewPet');
  });

  test('leaves a README that was changed by hand to its owner', async () => {
    await update();
    write('README.md', '# Mine\n');
    const next = await update((text) => text.replace('List the pets', 'List all pets'));
    expect(next.written).toBe(true);
    expect(read('README.md')).toBe('# Mine\n');
  });

  test('takes line ends of Windows for no change', async () => {
    await update();
    write('src/schemas.ts', read('src/schemas.ts').replaceAll('\n', '\r\n'));
    expect(actions(await update())).toEqual({});
  });

  test('removes what is no longer generated, unless it was changed', async () => {
    const withoutOrders = (text: string) => text.replaceAll('tags: [orders]', 'tags: [pets]');
    await update();
    expect(actions(await update(withoutOrders))).toMatchObject({ 'src/operations/orders.ts': 'remove' });
    expect(existsSync(join(folder, 'src/operations/orders.ts'))).toBe(false);
    await update();
    write('src/operations/orders.ts', '// mine\n');
    expect(actions(await update(withoutOrders))).toMatchObject({ 'src/operations/orders.ts': 'keep' });
  });

  test('writes nothing for a preview', async () => {
    const preview = await update(undefined, { preview: true });
    expect(preview.written).toBe(false);
    expect(existsSync(join(folder, 'package.json'))).toBe(false);
  });

  test('names the packages that the owner’s package.json lacks', async () => {
    await update();
    write(
      'package.json',
      read('package.json')
        .replace(/ {4}"undici": .*\n/, '')
        .replace(/("typebox": "[^"]*"),/, '$1'),
    );
    expect((await update()).packages).toEqual([expect.stringMatching(/^undici \^7/)]);
  });

  test('names the exports that the package.json of an earlier version lacks', async () => {
    await update();
    const { exports, ...others } = JSON.parse(read('package.json'));
    write('package.json', JSON.stringify({ ...others, exports: { '.': exports['.'] } }));
    expect((await update()).packages).toEqual([
      'exports["./runtime"]: {"types":"./dist/runtime/emitted-server.d.ts","default":"./dist/runtime/emitted-server.js"}',
    ]);
    write('package.json', JSON.stringify(others));
    expect((await update()).packages).toEqual([]);
  });
});

test('an API that is called as a type of the runtime gets another name for its own', async () => {
  const { files } = await generated((text) => text.replace(/title: .*/, 'title: Model options'));
  const main = files.find(({ path }) => path === 'src/model-options.ts')?.text;
  expect(main).toContain('export type ModelOptionsApi = OpenedEmitted<ModelOptionsApiClient>;');
});

test('a folder that holds something else is rejected', async () => {
  write('notes.txt', 'mine');
  await expect(update()).rejects.toThrow('not empty');
  expect(existsSync(join(folder, 'package.json'))).toBe(false);
});

describe('the runtime of a project', () => {
  /** As the command does: a project keeps the kind it has, and what its owner's files import. */
  async function again(options: GenerateOptions = {}) {
    const { kind, imported } = projectRuntime(folder) ?? { kind: 'copy', imported: [] };
    return writeProject(await generated(undefined, { runtime: kind, imported, ...options }), { folder });
  }
  const runtimeOf = ({ changes }: Awaited<ReturnType<typeof again>>) =>
    changes.filter(({ path, action }) => path.startsWith('src/runtime/') && action !== 'same');

  test('has no file twice, and none that nothing leads to', async () => {
    await again();
    expect(existsSync(join(folder, 'src/runtime/compose/remote.ts'))).toBe(false);
    const all = await generated(undefined, { runtime: 'full' });
    const copied = (await generated()).files;
    expect(copied.length).toBeLessThan(all.files.length - 50);
    expect(all.files).toEqual(expect.arrayContaining([...copied]));
  });

  test('gets what a file of its owner imports, and loses it with the import', async () => {
    await again();
    write('src/tools.ts', "import { fromMcp } from './runtime/index.ts';\n// import './runtime/not-there.ts';\n");
    expect(projectRuntime(folder)).toEqual({ kind: 'copy', imported: ['src/runtime/index.ts'] });
    expect(runtimeOf(await again())).toContainEqual(
      expect.objectContaining({ path: 'src/runtime/compose/remote.ts', action: 'add' }),
    );
    write('src/tools.ts', '');
    expect(runtimeOf(await again())).toContainEqual(
      expect.objectContaining({ path: 'src/runtime/compose/remote.ts', action: 'remove' }),
    );
  });

  test('of an earlier version was all of it: what is not needed is removed, what was changed by hand stays', async () => {
    await again({ runtime: 'full' });
    const { runtime: _, ...earlier } = JSON.parse(read('.openapi-mcp.json'));
    write('.openapi-mcp.json', JSON.stringify(earlier));
    write('src/runtime/compose/client-config.ts', '// mine\n');
    expect(projectRuntime(folder)?.kind).toBe('copy');
    const changed = runtimeOf(await again());
    expect(changed).toContainEqual(
      expect.objectContaining({ path: 'src/runtime/compose/remote.ts', action: 'remove' }),
    );
    expect(changed).toContainEqual(
      expect.objectContaining({ path: 'src/runtime/compose/client-config.ts', action: 'keep' }),
    );
  });

  test.each(['copy', 'full', 'package'] as const)('stays %s when it is generated again', async (runtime) => {
    await again({ runtime });
    expect(projectRuntime(folder)?.kind).toBe(runtime);
    expect(actions(await again())).toEqual({});
  });

  test('that is the package is two modules, and the code of the project is the same', async () => {
    const copied = await generated();
    const { files } = await generated(undefined, { runtime: 'package' });
    const isOwn = ({ path }: { path: string }) => !/^(?:src\/(?:runtime|model)\/|package\.json$)/.test(path);
    expect(files.filter(isOwn)).toEqual(copied.files.filter(isOwn));
    expect(files.filter(({ path }) => path.startsWith('src/runtime/')).map(({ path }) => path)).toEqual([
      'src/runtime/emitted-server.ts',
      'src/runtime/emitted.ts',
    ]);
    const manifest = JSON.parse(files.find(({ path }) => path === 'package.json')?.text ?? '');
    expect(Object.keys(manifest.dependencies)).toEqual(['openapi-mcp']);
    expect(manifest.dependencies['openapi-mcp']).toMatch(/^file:openapi-mcp-.+\.tgz$/);
  });

  test('that is ejected is what a copy is', async () => {
    await again({ runtime: 'package' });
    write('src/index.ts', '// mine\n');
    const { devDependencies: _, ...others } = JSON.parse(read('package.json'));
    others.dependencies.zod = '^4';
    write('package.json', `${JSON.stringify(others, null, '\t')}\n`);
    expect(ejectProject(folder, { preview: true })).toMatchObject({ written: false, importing: [] });
    expect(existsSync(join(folder, 'src/model'))).toBe(false);
    expect(ejectProject(folder)).toMatchObject({ written: true, importing: [] });
    expect(Object.keys(JSON.parse(read('package.json')).dependencies)).toEqual(
      expect.arrayContaining(['zod', 'undici', '@modelcontextprotocol/server']),
    );
    expect(read('package.json')).not.toMatch(/openapi-mcp|devDependencies|^ /m);
    expect(projectRuntime(folder)?.kind).toBe('copy');
    expect(actions(await again())).toEqual({ 'package.json': 'keep', 'src/index.ts': 'keep' });
    expect(() => ejectProject(folder)).toThrow('has a copy of the runtime already');
  });

  test('stays a dependency, too, where a file of the owner imports it by name', async () => {
    await again({ runtime: 'package' });
    write('src/tools.ts', "import { fromMcp } from 'openapi-mcp/runtime';\n");
    expect(ejectProject(folder).importing).toEqual(['src/tools.ts']);
    expect(JSON.parse(read('package.json')).dependencies).toHaveProperty('openapi-mcp');
  });

  test('is not ejected where the project is of another version, is none, or a file is in the way', async () => {
    expect(() => ejectProject(folder)).toThrow('is not a project that openapi-mcp has generated');
    await again({ runtime: 'package' });
    write('src/runtime/errors.ts', '// mine\n');
    expect(ejectProject(folder).written).toBe(false);
    expect(existsSync(join(folder, 'src/model'))).toBe(false);
    write('.openapi-mcp.json', read('.openapi-mcp.json').replace(/"openapi-mcp [^"]*"/, '"openapi-mcp 0.0.1"'));
    expect(() => ejectProject(folder)).toThrow('was generated by openapi-mcp 0.0.1');
  });
});

describe('what callers notice', () => {
  test.each([
    [
      'a tool that is gone',
      (text: string) => text.replaceAll('removePet', 'dropPet'),
      { removed: ['removePet'], added: ['dropPet'] },
    ],
    [
      'an argument that is required now',
      (text: string) => text.replace('- name: limit\n', '- name: limit\n          required: true\n'),
      { changed: [{ name: 'listPets', breaking: ['argument "limit" is now required'] }] },
    ],
    [
      'an argument that is gone',
      (text: string) => text.replace('- name: limit\n', '- name: most\n'),
      { changed: [{ name: 'listPets', breaking: ['argument "limit" was removed'] }] },
    ],
    [
      'an argument of another type',
      (text: string) => text.replace('type: integer, minimum: 1, maximum: 100, default: 20', 'type: string'),
      { changed: [{ name: 'listPets', breaking: ['argument "limit" is no longer integer'] }] },
    ],
    [
      'a property that is gone from a result',
      (text: string) => text.replace('buyer: { type: string, format: email }\n        state:', 'state:'),
      {
        changed: [
          { name: 'placeOrder', breaking: ['"buyer" was removed from the result'] },
          { name: 'getOrder', breaking: ['"buyer" was removed from the result'] },
        ],
      },
    ],
    [
      'a new optional argument, which breaks nobody',
      (text: string) =>
        text.replace(
          '- name: limit\n',
          '- name: page\n          in: query\n          schema: { type: integer }\n        - name: limit\n',
        ),
      { changed: [{ name: 'listPets', breaking: [] }] },
    ],
  ])('%s', async (_, change, want) => {
    await update();
    expect((await update(change)).tools).toMatchObject(want);
  });
});
