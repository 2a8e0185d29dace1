import type { JsonSchemaObject, ToolAnnotations } from '../model/index.ts';
import type { BackgroundCall } from './background-call.ts';
import type { SendingReport, SendingWatch } from './sending.ts';
import type { SharedStore } from './shared-store.ts';

/**
 * Anything that can be served or mounted: an API, a remote MCP server, hand-written tools, resources and prompts, or a
 * composite.
 *
 * A structural interface: no class, symbol or `instanceof` crosses it, and errors are recognised by `code`, because an
 * emitted project brings its own copy of this runtime, possibly an older one.
 *
 * Lists are shared: a provider returns the same frozen array until it announces a change.
 */
export interface Provider {
  readonly contract: 1;
  readonly info: ProviderInfo;
  listTools(context: ListContext): Promise<readonly Tool[]>;
  callTool(call: ToolCall, context: CallContext): Promise<ToolResult>;
  listResources(context: ListContext): Promise<readonly Resource[]>;
  listResourceTemplates(context: ListContext): Promise<readonly ResourceTemplate[]>;
  /** @throws ProviderError `RESOURCE_NOT_FOUND` if no resource or template has that URI */
  readResource(read: ResourceRead, context: CallContext): Promise<ResourceResult>;
  listPrompts(context: ListContext): Promise<readonly Prompt[]>;
  /** @throws ProviderError `PROMPT_NOT_FOUND` */
  getPrompt(get: PromptGet, context: CallContext): Promise<PromptResult>;
  /** Values that complete an argument; an empty list if none are known. */
  complete(completion: Completion, context: CallContext): Promise<CompletionResult>;
  /**
   * All scopes that the request needs, if its caller lacks some of them; `undefined` if it has them. A server asks before
   * it starts the request, so that it can respond with a challenge. The request itself is refused as well.
   *
   * A provider that acts on behalf of its callers gets their credential here, for the same reason: see
   * `caller-access.ts`.
   */
  lackingScopes?(request: ScopedRequest, context: ListContext): Promise<readonly string[] | undefined>;
  /** Present if calls honour `context.preview`. */
  readonly previews?: true;
  /** Calls back after a list has changed. Returns a function that unsubscribes. */
  onChange(listener: (change: ListChange) => void): () => void;
  /**
   * Calls back with the URI of a resource whose content has changed. Returns a function that unsubscribes. Absent if the
   * provider never knows: clients then cannot subscribe to its resources.
   */
  readonly onResourceUpdate?: ((listener: (uri: string) => void) => () => void) | undefined;
  /** Frees connections and timers. Calls in flight may fail. */
  close(): Promise<void>;
}

/** A request that may need scopes. */
export type ScopedRequest =
  | { readonly method: 'tools/call'; readonly params: ToolCall }
  | { readonly method: 'resources/read'; readonly params: ResourceRead }
  | { readonly method: 'prompts/get'; readonly params: PromptGet };

export interface ProviderInfo {
  readonly name: string;
  readonly title?: string;
  readonly version: string;
  readonly description?: string;
  /** Text for the model on how to use the tools (MCP `instructions`). */
  readonly instructions?: string;
}

export type ListChange = 'tools' | 'resources' | 'prompts';

/** Who requests a list. 2026-07-28: lists may depend on authorization, never on the connection. */
export interface ListContext {
  readonly caller?: Caller;
  /**
   * Set by callers that need the complete list: if a part is missing because a child is down, listing fails instead of
   * returning the rest.
   */
  readonly whole?: true;
  /**
   * Set by callers that accept a partial list: servers that are still starting are left out. A provider that waits for
   * none can ignore it.
   */
  readonly ready?: true;
  /**
   * Set by callers that search: tools of an API then carry what is known of their operations, in `_meta` (see
   * `api/facts/facts.ts`). Such a list is not meant for clients. A provider that has nothing to add can ignore it.
   */
  readonly facts?: true;
  /**
   * Set by transforms that decide by operation: items of an API then have their origin in `_meta` (see
   * `origin-meta.ts`). Such a list is not meant for clients either.
   */
  readonly origins?: true;
  /**
   * Set by transforms that select parts of results: tools of an API then have the fields of their responses in `_meta` (see
   * `answer-meta.ts`). Such a list is not meant for clients either.
   */
  readonly answers?: true;
  /** Set by the server for itself: everything, whatever scopes it needs. Such a list is not shown to a caller. */
  readonly unrestricted?: true;
}

/** The authenticated caller of the MCP server; absent on stdio and without authentication. */
export interface Caller {
  /** Unique: the issuer and the subject, or the name of the program. Whatever is kept per caller is kept by this. */
  readonly id: string;
  readonly scopes: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface CallContext extends ListContext {
  readonly requestId: string;
  /** The tool name that the client used, if the provider is mounted or renamed: for messages. */
  readonly calledAs?: string;
  /** The transport's session; absent if it has none (stdio, stateless HTTP). */
  readonly session?: string;
  /** The MCP version of the request, one that this server supports; absent if no client sent the call. */
  readonly protocolVersion?: string;
  /** Aborted when the client cancels or disconnects. */
  readonly signal: AbortSignal;
  /** Reports progress to the client; does nothing if the client did not ask for it. */
  progress(progress: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
  /** A log message for the client. */
  log(level: LogLevel, data: unknown): void;
  /** `_meta` of the MCP request, such as `traceparent`. Written by the client, so it is not trusted. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /**
   * A header of the client's HTTP request; absent over other transports. APIs forward those that their operator names,
   * and nothing else.
   */
  requestHeader?(name: string): string | null;
  /** Headers for API requests. They never override arguments, credentials and the owner's headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks the client's user. Absent if the client does not support it. */
  readonly elicit?: (request: ElicitRequest) => Promise<ElicitAnswer>;
  /** Samples from the client's language model. Absent if the client does not support it. */
  readonly sample?: (request: SampleRequest) => Promise<SampleAnswer>;
  /** The folders that the client's user works in. Absent if the client does not tell them. */
  readonly roots?: (request?: RootsRequest) => Promise<readonly Root[]>;
  /**
   * Set by callers that want to know the HTTP request of a call: see `preview.ts`. Nothing is sent, and nothing else
   * happens. Only providers with `previews` get it.
   */
  readonly preview?: true;
  /**
   * Set by callers that keep results which are too large: an API then does not cut them to its limit for results. A
   * provider that cuts nothing can ignore it.
   */
  readonly uncut?: true;
  /**
   * Set by callers that page through results: the operation of an API is requested at this position, and its result
   * says where the next page is (see `page-meta.ts`). Only for tools whose origin has `paging`.
   */
  readonly page?: { readonly at?: PagePosition };
  /**
   * Moves the call to the background: its client gets a task at once, and comes back for the result. Absent if the client
   * knows no tasks. Called once at most; `undefined` if there are too many tasks.
   */
  readonly background?: () => BackgroundCall | undefined;
  /** What the processes of the server share; absent if it is a single process. */
  readonly shared?: SharedStore;
  /** Receives each HTTP exchange with an API that the call makes, when its response starts or it fails. */
  onExchange?(exchange: ExchangeReport): void;
  /** Called before each HTTP request that the call sends to an API, for tracing. */
  onSend?(sending: SendingReport): SendingWatch;
}

/** Where a page starts: at arguments that replace those of the call, or at a path with its query, on the same server. */
export type PagePosition =
  | { readonly arguments: Readonly<Record<string, unknown>> }
  /** Starts with `/`. */
  | { readonly path: string };

/** An HTTP exchange, without secrets. */
export interface ExchangeReport {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: HttpHeaders;
    readonly body?: string | Uint8Array;
  };
  /** Its status and headers; absent if there was no response. */
  readonly response?: { readonly status: number; readonly headers: HttpHeaders };
  /** Why there was no response. */
  readonly error?: string;
  /** Start of the request, in milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds until the headers of the response, or the error. */
  readonly ms: number;
}
type HttpHeaders = readonly (readonly [name: string, value: string])[];

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';

interface Question {
  /**
   * Identifies the answer when the call runs again (2026-07-28), if the wording of the question may differ. Unique
   * within a call. Default: derived from the question and its position.
   */
  readonly key?: string;
}
export interface ElicitRequest extends Question {
  readonly message: string;
  /** A flat object of primitives. */
  readonly requestedSchema: JsonSchemaObject;
}
export type ElicitAnswer =
  | { readonly action: 'accept'; readonly content: Readonly<Record<string, unknown>> }
  | { readonly action: 'decline' | 'cancel' };

/**
 * A request to the client's model (MCP `sampling/createMessage`). MCP 2026-07-28 deprecates sampling (SEP-2577) and
 * keeps it for at least a year: fewer and fewer clients support it.
 */
export interface SampleRequest extends Question {
  readonly messages: readonly SampleMessage[];
  /** The client may stop earlier. */
  readonly maxTokens: number;
  readonly systemPrompt?: string;
  readonly temperature?: number;
  readonly stopSequences?: readonly string[];
  /** Preferences: the client chooses the model. Priorities are from 0 to 1. */
  readonly modelPreferences?: {
    readonly hints?: readonly { readonly name?: string }[];
    readonly costPriority?: number;
    readonly speedPriority?: number;
    readonly intelligencePriority?: number;
  };
}
export interface SampleMessage {
  readonly role: 'user' | 'assistant';
  readonly content: SampleContent | readonly SampleContent[];
}
export type SampleContent = Extract<ContentBlock, { readonly type: 'text' | 'image' | 'audio' }>;
export interface SampleAnswer {
  readonly role: 'user' | 'assistant';
  readonly content: SampleContent;
  /** The model that was used. */
  readonly model: string;
  /** `endTurn`, `stopSequence`, `maxTokens`, or a value of the client's. */
  readonly stopReason?: string;
}

/** A question for the client's roots. MCP 2026-07-28 deprecates roots, as it does sampling. */
export interface RootsRequest extends Question {}
export interface Root {
  /** `file://…` */
  readonly uri: string;
  readonly name?: string;
}

export interface Tool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonSchemaObject & { readonly type: 'object' };
  readonly outputSchema?: JsonSchemaObject;
  readonly annotations?: ToolAnnotations;
  readonly icons?: readonly Icon[];
  readonly _meta?: Readonly<Record<string, unknown>>;
}
export interface Icon {
  readonly src: string;
  readonly mimeType?: string;
  readonly sizes?: readonly string[];
  /** The background that it is made for. */
  readonly theme?: 'light' | 'dark';
}
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}
export type ContentBlock =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly annotations?: ContentAnnotations;
      readonly _meta?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'image' | 'audio';
      readonly data: string;
      readonly mimeType: string;
      readonly annotations?: ContentAnnotations;
    }
  | { readonly type: 'resource'; readonly resource: ResourceContents; readonly annotations?: ContentAnnotations }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly title?: string;
      readonly description?: string;
      readonly mimeType?: string;
      readonly size?: number;
    };
export interface ContentAnnotations {
  readonly audience?: readonly ('user' | 'assistant')[];
  readonly priority?: number;
  /** ISO 8601 */
  readonly lastModified?: string;
}

/** Fields that any listed item may have. */
interface Listed {
  readonly icons?: readonly Icon[];
  readonly _meta?: Readonly<Record<string, unknown>>;
}
export interface Resource extends Listed {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly size?: number;
  readonly annotations?: ContentAnnotations;
}
export interface ResourceTemplate extends Listed {
  /** RFC 6570 */
  readonly uriTemplate: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly annotations?: ContentAnnotations;
}
export interface ResourceRead {
  readonly uri: string;
}
export type ResourceContents =
  | {
      readonly uri: string;
      readonly mimeType?: string;
      readonly text: string;
      readonly _meta?: Readonly<Record<string, unknown>>;
    }
  /** `blob` is base64. */
  | { readonly uri: string; readonly mimeType?: string; readonly blob: string };
export interface ResourceResult {
  readonly contents: readonly ResourceContents[];
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface Prompt extends Listed {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly arguments?: readonly { readonly name: string; readonly description?: string; readonly required?: boolean }[];
}
export interface PromptGet {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}
export interface PromptResult {
  readonly description?: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: ContentBlock }[];
}

export interface Completion {
  readonly ref:
    | { readonly type: 'prompt'; readonly name: string }
    | { readonly type: 'resource'; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** Arguments that are already set. */
  readonly given: Readonly<Record<string, string>>;
}
export interface CompletionResult {
  /** At most 100. */
  readonly values: readonly string[];
  readonly total?: number;
  readonly hasMore?: boolean;
}

/**
 * Thrown by a provider if the request itself is invalid; recognised by `code`. Failures of a tool are results with
 * `isError`.
 */
export type ProviderErrorCode =
  | 'TOOL_NOT_FOUND'
  | 'RESOURCE_NOT_FOUND'
  | 'PROMPT_NOT_FOUND'
  | 'INVALID_ARGUMENTS'
  | 'INSUFFICIENT_SCOPE'
  | 'READ_FAILED';

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  constructor(code: ProviderErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
