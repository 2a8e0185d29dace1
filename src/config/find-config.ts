import { statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** File extensions of a config file. */
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'];
const NAME = new RegExp(`(?:^|\\.)openapi-mcp\\.config\\.(?:${ENDINGS.join('|')})$`);

/** The config files in a folder: none, one, or several, which is an error. Empty if the folder does not exist. */
export function configsIn(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return ENDINGS.map((ending) => join(folder, `openapi-mcp.config.${ending}`)).filter(isFile);
}

/**
 * Recognised only by file name: `openapi-mcp.config.yaml`, `staging.openapi-mcp.config.ts`. A config can start
 * programs, so a document from someone else is never treated as one because of its content.
 */
export const isConfigFile = (path: string): boolean => NAME.test(basename(path));

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
