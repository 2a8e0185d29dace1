import { getOwn, type JsonSchema, type JsonSchemaObject, sharedName } from '../../../model/index.ts';
import { mergeSchemas } from '../merge-schemas.ts';
import { FURTHER } from '../words.ts';
import type { Site } from './context.ts';

export interface Flat {
  readonly schema: JsonSchemaObject;
  /** Shared schemas that contain it. */
  readonly open: readonly string[];
}

/** Merges `$ref` and `allOf` into the schema itself. A recursive schema is described instead. */
export function flatten(exact: JsonSchemaObject, site: Site): Flat {
  const { $ref, allOf = [], $defs: _defs, 'x-sent-as': _sentAs, ...own } = exact;
  const referred = $ref === undefined ? { open: site.open, parts: [] } : follow($ref, site);
  let flat: Flat = { schema: own, open: referred.open };
  for (const part of [...referred.parts, ...allOf]) {
    if (typeof part !== 'object') continue;
    const next = flatten(part, { ...site, open: flat.open });
    flat = { schema: merge(flat.schema, next.schema, site), open: next.open };
  }
  return flat;
}

/** What a reference adds to a schema. */
function follow($ref: string, { open, notes, context: { shared } }: Site) {
  const name = sharedName($ref);
  if (name === undefined) return { open, parts: [] };
  const target: JsonSchema = getOwn(shared, name) ?? true;
  if (!open.includes(name)) return { open: [...open, name], parts: [target] };
  notes.lose(`a ${name} again`);
  const type = typeof target === 'object' ? target.type : undefined;
  return { open, parts: type === undefined ? [] : [{ type }] };
}

export const merge = (first: JsonSchemaObject, second: JsonSchemaObject, { notes }: Site): JsonSchemaObject =>
  mergeSchemas(first, second, () => notes.lose(FURTHER));
