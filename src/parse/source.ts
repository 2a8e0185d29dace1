import type { HttpSender } from '../runtime/api/http.ts';

/**
 * A document: a path (of a file, or of a folder that contains one), an `http(s):` or `file:` URL, `-` (stdin), or the
 * document itself, as text or as a plain JSON object.
 */
export type DocumentSource = string | URL | TextSource | Readonly<Record<string, unknown>>;

/** A document in memory. */
export interface TextSource {
  readonly text: string;
  /** Its virtual path or URL: the base of relative references and servers. */
  readonly location?: string;
}

/** How to read documents, and the files they reference. */
export interface ReadOptions {
  /** Fetches the document itself. */
  readonly send: HttpSender;
  /**
   * The sender for redirects away from `origin`, the host of the document: from a public host only to public addresses.
   */
  readonly sendRedirected: (origin: string) => HttpSender;
  /** Fetches referenced documents on the network; must reject private addresses. `undefined`: nothing is fetched. */
  readonly sendRemoteRefs: HttpSender | undefined;
  /** Sent with requests to the document's own origin only. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** For one file, including redirects. */
  readonly timeoutMs: number;
  /** For one file; and for all files of a document together. */
  readonly maxBytes: number;
  /** The stream to read for `-`. */
  readonly stdin: AsyncIterable<Uint8Array | string> | undefined;
  /** The result of an earlier run for the same URL: requested again conditionally (RFC 9110 §13). */
  readonly cached: CachedSource | undefined;
}

export interface CachedSource {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The bytes of a document, and the base of its relative references. */
export interface RawSource {
  readonly bytes: Uint8Array;
  /** For messages: a path, a URL without credentials and query, `-` or `memory`. */
  readonly location: string;
  readonly base: Base;
  /** The user's address, if that had no document and it was found elsewhere. */
  readonly lookedFrom?: string;
  /** From the HTTP response's Content-Type. */
  readonly charset?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** True if the server responded that `cached` is still current. */
  readonly notModified: boolean;
}

export type Base =
  /** `url` is the `file:` URL of the document; files outside `folder` (a real path) are not read. */
  | { readonly kind: 'folder'; readonly url: string; readonly folder: string }
  /** `url` after redirects; `origin` of the user's URL, which decides how far the document is trusted. */
  | { readonly kind: 'web'; readonly url: string; readonly origin: string }
  | { readonly kind: 'none' };
