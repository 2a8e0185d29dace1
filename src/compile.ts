import { declaredResponses, type ResponsePurpose } from './map/declared-responses.ts';
import { type MapOptions, mapDocument } from './map/index.ts';
import type { ApiModel, DeclaredResponses } from './model/index.ts';
import type { ApiDocument, SourceFile } from './parse/api-document.ts';
import {
  type Amended,
  type DocumentSource,
  decodeText,
  hashOf,
  type ParseOptions,
  parseRaw,
  parseText,
  type RawSource,
  readSource,
} from './parse/index.ts';
import { applyOverlay } from './parse/overlay.ts';
import type { Problem } from './problems.ts';
import { beginLongStart } from './runtime/node/quick-start.ts';

/** A compiled document: the model, and its problems and notices. */
export interface Compiled {
  readonly model: ApiModel;
  readonly problems: readonly Problem[];
  /** Number of operations in the document, and how many of them the user's filters excluded. */
  readonly found: number;
  readonly filtered: number;
  /** Notices for the user that are not problems of the document. */
  readonly notices: readonly string[];
  readonly document: CompiledDocument;
  /** Every file that was read, the document first. */
  readonly files: readonly SourceFile[];
  /** More of the document than the model has. Whoever keeps it keeps the document in memory. */
  readonly declarations: Declarations;
}

export interface Declarations {
  readonly responses: (purpose: ResponsePurpose) => DeclaredResponses;
}

export interface CompiledDocument {
  readonly location: string;
  readonly version: string;
  readonly url?: string;
}

export interface CompileOptions {
  readonly parse: Omit<ParseOptions, 'amend'>;
  /** Paths or URLs of OpenAPI Overlays, applied in this order. */
  readonly overlays: readonly string[];
  readonly map: MapOptions;
}

/**
 * parse → map. Imported only if there is something to compile.
 *
 * @param raw the bytes of the source, if they have already been read
 */
export async function compile(
  source: DocumentSource,
  { parse, overlays, map }: CompileOptions,
  raw: RawSource | undefined,
): Promise<Compiled> {
  const overlayFiles: SourceFile[] = [];
  const amend: ParseOptions['amend'] =
    overlays.length === 0 ? undefined : (root, pointers) => applyAll({ root, pointers }, overlays, parse, overlayFiles);
  const read = raw ?? (await readSource(source, parse));
  if (read.bytes.length > LARGE_DOCUMENT) beginLongStart();
  const document = await parseRaw(read, { ...parse, amend });
  const { model, problems, found, filtered, notices } = mapDocument(document, map);
  return {
    model,
    problems,
    found,
    filtered,
    notices: [...lookedUp(document), ...notices],
    document: {
      location: document.location,
      version: document.version,
      ...(document.url !== undefined && { url: document.url }),
    },
    files: [...document.files, ...overlayFiles],
    declarations: { responses: (purpose) => declaredResponses(document, purpose) },
  };
}

/** In bytes. Up to here, a start takes longer if its functions are optimised. */
const LARGE_DOCUMENT = 10_000_000;

/** Where the document was, if the user passed the address of an API. */
export const lookedUp = ({ lookedFrom, location }: Pick<ApiDocument, 'lookedFrom' | 'location'>): readonly string[] =>
  lookedFrom === undefined ? [] : [`Found the document of ${lookedFrom} at ${location}.`];

/** Applies overlays one after the other; each file that was read is added to `files`. */
export async function applyAll(
  { root, pointers }: { readonly root: unknown; readonly pointers: WeakMap<object, string> },
  overlays: readonly string[],
  parse: Omit<ParseOptions, 'amend'>,
  files: SourceFile[],
): Promise<Amended> {
  let amended: Amended = { root, problems: [] };
  for (const overlay of overlays) {
    const raw = await readSource(overlay, { ...parse, headers: [], cached: undefined });
    files.push({ location: raw.location, hash: hashOf(raw.bytes) });
    const { text, problems: ofText } = decodeText(raw.bytes, raw.charset);
    const parsed = await parseText(text, raw.location);
    const applied = await applyOverlay(amended.root, parsed.value, raw.location, pointers);
    amended = {
      root: applied.root,
      problems: [...amended.problems, ...ofText, ...parsed.problems, ...applied.problems],
    };
  }
  return amended;
}
