import type { ApiDocument } from '../parse/api-document.ts';
import { DEFAULT_MAP_OPTIONS, type MapOptions, type MappedDocument, mapDocument } from './index.ts';

/** A document in memory, as `parse` returns it. */
export function documentOf(root: Readonly<Record<string, unknown>>): ApiDocument {
  return {
    root,
    version: '3.1.0',
    location: 'memory',
    problems: [],
    files: [],
    pointers: new WeakMap(),
    mayHideText: true,
  };
}

/** The model of a document with these paths. */
export function mapPaths(
  paths: unknown,
  { options, ...rest }: { options?: Partial<MapOptions>; [field: string]: unknown } = {},
): MappedDocument {
  return mapDocument(documentOf({ info: { title: 'Test', version: '1' }, paths, ...rest }), {
    ...DEFAULT_MAP_OPTIONS,
    ...options,
  });
}
