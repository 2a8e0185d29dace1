import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateProject, writeProject } from './generate.ts';

// A project that lives on: generated again from a document that has changed, in a folder that its owner has worked in.

const PETSTORE = readFileSync(fileURLToPath(new URL('../test-specs/petstore.yaml', import.meta.url)), 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-generate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

async function generated(change: (text: string) => string = (text) => text) {
  const document = `${folder}.yaml`;
  writeFileSync(document, change(PETSTORE));
  try {
    return await generateProject(document, { cache: false });
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
});

test('a folder that holds something else is rejected', async () => {
  write('notes.txt', 'mine');
  await expect(update()).rejects.toThrow('not empty');
  expect(existsSync(join(folder, 'package.json'))).toBe(false);
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
