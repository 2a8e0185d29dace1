import type { AuthScheme } from './auth-scheme.ts';
import type { Schemas } from './json-schema.ts';
import type { Operation } from './operation.ts';
import type { ServerChoice } from './request-plan.ts';
import type { SearchData } from './search-data.ts';

/**
 * One API as plain JSON: printable, diffable, cacheable, deep-frozen. It contains no OpenAPI any more: every default is
 * resolved. If later code needs a `??`, the model is missing a field.
 */
export interface ApiModel {
  /** Raised when the meaning of a field changes. */
  readonly format: 1;
  /** Slug of the title, `^[a-z][a-z0-9-]*$`: authority of resource URIs, name of an emitted project. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** What a model should know of the API: its purpose and tags, where ids come from, how to page. */
  readonly instructions?: string;
  /** The first one is the default. Never empty: without servers a document means `/` (OpenAPI 3.1.1 §4.8.1). */
  readonly servers: readonly ServerChoice[];
  /** The document's URL, if it came from one: the base of relative servers. */
  readonly documentUrl?: string;
  /**
   * If the document came from a URL: the origin of the user's URL, before redirects. A document from a public origin
   * may not name servers at private addresses.
   */
  readonly documentOrigin?: string;
  readonly auth: Readonly<Record<string, AuthScheme>>;
  /** Shared schemas; schemas of operations reference them as `#/$defs/<name>`. */
  readonly schemas: Schemas;
  /** In the order of the document. */
  readonly operations: readonly Operation[];
  /** Present if the model was made for search. */
  readonly search?: SearchData;
}
