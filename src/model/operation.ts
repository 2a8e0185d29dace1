import type { AuthRequirement } from './auth-scheme.ts';
import type { JsonSchema, JsonSchemaObject } from './json-schema.ts';
import type { RequestPlan } from './request-plan.ts';
import type { ResponsePlan } from './response-plan.ts';

/** One operation of the API, with up to two faces. A tool call and a resource read share its request plan. */
export interface Operation {
  /** Unique in the model, and stable when the document is reordered. The name of the tool, where it has one. */
  readonly id: string;
  readonly origin: Origin;
  readonly request: RequestPlan;
  readonly response: ResponsePlan;
  /** Any one is enough; the list is empty where nothing is needed. */
  readonly auth: readonly AuthRequirement[];
  /** Exact schema of the flat arguments: the only one they are validated against. */
  readonly arguments: ArgumentsSchema;
  readonly tool?: ToolFace;
  readonly resource?: ResourceFace;
}

/** Where an operation stands in the document: for messages and filters. */
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
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: JsonSchema;
}

export interface ToolFace {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  /** What the provider profile lets be shown; absent where `arguments` is shown as it is. */
  readonly inputSchema?: JsonSchemaObject;
  /** Lenient and self-contained; absent where it is not listed. */
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
  /** Present where no parameter is required. */
  readonly uri?: string;
  /** Present where there are parameters. Its variables are keys of the arguments. */
  readonly uriTemplate?: string;
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly mimeType?: string;
}
