import { readFileSync } from 'node:fs';
import type { SchemaData } from '../api/outline/outline.ts';

/** Reads the schema files of an emitted project; a large API has several. */
export function readSchemaData(files: readonly URL[]): SchemaData {
  // The files are generated, and the manifest reveals edits.
  const parts = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as SchemaData);
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  return {
    schemas: Object.fromEntries(parts.flatMap(({ schemas }) => Object.entries(schemas))),
    operations: Object.fromEntries(parts.flatMap(({ operations }) => Object.entries(operations))),
  };
}
