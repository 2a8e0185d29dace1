import { readdirSync, readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { EmittedFile } from './emitted-file.ts';
import type { PackageManifest } from './packages.ts';

export function ownManifest(): PackageManifest {
  // Our own file.
  return JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as PackageManifest;
}

export const templateText = (name: string): string =>
  readFileSync(new URL(`templates/${name}.hbs`, PACKAGE_ROOT), 'utf8');

/** `src/model` and `src/runtime` as they are, without tests, benchmarks and what only those need. */
export function runtimeFiles(): EmittedFile[] {
  return ['src/model', 'src/runtime'].flatMap((folder) =>
    readdirSync(new URL(folder, PACKAGE_ROOT), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(?:test|bench|fixture)\./.test(entry.name))
      .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'))
      .map((path) => path.slice(path.lastIndexOf(`/${folder}/`) + 1))
      .filter((path) => !path.includes('/fixtures/'))
      .sort()
      .map((path) => ({ path, text: readFileSync(new URL(path, PACKAGE_ROOT), 'utf8'), owner: 'generated' as const })),
  );
}
