// In: a path, URL, `-` or a document in memory. Out: an `ApiDocument`: one object, one shape, every reference local.
// Promise: errors in the document are problems in the result; only a document that cannot be used at all throws a
// `DocumentError`. A strict JSON document loads neither the YAML, nor the JSON5, nor the reference parser.
import type { Problem } from '../problems.ts';
import { type ApiDocument, DocumentError, tooDeep } from './api-document.ts';
import { bundle, mayHaveExternalRefs } from './bundle.ts';
import { decodeText } from './decode-text.ts';
import { detectVersion } from './detect-version.ts';
import { settleDynamicRefs } from './dynamic-refs.ts';
import { foldDepth } from './fold-depth.ts';
import { inlinePathItems } from './inline-path-items.ts';
import { isObject, type JsonObject } from './json.ts';
import { parseText } from './parse-text.ts';
import { readSource } from './read-source.ts';
import { recogniseText } from './recognise.ts';
import type { DocumentSource, RawSource, ReadOptions } from './source.ts';
import { hashedLater, hashOf } from './source-hash.ts';
import { isPlain, surveyOf } from './survey.ts';
import { upgrade } from './upgrade.ts';

export type * from './api-document.ts';
export { DocumentError } from './api-document.ts';
export { decodeText } from './decode-text.ts';
export { parseText } from './parse-text.ts';
export { readSource } from './read-source.ts';
export * from './references.ts';
export type * from './source.ts';
export { hashOf } from './source-hash.ts';

export interface ParseOptions extends ReadOptions {
  /**
   * Changes the document before anything else: overlays. It is as written, except that path items of other files are
   * inlined; `pointers` has their places, and receives those of changed objects.
   */
  readonly amend: ((root: unknown, pointers: WeakMap<object, string>) => Promise<Amended>) | undefined;
}
export interface Amended {
  readonly root: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reads a document and converts it to one shape.
 *
 * @throws DocumentError if it cannot be read, is not OpenAPI, or cannot be parsed at all
 */
export async function parseDocument(source: DocumentSource, options: ParseOptions): Promise<ApiDocument> {
  return parseRaw(await readSource(source, options), options);
}

/** The same, from bytes that have already been read. */
export async function parseRaw(raw: RawSource, options: ParseOptions): Promise<ApiDocument> {
  const { location } = raw;
  const { text, problems: ofText } = decodeText(raw.bytes, raw.charset);
  const parsed = await parseRecognised(text, location);
  const read = foldDepth(parsed.value, '#', isPlain(text));
  const inlined =
    options.amend && isObject(read.root) ? await inlinePathItems(read.root, raw.base, options) : undefined;
  const amended =
    options.amend && inlined ? await options.amend(inlined.root, inlined.pointers) : { root: read.root, problems: [] };
  // An overlay may add nesting.
  const folded = options.amend ? foldDepth(amended.root, '#') : { ...read, problems: [] };
  const { version, shape, problems: ofVersion } = detectVersion(folded.root, location);
  const root = folded.root as JsonObject; // detectVersion rejects everything else
  try {
    const needsBundle = mayHaveExternalRefs(text) || root !== parsed.value;
    const bundled = needsBundle ? await bundle(root, raw.base, options, inlined) : asItIs(root);
    const upgraded = upgrade(bundled, { shape, url: raw.base.kind === 'web' ? raw.base.url : undefined });
    const survey = bundled.files.length > 0 ? surveyOf(upgraded.root) : folded.survey;
    const settled = survey.hasDynamicRefs
      ? settleDynamicRefs(upgraded.root, upgraded.pointers)
      : { root: upgraded.root, problems: [] };
    return {
      root: settled.root,
      version,
      location,
      ...(raw.base.kind === 'web' ? { url: raw.base.url, origin: raw.base.origin } : {}),
      ...(raw.lookedFrom !== undefined && { lookedFrom: raw.lookedFrom }),
      problems: [
        ...[ofText, parsed.problems, read.problems, amended.problems, folded.problems],
        ...[ofVersion, bundled.problems, upgraded.problems, settled.problems],
      ].flat(),
      files: [hashedLater(raw, () => hashOf(raw.bytes)), ...bundled.files],
      pointers: upgraded.pointers,
      mayHideText: survey.mayHideText,
    };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(location, error);
    throw error;
  }
}

const asItIs = (root: JsonObject): Awaited<ReturnType<typeof bundle>> => ({
  root,
  files: [],
  problems: [],
  pointers: new WeakMap(),
});

async function parseRecognised(text: string, location: string): ReturnType<typeof parseText> {
  const recognised = recogniseText(text);
  if (recognised) {
    const message = `This is not an OpenAPI document; it looks like ${recognised.what}.`;
    throw new DocumentError(message, { location, fix: recognised.fix });
  }
  return parseText(text, location);
}
