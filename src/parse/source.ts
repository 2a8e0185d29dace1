import type { HttpSender } from '../runtime/api/http.ts';

/**
 * Where a document is: a path (of a file, or of a folder that holds one), an `http(s):` or `file:` URL, `-` (stdin),
 * or the document itself, as text or as an object of plain JSON.
 */
export type DocumentSource = string | URL | TextSource | Readonly<Record<string, unknown>>;

/** A document in memory. */
export interface TextSource {
  readonly text: string;
  /** Where it would stand, a path or URL: relative references and servers resolve against it. */
  readonly location?: string;
}

/** How documents, and the files they refer to, are read. */
export interface ReadOptions {
  /** Fetches the document itself. */
  readonly send: HttpSender;
  /**
   * The sender for redirects away from `origin`, the host of the document: from a public one to public addresses only.
   */
  readonly sendRedirected: (origin: string) => HttpSender;
  /**
   * Fetches what the document refers to on the network; must refuse private addresses. `undefined`: nothing is fetched.
   */
  readonly sendRemoteRefs: HttpSender | undefined;
  /** Sent with requests to the document's own origin, and to no other. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** For one file, redirects included. */
  readonly timeoutMs: number;
  /** For one file; and for all files that a document refers to together. */
  readonly maxBytes: number;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array | string> | undefined;
  /** What an earlier run fetched from the same URL: asked for again only where it has changed (RFC 9110 §13). */
  readonly cached: CachedSource | undefined;
}

export interface CachedSource {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** The bytes of a document, and what relative references in it stand against. */
export interface RawSource {
  readonly bytes: Uint8Array;
  /** For messages: a path, a URL without credentials and query, `-` or `memory`. */
  readonly location: string;
  readonly base: Base;
  /** Of the HTTP answer's Content-Type. */
  readonly charset?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** True where the server answered that `cached` still holds. */
  readonly notModified: boolean;
}

export type Base =
  /** `url` is the `file:` URL of the document; files outside `folder` (a real path) are not read. */
  | { readonly kind: 'folder'; readonly url: string; readonly folder: string }
  /** `url` after redirects; `origin` of the URL the user gave, by which the document is trusted. */
  | { readonly kind: 'web'; readonly url: string; readonly origin: string }
  | { readonly kind: 'none' };
