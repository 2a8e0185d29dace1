import { statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Endings of a config file. */
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'];
const NAME = new RegExp(`(?:^|\\.)openapi-mcp\\.config\\.(?:${ENDINGS.join('|')})$`);

/** The config files of a folder: one, or none, also where there is no such folder. Of several none is the right one. */
export function configsIn(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return ENDINGS.map((ending) => join(folder, `openapi-mcp.config.${ending}`)).filter(isFile);
}

/**
 * Told by its name alone: `openapi-mcp.config.yaml`, `staging.openapi-mcp.config.ts`. A config may start programs, so no
 * document that somebody else wrote is taken for one by what it says.
 */
export const isConfigFile = (path: string): boolean => NAME.test(basename(path));

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
