import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmittedFile, lineDiff, MANIFEST_FILE } from '../emit/index.ts';
import { type ProjectUpdate, projectRuntime, writeProject } from '../generate.ts';
import { propertyRuns } from '../property-runs.test.fixture.ts';

// A folder to generate into may be a clone, or the branch of a pull request: whoever made it chose its manifest, its
// links and its files. None of them may reach beyond the folder.

const SECRET = 'token = s3cr3t-of-the-user';

/** Enough of a project: what happens to a file depends on its path and owner, not on how many there are. */
const FILES: readonly EmittedFile[] = [
  { path: 'README.md', text: '# Pets\n', owner: 'document' },
  { path: 'package.json', text: '{ "dependencies": { "ajv": "^8" } }\n', owner: 'user' },
  { path: 'src/index.ts', text: '// yours\n', owner: 'user' },
  { path: 'src/operations/pets.ts', text: 'export const pets = 1;\n', owner: 'generated' },
  { path: 'src/pets.schemas.json', text: '{ "schemas": {}, "operations": {} }\n', owner: 'generated' },
  { path: 'src/pets.ts', text: 'export const api = 1;\n', owner: 'generated' },
];

let parent: string;
let folder: string;
let outside: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'openapi-mcp-hostile-folder-'));
  folder = join(parent, 'project');
  outside = join(parent, 'home');
  furnish();
});
function furnish(): void {
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(outside, 'empty/inner'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), SECRET);
  writeFileSync(join(outside, 'secret.schemas.json'), JSON.stringify({ operations: { [SECRET]: {} } }));
}
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const place = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const link = (path: string, target: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
};
const manifest = (generated: Record<string, unknown>, handedOver: readonly unknown[] = []) =>
  place(MANIFEST_FILE, JSON.stringify({ generator: 'openapi-mcp', generated, handedOver }));
const generate = (options: { force?: boolean; preview?: boolean } = {}) =>
  writeProject({ files: FILES }, { folder, ...options });

/** Every file of a folder with its text, every link with its target. */
function snapshot(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((entry) => {
      const stats = lstatSync(join(root, entry));
      if (stats.isFile()) return [entry, readFileSync(join(root, entry), 'utf8')];
      return [entry, stats.isSymbolicLink() ? 'link' : 'folder'];
    }),
  );
}

/** All that a run says: the summary, and the difference line by line. */
const told = ({ changes, ...update }: ProjectUpdate): string =>
  JSON.stringify(update) +
  changes
    .filter(({ action }) => action !== 'keep' && action !== 'same')
    .map(({ path, before, after }) => path + lineDiff(path, before, after))
    .join('');

describe('a manifest', () => {
  test.each([
    ['climbs out', '../home/secret.txt'],
    ['climbs out from within', 'src/../../home/secret.txt'],
    ['names an absolute path', () => join(outside, 'secret.txt')],
    ['names a path of Windows', '..\\home\\secret.txt'],
    ['names schema data elsewhere', '../home/secret.schemas.json'],
    ['names a file of the owner', 'src/index.ts'],
    ['names a file that is never generated', 'notes.txt'],
    ['names its own folder', '.'],
  ])('that %s has nothing removed or read', (_, named) => {
    const path = typeof named === 'string' ? named : named();
    place('notes.txt', SECRET);
    place('src/index.ts', SECRET);
    const texts = [SECRET, readFileSync(join(outside, 'secret.schemas.json'), 'utf8')];
    for (const text of texts) {
      manifest({ [path]: hash(text) }, [path]);
      const before = snapshot(outside);
      const update = generate();
      expect(snapshot(outside)).toEqual(before);
      expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
      expect(readFileSync(join(folder, 'src/index.ts'), 'utf8')).toBe(SECRET);
      expect(told(update)).not.toContain(SECRET);
    }
  });

  test.each([
    ['is not JSON', '{'],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['has a list of files', '{"generated":[],"handedOver":[]}'],
    ['hands over an object', '{"generated":{},"handedOver":{}}'],
  ])('that %s is none: the folder is not taken for a project', (_, text) => {
    place(MANIFEST_FILE, text);
    expect(() => generate()).toThrow('not empty');
  });

  test('with odd entries counts as far as they are sound', () => {
    place('src/old.ts', '// old\n');
    const odd = { '': 1, 'src/pets.ts': { toString: 1 }, 'SRC/OLD.TS': hash('// old\n'), 'src/old.ts/': 'x' };
    const text = JSON.stringify({ generated: odd, handedOver: [null, 7, '../x', {}, 'package.json'] });
    const poisoned = text.replace('{"":1', `{"__proto__":"${hash('')}","src/old.ts":"${hash('// old\n')}","":1`);
    place(MANIFEST_FILE, poisoned);
    expect(generate().changes).toContainEqual({ path: 'src/old.ts', action: 'remove', before: '// old\n' });
    const written = JSON.parse(readFileSync(join(folder, MANIFEST_FILE), 'utf8'));
    expect(Object.keys(written.generated)).toEqual(
      FILES.filter(({ owner }) => owner !== 'user').map(({ path }) => path),
    );
    expect(written.handedOver).toEqual(['package.json', 'src/index.ts']);
  });

  test('of 17 MB is refused before it is parsed', () => {
    place(MANIFEST_FILE, ' '.repeat(17_000_000));
    expect(() => generate()).toThrow('larger than');
  });
});

describe('a symbolic link', () => {
  test.each([
    ['in place of a document', 'README.md', 'secret.txt'],
    ['in place of a generated file', 'src/pets.ts', 'secret.txt'],
    ['in place of an owner’s file', 'package.json', 'secret.txt'],
    ['in place of the manifest', MANIFEST_FILE, 'secret.txt'],
    ['in place of a folder', 'src', ''],
    ['in place of a folder below', 'src/operations', 'empty/inner'],
    ['that leads nowhere', 'src/pets.ts', 'not-there.ts'],
    ['to a file of the same name, in place of its folder', 'src/operations', 'empty'],
  ])('%s ends the run, and nothing is read or written through it', (_, path, target) => {
    const known = Object.fromEntries(FILES.map((file) => [file.path, hash(SECRET)]));
    if (path !== MANIFEST_FILE) manifest(known);
    link(path, join(outside, target));
    const before = [snapshot(folder), snapshot(outside)];
    for (const options of [{}, { force: true }, { preview: true }]) {
      expect(() => generate(options)).toThrow(
        expect.objectContaining({
          code: 'PATH_IN_THE_WAY',
          message: `${join(folder, path)} is a symbolic link, which generate does not follow, so nothing was read or written there.`,
          hint: 'Remove or rename it, or choose another folder with --out.',
        }),
      );
    }
    expect([snapshot(folder), snapshot(outside)]).toEqual(before);
  });

  test('above a file to be removed ends the run', () => {
    generate();
    manifest({ 'src/runtime/secret.ts': hash(SECRET) });
    writeFileSync(join(outside, 'secret.ts'), SECRET);
    link('src/runtime', outside);
    expect(() => generate()).toThrow('symbolic link');
    expect(readFileSync(join(outside, 'secret.ts'), 'utf8')).toBe(SECRET);
  });

  test('that the user names as the folder itself is followed', () => {
    symlinkSync(folder, join(parent, 'current'));
    writeProject({ files: FILES }, { folder: join(parent, 'current') });
    expect(readFileSync(join(folder, 'src/pets.ts'), 'utf8')).toBe('export const api = 1;\n');
  });
});

describe('looking for what the owner’s files import', () => {
  const IMPORT = "import './runtime/index.ts';\n";

  test('follows no link, and skips large files and anything that is not a file', () => {
    manifest({});
    writeFileSync(join(outside, 'linked.ts'), IMPORT);
    link('src/linked.ts', join(outside, 'linked.ts'));
    link('src/tools', outside);
    mkdirSync(join(folder, 'src/folder.ts'));
    place('src/large.ts', IMPORT + ' '.repeat(1_000_001));
    expect(projectRuntime(folder)).toEqual({ kind: 'copy', imported: [] });
    place('src/own/small.ts', "export * from '../runtime/index.ts';\n");
    expect(projectRuntime(folder)?.imported).toEqual(['src/runtime/index.ts']);
  });

  test('ends where src itself is a link', () => {
    manifest({});
    link('src', outside);
    expect(() => projectRuntime(folder)).toThrow('symbolic link');
  });

  test('finds only files of the runtime, whatever an import says', () => {
    manifest({});
    place(
      'src/index.ts',
      ["'./runtime/../../x.ts'", "'../../home/x.ts'", "'./own.ts'"].map((at) => `import ${at};`).join('\n'),
    );
    expect(projectRuntime(folder)?.imported).toEqual([]);
  });
});

describe('other things in the way', () => {
  test('a hard link loses its name, and the file it shared stays as it is', () => {
    manifest({ 'src/pets.ts': hash(SECRET) });
    mkdirSync(join(folder, 'src'));
    linkSync(join(outside, 'secret.txt'), join(folder, 'src/pets.ts'));
    generate();
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe(SECRET);
    expect(readFileSync(join(folder, 'src/pets.ts'), 'utf8')).toBe('export const api = 1;\n');
  });

  test('a folder where a file belongs, or a file where a folder does, ends the run', () => {
    mkdirSync(join(folder, 'README.md'));
    expect(() => generate({ force: true })).toThrow('is not a regular file');
    rmSync(join(folder, 'README.md'), { recursive: true });
    place('src', '');
    expect(() => generate({ force: true })).toThrow('is not a folder');
  });

  test('empty folders are removed up to the project’s own, however it was named', () => {
    const only = [{ path: 'src/operations/pets.ts', text: 'x', owner: 'generated' as const }];
    const named = `${folder}/.`;
    writeProject({ files: only }, { folder: named });
    rmSync(join(folder, MANIFEST_FILE));
    manifest({ 'src/operations/pets.ts': hash('x') });
    writeProject({ files: [] }, { folder: named });
    expect(snapshot(folder)).toEqual({ [MANIFEST_FILE]: expect.any(String) });
    expect(existsSync(parent)).toBe(true);
  });

  test('schema data that somebody wrote by hand is compared as far as it goes', () => {
    const operation = {
      arguments: { properties: { a: null, b: { enum: 'x', $ref: 5 } }, required: [] },
      response: null,
    };
    const nested = `{"operations":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    for (const text of [
      '{',
      'null',
      '{"operations":[]}',
      JSON.stringify({ operations: { a: operation, b: 1 } }),
      nested,
    ]) {
      place('src/pets.schemas.json', text);
      manifest({ 'src/pets.schemas.json': hash(text) });
      expect(() => generate()).not.toThrow(TypeError);
    }
  });
});

// A failure is had again with its seed: HOSTILE_SEED=7 npx vitest run src/security/hostile-project-folder
const SEED = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000);

/** Where entries point to: ours, the owner's, those outside, and invalid paths. */
const PATHS: readonly string[] = [
  ...FILES.map(({ path }) => path),
  ...['src', 'src/operations', 'src/runtime/gone.ts', 'src/model', MANIFEST_FILE, 'scripts/finish-build.js', '.git'],
  ...[
    '../home/secret.txt',
    '../home',
    '..',
    '/',
    'src/../../home/secret.txt',
    '../home/empty/inner/x.ts',
    './README.md',
  ],
  ...['C:\\home\\secret.txt', '..\\home\\secret.txt', 'README.MD', 'SRC/PETS.TS', 'src//pets.ts', 'src/pets.ts\u0000'],
  ...['__proto__', 'constructor', '', '~/x', 'file:///etc/passwd', 'src/operations/pets.ts/..', 'CON', 'src/aux.ts'],
];
const KNOWN = [hash(SECRET), hash('x'), hash(''), '0'.repeat(64), 'no hash'];

const anyPath = fc.oneof(fc.constantFrom(...PATHS), fc.string({ unit: 'binary', maxLength: 12 }));
const anyHash = fc.oneof(fc.constantFrom<unknown>(...KNOWN), fc.jsonValue({ maxDepth: 1 }));
const manifests = fc.oneof(
  fc
    .record({
      generated: fc.array(fc.tuple(anyPath, anyHash), { maxLength: 8 }),
      handedOver: fc.array(fc.oneof(anyPath, fc.jsonValue({ maxDepth: 1 })), { maxLength: 4 }),
    })
    .map(({ generated, handedOver }) => {
      // As text: a key may stand there twice, or be `__proto__`.
      const entries = generated.map(([path, value]) => `${JSON.stringify(path)}:${JSON.stringify(value)}`);
      return `{"generator":"x","generated":{${entries.join(',')}},"handedOver":${JSON.stringify(handedOver)}}`;
    }),
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 20 }),
);
/** Links and files, by path inside the folder. */
const inhabitants = fc.array(
  fc.record({
    path: fc.constantFrom(
      ...PATHS.filter((path) => /^(?:src|README|package|\.open|scripts)[\w/.-]*$/.test(path) && !path.includes('..')),
    ),
    kind: fc.constantFrom('file', 'file', 'secret', 'folder', 'link'),
    target: fc.constantFrom('secret.txt', 'secret.schemas.json', 'empty', 'empty/inner', 'nowhere', ''),
  }),
  { maxLength: 5 },
);

function inhabit(items: readonly { path: string; kind: string; target: string }[]): void {
  for (const { path, kind, target } of items) {
    if (!isInside(path)) continue;
    try {
      if (kind === 'link') link(path, join(outside, target));
      else if (kind === 'folder') mkdirSync(join(folder, path), { recursive: true });
      else place(path, kind === 'secret' ? 'x' : '');
    } catch {
      // There is something there already.
    }
  }
}

/** Not through a link of ours: the test itself stays inside. */
const isInside = (path: string): boolean =>
  path.split('/').every((_, depth, all) => {
    const at = join(folder, ...all.slice(0, depth + 1));
    return isNoLink(at);
  });

function isNoLink(path: string): boolean {
  try {
    return !lstatSync(path).isSymbolicLink();
  } catch {
    return true; // nothing, or below a file
  }
}

test(`hostile manifests: nothing outside the folder is read into the output, written or removed (seed ${SEED})`, () => {
  const before = snapshot(parent);
  const ends = { written: 0, refused: 0 };
  fc.assert(
    fc.property(manifests, inhabitants, fc.boolean(), fc.boolean(), (text, items, force, preview) => {
      rmSync(parent, { recursive: true });
      furnish();
      inhabit(items);
      if (isInside(MANIFEST_FILE) && !existsSync(join(folder, MANIFEST_FILE))) place(MANIFEST_FILE, text);
      try {
        const update = generate({ force, preview });
        ends.written += update.written ? 1 : 0;
        expect(told(update)).not.toContain('s3cr3t');
      } catch (error) {
        ends.refused += 1;
        expect((error as Error).name).toBe('FolderError');
        expect((error as Error).message).not.toContain('s3cr3t');
      }
      const { project: _, ...others } = snapshot(parent);
      expect(withoutProject(others)).toEqual(withoutProject(before));
    }),
    { numRuns: propertyRuns(500), seed: SEED },
  );
  // Neither way is never taken.
  expect(Math.min(ends.written, ends.refused)).toBeGreaterThan(propertyRuns(20));
});

const withoutProject = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !/^project(?:\/|$)/.test(path)));
