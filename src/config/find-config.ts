import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Endings of a config file. */
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'];
const NAME = new RegExp(`(?:^|\\.)openapi-mcp\\.config\\.(?:${ENDINGS.join('|')})$`);

/** The name of the published JSON Schema of config files. */
export const SCHEMA_NAME = 'openapi-mcp.config.schema.json';

/** The config files of a folder: one, or none, also where there is no such folder. Of several none is the right one. */
export function configsIn(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return ENDINGS.map((ending) => join(folder, `openapi-mcp.config.${ending}`)).filter(isFile);
}

/** Told by its name (`openapi-mcp.config.yaml`, `staging.openapi-mcp.config.ts`), or by the schema that it names. */
export function isConfigFile(path: string): boolean {
  if (NAME.test(basename(path))) return true;
  return /\.(?:json|ya?ml)$/i.test(path) && isFile(path) && headOf(path).includes(SCHEMA_NAME);
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Schemas are named at the top: in the first member, or in a comment. */
const HEAD_BYTES = 512;

function headOf(path: string): string {
  const buffer = Buffer.alloc(HEAD_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Whoever reads it next says why it cannot be read.
    return '';
  }
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
