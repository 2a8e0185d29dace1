import type { AuthScheme } from './auth-scheme.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Operation } from './operation.ts';
import type { ServerChoice } from './request-plan.ts';

/**
 * One API as plain JSON: printable, diffable, cacheable, deep-frozen. It knows no OpenAPI any more: every default is
 * settled. If later code wants a `??`, the model lacks a field.
 */
export interface ApiModel {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  /** Slug of the title, `^[a-z][a-z0-9-]*$`: authority of resource URIs, name of an emitted project. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The first one is the default. Never empty: without servers a document means `/` (OpenAPI 3.1.1 §4.8.1). */
  readonly servers: readonly ServerChoice[];
  /** Where the document came from, when that is a URL: relative servers resolve against it. */
  readonly documentUrl?: string;
  /**
   * Where the document came from, when that is a URL: the origin that the user named, before redirects. A document of a
   * public origin may not name servers at private addresses.
   */
  readonly documentOrigin?: string;
  readonly auth: Readonly<Record<string, AuthScheme>>;
  /** Shared schemas, each once; schemas of operations refer to them as `#/$defs/<name>`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** In the order of the document. */
  readonly operations: readonly Operation[];
}
