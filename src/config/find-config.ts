import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Endings of a config file, in the order they are looked for in a folder. */
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'json', 'yaml', 'yml'];
const NAME = new RegExp(`(?:^|\\.)openapi-mcp\\.config\\.(?:${ENDINGS.join('|')})$`);

/** The name of the published JSON Schema of config files. */
export const SCHEMA_NAME = 'openapi-mcp.config.schema.json';

/** The config file of a folder; `undefined` where there is none, or no such folder. */
export function configIn(folder: string): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return ENDINGS.map((ending) => join(folder, `openapi-mcp.config.${ending}`)).find(isFile);
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
