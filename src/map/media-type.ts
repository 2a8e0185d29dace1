/** A media type in its parts, lower case but for parameter values (RFC 9110 §8.3.1). */
export interface MediaType {
  /** `application/json` */
  readonly essence: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type MediaKind = 'json' | 'form' | 'multipart' | 'sequence' | 'xml' | 'text' | 'bytes';

export function parseMediaType(written: string): MediaType {
  const [essence = '', ...rest] = written.split(';');
  const parameters: Record<string, string> = {};
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0) parameters[part.slice(0, at).trim().toLowerCase()] = part.slice(at + 1).trim();
  }
  return { essence: essence.trim().toLowerCase(), parameters };
}

const SEQUENCES = new Set([
  'application/jsonl',
  'application/x-jsonl',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/x-ndjson',
  'application/ndjson',
  'application/json-seq',
  'application/geo+json-seq',
]);

const TEXT_LIKE = new Set([
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/graphql',
  'application/javascript',
  'application/ecmascript',
  'application/sql',
  'application/x-sh',
  'application/csv',
  'application/jwt',
  'application/rtf',
  'application/x-pem-file',
]);

/** How a body of this type is written: by structured suffix (RFC 6839) and name. */
export function mediaKind(written: string): MediaKind {
  const { essence } = parseMediaType(written);
  if (SEQUENCES.has(essence) || essence.endsWith('+json-seq')) return 'sequence';
  if (
    essence === 'application/json' ||
    essence === 'text/json' ||
    essence.endsWith('+json') ||
    essence === 'application/*+json'
  )
    return 'json';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  if (essence.startsWith('multipart/')) return 'multipart';
  if (essence === 'application/xml' || essence === 'text/xml' || essence.endsWith('+xml')) return 'xml';
  if (essence.startsWith('text/') || TEXT_LIKE.has(essence) || essence.endsWith('+yaml')) return 'text';
  return 'bytes';
}

/** The order in which a body's media types are preferred, whatever the order of the document. */
const PREFERENCE: readonly MediaKind[] = ['json', 'form', 'multipart', 'sequence', 'text', 'xml', 'bytes'];

/** Preferred first; equals stay in the order of the document, but the plain `application/json` goes before its relatives. */
export function byPreference<T extends { readonly mediaType: string }>(entries: readonly T[]): readonly T[] {
  const rank = ({ mediaType }: T) =>
    PREFERENCE.indexOf(mediaKind(mediaType)) + (parseMediaType(mediaType).essence === 'application/json' ? -0.5 : 0);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
