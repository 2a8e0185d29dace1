import type { AuthRequirement, JsonSchemaObject, ToolAnnotations } from '../model/index.ts';

/**
 * Everything that clients and the API see of a server, as plain JSON: what its tools look like to a model, and which
 * requests they send. It is what `diff` compares and a lock file contains.
 */
export interface Surface {
  /** Raised when the meaning of a field changes. */
  readonly openapiMcpLock: 1;
  readonly name: string;
  readonly version: string;
  readonly instructions?: string;
  /** By name. */
  readonly tools: Readonly<Record<string, SurfaceTool>>;
  /** By URI. */
  readonly resources: Readonly<Record<string, SurfaceResource>>;
  /** By URI template. */
  readonly resourceTemplates: Readonly<Record<string, SurfaceResource>>;
  /** By name. */
  readonly prompts: Readonly<Record<string, SurfacePrompt>>;
  /** The OpenAPI documents behind the tools, by name. */
  readonly apis: Readonly<Record<string, SurfaceApi>>;
  /** Schemas that tools share: `#/$defs/<name>` refers to the tool's own `$defs` first, then to these. */
  readonly schemas: SharedSchemas;
}

export type SharedSchemas = NonNullable<JsonSchemaObject['$defs']>;

export interface SurfaceTool {
  readonly title?: string;
  readonly description?: string;
  readonly annotations?: ToolAnnotations;
  /** Complete, also where `tools/list` shortens it. */
  readonly inputSchema: JsonSchemaObject;
  readonly outputSchema?: JsonSchemaObject;
  /** Absent if the tool is not an operation of an API. */
  readonly request?: SurfaceRequest;
}

export interface SurfaceResource {
  readonly name: string;
  readonly mimeType?: string;
}

export interface SurfacePrompt {
  readonly description?: string;
  /** Whether each argument is required, by name. */
  readonly arguments: Readonly<Record<string, boolean>>;
}

export interface SurfaceApi {
  /** Server URLs, with variables as `{name}`. The first one is the default. */
  readonly servers: readonly string[];
}

/** How a call of the tool reaches the API. */
export interface SurfaceRequest {
  readonly api: string;
  readonly method: string;
  /** `/pets/{petId}` */
  readonly path: string;
  /** Servers of the operation itself, if it has any. */
  readonly servers?: readonly string[];
  /** Where each argument goes, in words: `query limit, form, exploded`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Media types of the body, the default first. Absent if there is none. */
  readonly body?: readonly string[];
  /** Alternatives, each a list of schemes with their scopes. An empty one, or none: no credential is needed. */
  readonly auth: readonly AuthRequirement['schemes'][];
}
