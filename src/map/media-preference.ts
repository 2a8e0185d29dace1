import { essenceOf, type MediaKind, mediaKind } from '../model/index.ts';

/** The order in which a body's media types are preferred, whatever the order of the document. */
const PREFERENCE: readonly MediaKind[] = ['json', 'form', 'multipart', 'sequence', 'text', 'xml', 'bytes'];

/**
 * Preferred first; equals stay in the order of the document, but the plain `application/json` goes before its
 * relatives.
 */
export function byPreference<T extends { readonly mediaType: string }>(entries: readonly T[]): readonly T[] {
  const rank = ({ mediaType }: T) =>
    PREFERENCE.indexOf(mediaKind(mediaType)) + (essenceOf(mediaType) === 'application/json' ? -0.5 : 0);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
