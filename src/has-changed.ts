import type { LoadOptions } from './load-model.ts';
import { hashFile, withoutBytes } from './model-cache.ts';
import type { SourceFile } from './parse/api-document.ts';
import type { DocumentSource } from './parse/source.ts';
import { hashOf } from './parse/source-hash.ts';

export interface ReadFrom {
  readonly source: DocumentSource;
  /** What was read, the document first. */
  readonly files: readonly SourceFile[];
  readonly parse: LoadOptions['parse'];
}

/**
 * Whether a document, or a file that it refers to, differs from what was read. A document on the network is requested
 * conditionally (RFC 9110 §13); one from stdin or memory never changes.
 *
 * @throws DocumentError if a document on the network cannot be fetched
 */
export async function hasChanged({ source, files, parse }: ReadFrom): Promise<boolean> {
  const [document, ...others] = files;
  if (document === undefined) return false;
  if (await fileHasChanged(document, parse, addressOf(source))) return true;
  for (const file of others) if (await fileHasChanged(file, parse, file.location)) return true;
  return false;
}

/** A location leaves out what may be secret: the query. */
const addressOf = (source: DocumentSource): string | undefined =>
  (typeof source === 'string' && source !== '-') || source instanceof URL ? String(source) : undefined;

async function fileHasChanged(file: SourceFile, parse: LoadOptions['parse'], address: string | undefined) {
  if (address === undefined) return false;
  if (!/^https?:/i.test(address)) return (await hashFile(file.location)) !== file.hash;
  const { readSource } = await import('./parse/read-source.ts');
  const raw = await readSource(address, { ...parse, cached: withoutBytes(file) });
  return !raw.notModified && hashOf(raw.bytes) !== file.hash;
}
