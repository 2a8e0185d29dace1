import type { Problem } from '../problems.ts';
import { publicAddress } from './public-address.ts';

/** A document as `parse` hands it on: one object, one shape, every reference local. */
export interface ApiDocument {
  /**
   * The document in the shape of OpenAPI 3.2, whatever it was written in: `paths`, `components`, `servers`,
   * `requestBody`/`content`. Schemas keep the keywords of their own dialect (`nullable`, boolean `exclusiveMinimum`);
   * `map/schema.ts` reads every dialect. Values are unchecked: anything may stand anywhere.
   */
  readonly root: Readonly<Record<string, unknown>>;
  /** As written: `2.0`, `3.0.3`, `3.1.2`, `3.2.0`. */
  readonly version: string;
  /** Where it was read: a path, a URL without what may be a secret, `-` (stdin) or `memory`. For messages. */
  readonly location: string;
  /** Set where it came from a URL (after redirects): relative servers resolve against it. No secret is in it. */
  readonly url?: string;
  /** Set where it came from a URL: the origin of the URL the user gave, before redirects. */
  readonly origin?: string;
  readonly problems: readonly Problem[];
  /** Every file that was read, the document first: for the cache key. */
  readonly files: readonly SourceFile[];
  /** JSON pointer in the user's own file of an object that `parse` moved (upgrade of 2.0, bundling of files). */
  readonly pointers: WeakMap<object, string>;
  /** False where no string of the document has characters that no reader sees. */
  readonly mayHideText: boolean;
}

export interface SourceFile {
  /** The document as in {@link ApiDocument.location}; a further file by its real path or URL. */
  readonly location: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** Validators of the HTTP answer (RFC 9110 §8.8), for asking again only where it has changed. */
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The document cannot be used at all. `exitCode`: 1 document, 3 network. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly location: string;
  /** How to mend it. */
  readonly fix: string;
  readonly kind: 'document' | 'network';
  constructor(
    message: string,
    details: { location: string; fix: string; kind?: 'document' | 'network'; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.location = publicAddress(details.location);
    this.fix = details.fix;
    this.kind = details.kind ?? 'document';
  }
}
