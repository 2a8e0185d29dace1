import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { NamedFile } from '../../config/read-value.ts';
import { PACK_MARK, type PackFile, type PackProject, PROJECT_FOLDER } from '../../pack/index.ts';
import { usageError } from '../output/report.ts';

export interface PackedProject extends PackProject {
  readonly files: readonly PackFile[];
  /** Where the modules are in the pack, by their places in the config. */
  readonly paths: ReadonlyMap<string, string>;
}

/** More is data or a build, and no source. */
const MOST_BYTES = 64_000_000;

/**
 * The package that contains the modules of a config: its folder, without what npm installs, hidden files and keys.
 *
 * @throws CommandError if they are not in one package, or npm cannot install what it needs
 */
export function packedProject(modules: readonly NamedFile[], out: string): PackedProject {
  const [folder = '', ...others] = new Set(modules.map(({ file }) => packageOf(file)));
  if (others.length > 0) {
    throw usageError(
      `The modules are in several packages: ${[folder, ...others].map(shown).join(', ')}.`,
      'Move them into one, or pack each package by itself.',
    );
  }
  const found = filesBelow(folder, resolve(out));
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_BYTES) {
    throw usageError(
      `${shown(folder)} has ${Math.round(bytes / 1_000_000)} MB, and an image of its source up to ${MOST_BYTES / 1_000_000}.`,
      'Move data and builds out of the folder of its package.json.',
    );
  }
  // Read only now: a folder with data may be larger than memory.
  const files = found.map(({ path, file }) => ({ path, content: readFileSync(file) }));
  const packed = modules.map(({ path, file }) => [path, inProject(relative(folder, file))] as const);
  const left = packed.find(([, path]) => !files.some((each) => each.path === path));
  if (left)
    throw usageError(`${left[0]} names a hidden file, which a pack does not contain.`, 'Move it to another folder.');
  return { files, lock: lockOf(folder), paths: new Map(packed) };
}

/** The folder of the nearest package.json above a module. */
function packageOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) !== folder) continue;
    throw usageError(
      `${shown(file)} belongs to no package: there is no package.json in its folder or above.`,
      'Create one next to it with npm init -y, and install the packages that it imports.',
    );
  }
}

function lockOf(folder: string): string | undefined {
  const has = (name: string) => existsSync(join(folder, name));
  const own = ['npm-shrinkwrap.json', 'package-lock.json'].find(has);
  const foreign = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'].find(has);
  if (own !== undefined || foreign === undefined) return own;
  throw usageError(
    `${shown(folder)} has ${foreign}, but the image is built with npm, which does not read it.`,
    'Create a lock file for npm: npm install --package-lock-only',
  );
}

interface FoundFile {
  /** In the pack. */
  readonly path: string;
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

function filesBelow(folder: string, out: string, root = folder): readonly FoundFile[] {
  // Neither this pack nor others are packed.
  if (folder === out || existsSync(join(folder, PACK_MARK))) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => name !== 'node_modules' && !SECRET.test(name))
    .flatMap((name) => {
      const file = join(folder, name);
      const stats = lstatSync(file);
      if (stats.isDirectory()) return filesBelow(file, out, root);
      return stats.isFile() ? [{ path: inProject(relative(root, file)), file, size: stats.size }] : [];
    });
}

/** Hidden files hold settings of a computer, among them `.env`, `.npmrc` and `.git`. Others are keys by their names. */
const SECRET = /^\.|\.(?:pem|key|p12|pfx|jks|keystore|kdbx)$|^id_(?:rsa|dsa|ecdsa|ed25519)/i;

const inProject = (path: string): string => `${PROJECT_FOLDER}/${path.split(sep).join('/')}`;

const shown = (path: string): string => relative(process.cwd(), path) || '.';
