import { existsSync, readFileSync } from 'node:fs';

/** The folder of this package, wherever this code is inside it: in `src`, in `dist`, or in a bundle. */
export const PACKAGE_ROOT: URL = findRoot(new URL('./', import.meta.url));

/**
 * What `npm pack` writes of this package. Projects and packs install this file: the package is on no registry yet, where
 * somebody else could claim its name.
 */
export const packedFile = (version: string): string => `openapi-mcp-${version}.tgz`;

function findRoot(folder: URL): URL {
  const manifest = new URL('package.json', folder);
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'openapi-mcp') return folder;
  const parent = new URL('../', folder);
  if (parent.href === folder.href)
    throw new Error('The package.json of openapi-mcp is missing. Reinstall the package.');
  return findRoot(parent);
}
