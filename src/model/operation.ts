import type { AuthRequirement } from './auth-scheme.ts';
import type { JsonSchema, JsonSchemaObject, Schemas } from './json-schema.ts';
import type { RequestPlan } from './request-plan.ts';
import type { ResponsePlan } from './response-plan.ts';

/** One operation of the API, as a tool, a resource, or both. Both use the same request plan. */
export interface Operation {
  /** Unique in the model, and stable when the document is reordered. Also the name of its tool. */
  readonly id: string;
  readonly origin: Origin;
  readonly request: RequestPlan;
  readonly response: ResponsePlan;
  /** Any one of them is enough; the list is empty if no credential is needed. */
  readonly auth: readonly AuthRequirement[];
  /** Exact schema of the flat arguments: the only one they are validated against. */
  readonly arguments: ArgumentsSchema;
  readonly tool?: ToolFace;
  readonly resource?: ResourceFace;
}

/** The place of an operation in the document: for messages and filters. */
export interface Origin {
  /** JSON pointer of the operation, `#/paths/~1pets/get`. */
  readonly pointer: string;
  readonly operationId?: string;
  /** As in the document, lower case for the standard methods: `get`. */
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

export interface ArgumentsSchema extends JsonSchemaObject {
  readonly type: 'object';
  readonly properties: Schemas;
  readonly required: readonly string[];
  readonly additionalProperties: JsonSchema;
}

export interface ToolFace {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  /** The version for the provider profile; absent if `arguments` is listed unchanged. */
  readonly inputSchema?: JsonSchemaObject;
  /** Lenient and self-contained; absent if it is not listed. */
  readonly outputSchema?: JsonSchemaObject;
}

/** MCP `ToolAnnotations`. */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A GET as an MCP resource (`uri`), a resource template (`uriTemplate`, RFC 6570), or both. */
export interface ResourceFace {
  /** Present if no parameter is required. */
  readonly uri?: string;
  /** Present if there are parameters. Its variables are keys of the arguments. */
  readonly uriTemplate?: string;
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly mimeType?: string;
}
