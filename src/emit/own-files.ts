import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { PackageManifest } from './packages.ts';

/** A file of this package. */
export const ownText = (path: string): string => readFileSync(new URL(path, PACKAGE_ROOT), 'utf8');

export function ownManifest(): PackageManifest {
  // Our own file.
  return JSON.parse(ownText('package.json')) as PackageManifest;
}

export const templateText = (name: string): string => ownText(`templates/${name}.hbs`);

/** The name and version in the headers of files and in the manifest. */
export const GENERATOR = `openapi-mcp ${ownManifest().version}`;
