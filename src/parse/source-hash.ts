import { createRequire } from 'node:module';
import { defined } from '../model/own.ts';
import { madeLater } from '../runtime/made-later.ts';
import type { SourceFile } from './api-document.ts';

/** Loading it takes 4 ms of a start, and without a cache nothing is hashed. */
let crypto: typeof import('node:crypto') | undefined;

/** SHA-256 of bytes (or of a text in UTF-8), hex. */
export function hashOf(content: string | Uint8Array): string {
  crypto ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return crypto.createHash('sha256').update(content).digest('hex');
}

interface Described extends Pick<SourceFile, 'location'> {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A file whose hash is made when it is first read: only the cache needs it, after the first client has its list. */
export function hashedLater({ location, etag, lastModified }: Described, hash: () => string): SourceFile {
  return madeLater({ location, ...defined({ etag, lastModified }) } as SourceFile, 'hash', hash);
}
