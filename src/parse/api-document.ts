import type { Problem } from '../problems.ts';
import { publicAddress } from './public-address.ts';

/** The output of `parse`: one object, one shape, every reference local. */
export interface ApiDocument {
  /**
   * The document in OpenAPI 3.2 form, whatever version it was written in: `paths`, `components`, `servers`,
   * `requestBody`/`content`. Schemas keep the keywords of their own dialect (`nullable`, boolean `exclusiveMinimum`);
   * `map/schema/` reads every dialect. Values are not validated.
   */
  readonly root: Readonly<Record<string, unknown>>;
  /** As written: `2.0`, `3.0.3`, `3.1.2`, `3.2.0`. */
  readonly version: string;
  /** Where it was read: a path, a URL without possible secrets, `-` (stdin) or `memory`. For messages. */
  readonly location: string;
  /** Set if it came from a URL (after redirects): the base of relative servers. Contains no secrets. */
  readonly url?: string;
  /** Set if it came from a URL: the origin of the user's URL, before redirects. */
  readonly origin?: string;
  /** Set if it was found below the address of an API: that address. */
  readonly lookedFrom?: string;
  readonly problems: readonly Problem[];
  /** Every file that was read, the document first: for the cache key. */
  readonly files: readonly SourceFile[];
  /** JSON pointer in the user's own file, for objects that `parse` moved (upgrade of 2.0, bundling of files). */
  readonly pointers: WeakMap<object, string>;
  /** False if no string in the document has invisible characters. */
  readonly mayHideText: boolean;
}

export interface SourceFile {
  /** The document as in {@link ApiDocument.location}; other files by real path or URL. */
  readonly location: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** Validators of the HTTP response (RFC 9110 §8.8), for conditional requests. */
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The document cannot be used at all. `exitCode`: 1 document, 3 network. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly location: string;
  /** How to fix it. */
  readonly fix: string;
  readonly kind: 'document' | 'network';
  /** The HTTP status, if the server responded with an error. */
  readonly status?: number;
  constructor(
    message: string,
    details: {
      location: string;
      fix: string;
      kind?: 'document' | 'network';
      status?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.location = publicAddress(details.location);
    this.fix = details.fix;
    this.kind = details.kind ?? 'document';
    if (details.status !== undefined) this.status = details.status;
  }
}

export const tooDeep = (location: string, cause?: Error): DocumentError =>
  new DocumentError('The document is nested too deeply to be read.', {
    location,
    fix: 'Move inner schemas to components and reference them.',
    cause,
  });
