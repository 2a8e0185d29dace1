import { essenceOf, type MediaKind, mediaKind } from '../model/index.ts';

/** The order in which a body's media types are preferred, independent of the order of the document. */
const PREFERENCE: readonly MediaKind[] = ['json', 'form', 'multipart', 'sequence', 'text', 'xml', 'bytes'];

/**
 * Preferred types first; otherwise in the order of the document, except that plain `application/json` comes before
 * types such as `application/problem+json`.
 */
export function byPreference<T extends { readonly mediaType: string }>(entries: readonly T[]): readonly T[] {
  const rank = ({ mediaType }: T) =>
    PREFERENCE.indexOf(mediaKind(mediaType)) + (essenceOf(mediaType) === 'application/json' ? -0.5 : 0);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
