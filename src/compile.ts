import { type MapOptions, mapDocument } from './map/index.ts';
import type { ApiModel } from './model/index.ts';
import { type DocumentSource, type ParseOptions, parseDocument } from './parse/index.ts';
import type { Problem } from './problems.ts';

/** A document, compiled: the model, and what is to be said about it. */
export interface Compiled {
  readonly model: ApiModel;
  readonly problems: readonly Problem[];
  /** Operations of the document, and how many of them the user's filters left out. */
  readonly found: number;
  readonly filtered: number;
  readonly document: { readonly location: string; readonly version: string };
}

/** parse → map. Imported only where there is something to compile. */
export async function compile(source: DocumentSource, parse: ParseOptions, map: MapOptions): Promise<Compiled> {
  const document = await parseDocument(source, parse);
  const { model, problems, found, filtered } = mapDocument(document, map);
  return { model, problems, found, filtered, document: { location: document.location, version: document.version } };
}
