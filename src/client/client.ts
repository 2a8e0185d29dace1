import {
  type Client,
  LOG_LEVEL_META_KEY,
  type RequestOptions,
  type Tool as SdkTool,
} from '@modelcontextprotocol/client';
import { EXACT_INTEGERS_KEY } from '../runtime/api/arguments/exact-json.ts';
import type {
  Completion,
  CompletionResult,
  LogLevel,
  Prompt,
  PromptResult,
  Resource,
  ResourceResult,
  ResourceTemplate,
  Tool,
  ToolResult,
} from '../runtime/provider.ts';
import type { StandardSchema } from '../runtime/server/standard-schema.ts';
import type { Connection } from './connection.ts';
import { ToolCallFailed } from './errors.ts';
import { OutputCheck } from './output-check.ts';

export interface CallOptions {
  /** Cancels the request, here and on the server. */
  readonly signal?: AbortSignal;
  /** Default: that of the connection. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: {
    readonly progress: number;
    readonly total?: number | undefined;
    readonly message?: string | undefined;
  }) => void;
}

export interface CallToolOptions extends CallOptions {
  /** Throw a result with `isError` as `ToolCallFailed`. Default false. */
  readonly raiseOnError?: boolean;
  /** Strings of digits in the arguments that stand for JSON numbers, even if the tool's schema allows any value. */
  readonly exactIntegers?: readonly string[];
}

/** A tool result whose structured content the caller knows. */
export type TypedResult<Structured> = ToolResult & { readonly structuredContent?: Structured };

/**
 * A connection to one server. It reconnects automatically: a tool call in flight fails with `ConnectionLost` and is
 * never sent twice, unless the server has certainly not received it; the next call works. Invalid requests reject with
 * the SDK's `ProtocolError`, which has the JSON-RPC `code`.
 */
export class McpClient implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  readonly #logLevel: LogLevel | undefined;
  readonly #output = new OutputCheck();
  /** The last list, and the connection it came from. */
  #listed: { readonly by: Client; readonly tools: ReadonlyMap<string, Tool> } | undefined;

  constructor(connection: Connection, { timeoutMs, logLevel }: { timeoutMs: number; logLevel: LogLevel | undefined }) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#logLevel = logLevel;
  }

  /** Whether the connection is up, as far as is known: a lost HTTP server shows only at the next request. */
  get isConnected(): boolean {
    return this.#connection.current !== undefined;
  }

  /** The server's own name and version; absent if it does not send them, or is not connected. */
  get server(): { readonly name: string; readonly title?: string | undefined; readonly version: string } | undefined {
    return this.#connection.current?.getServerVersion();
  }

  get instructions(): string | undefined {
    return this.#connection.current?.getInstructions();
  }

  /** `2026-07-28`, `2025-11-25` …; empty while disconnected. */
  get protocolVersion(): string {
    return this.#connection.current?.getNegotiatedProtocolVersion() ?? '';
  }

  /** The capabilities of the server: `tools`, `resources`, `prompts`, `completions`, `logging`. */
  get capabilities(): Readonly<Record<string, unknown>> {
    return this.#connection.current?.getServerCapabilities() ?? {};
  }

  /**
   * Waits for the connection, or opens one.
   *
   * @throws ConnectError
   */
  async ready(signal?: AbortSignal): Promise<void> {
    await this.#connection.client(signal);
  }

  async listTools(options: CallOptions = {}): Promise<readonly Tool[]> {
    return this.#read('listing tools', options, async (client, requestOptions) => {
      if (!offers(client, 'tools')) return [];
      const tools = (await client.listTools(undefined, requestOptions)).tools as readonly Tool[];
      this.#listed = { by: client, tools: new Map(tools.map((tool) => [tool.name, tool])) };
      return tools;
    });
  }

  /**
   * Calls a tool. If its output schema is known (from `listTools`), the result is validated.
   *
   * `output` types and validates the result: `structuredContent` is then the parsed value. Without it, the caller
   * chooses the type: `callTool<Pet>('getPet', { petId: 1 })`.
   *
   * @throws ConnectionLost, ConnectError, ResultMismatch, ToolCallFailed (with `raiseOnError`), ProtocolError.
   */
  callTool<Output>(
    name: string,
    given: Readonly<Record<string, unknown>>,
    options: CallToolOptions & { readonly output: StandardSchema<unknown, Output> },
  ): Promise<TypedResult<Output>>;
  callTool<Structured = unknown>(
    name: string,
    given?: Readonly<Record<string, unknown>>,
    options?: CallToolOptions,
  ): Promise<TypedResult<Structured>>;
  async callTool(
    name: string,
    given: Readonly<Record<string, unknown>> = {},
    {
      raiseOnError = false,
      exactIntegers = [],
      output,
      ...options
    }: CallToolOptions & { readonly output?: StandardSchema } = {},
  ): Promise<ToolResult> {
    let definition: Tool | undefined;
    const task = { task: `the tool "${name}"`, reads: false, signal: options.signal };
    const result = await this.#connection.send(task, async (client) => {
      definition = this.#listed?.by === client ? this.#listed.tools.get(name) : undefined;
      const answer = await client.callTool(
        { name, arguments: { ...given }, ...this.#meta(client, exactIntegers) },
        { ...this.#request(options), ...(definition && { toolDefinition: withoutOutput(definition) }) },
      );
      // Only `readonly` differs.
      return answer as ToolResult;
    });
    if (result.isError) {
      if (raiseOnError) throw new ToolCallFailed(name, result);
      return result;
    }
    return this.#output.checked(name, result, { promised: definition?.outputSchema, wanted: output });
  }

  async listResources(options: CallOptions = {}): Promise<readonly Resource[]> {
    return this.#read('listing resources', options, async (client, requestOptions) => {
      if (!offers(client, 'resources')) return [];
      return (await client.listResources(undefined, requestOptions)).resources as readonly Resource[];
    });
  }

  async listResourceTemplates(options: CallOptions = {}): Promise<readonly ResourceTemplate[]> {
    return this.#read('listing resource templates', options, async (client, requestOptions) => {
      if (!offers(client, 'resources')) return [];
      const { resourceTemplates } = await client.listResourceTemplates(undefined, requestOptions);
      return resourceTemplates as readonly ResourceTemplate[];
    });
  }

  async readResource(uri: string, options: CallOptions = {}): Promise<ResourceResult> {
    return this.#read(`reading ${uri}`, options, async (client, requestOptions) => {
      const result = await client.readResource({ uri, ...this.#meta(client) }, requestOptions);
      return result as ResourceResult;
    });
  }

  async listPrompts(options: CallOptions = {}): Promise<readonly Prompt[]> {
    return this.#read('listing prompts', options, async (client, requestOptions) => {
      if (!offers(client, 'prompts')) return [];
      return (await client.listPrompts(undefined, requestOptions)).prompts as readonly Prompt[];
    });
  }

  async getPrompt(
    name: string,
    given: Readonly<Record<string, string>> = {},
    options: CallOptions = {},
  ): Promise<PromptResult> {
    return this.#read(`the prompt "${name}"`, options, async (client, requestOptions) => {
      const params = { name, arguments: { ...given }, ...this.#meta(client) };
      return (await client.getPrompt(params, requestOptions)) as PromptResult;
    });
  }

  async complete({ ref, argument, given }: Completion, options: CallOptions = {}): Promise<CompletionResult> {
    return this.#read('a completion', options, async (client, requestOptions) => {
      const { completion } = await client.complete(
        {
          ref: ref.type === 'prompt' ? { type: 'ref/prompt', name: ref.name } : { type: 'ref/resource', uri: ref.uri },
          argument: { ...argument },
          context: { arguments: { ...given } },
        },
        requestOptions,
      );
      return completion as CompletionResult;
    });
  }

  /** Also stops a server process that was started. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A request that changes nothing, so it can be sent twice. */
  #read<T>(
    task: string,
    options: CallOptions,
    request: (client: Client, requestOptions: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const { signal } = options;
    return this.#connection.send({ task, reads: true, signal }, (client) => request(client, this.#request(options)));
  }

  /** With a progress listener, each progress update restarts the timeout. */
  #request({ signal, timeoutMs = this.#timeoutMs, onProgress }: CallOptions): RequestOptions {
    return {
      timeout: timeoutMs,
      ...(signal && { signal }),
      ...(onProgress && { onprogress: ofServer(onProgress), resetTimeoutOnProgress: true }),
    };
  }

  /** 2026-07-28 sets the log level per request; for a 2025 server it was set once. */
  #meta(client: Client, exactIntegers: readonly string[] = []) {
    const asksForLogs = this.#logLevel !== undefined && client.getProtocolEra() === 'modern';
    if (!asksForLogs && exactIntegers.length === 0) return {};
    return {
      _meta: {
        ...(asksForLogs && { [LOG_LEVEL_META_KEY]: this.#logLevel }),
        ...(exactIntegers.length > 0 && { [EXACT_INTEGERS_KEY]: exactIntegers }),
      },
    };
  }
}

type OnProgress = NonNullable<CallOptions['onProgress']>;

/** Ignores progress of the SDK's own rounds of questions and answers, which it reports as if the server had sent it. */
function ofServer(onProgress: OnProgress): OnProgress {
  return (progress) => {
    if (!progress.message?.startsWith('Fulfilling input required by ')) onProgress(progress);
  };
}

/** Never requests what a server does not offer: the SDK would write a warning to stdout. */
function offers(client: Client, capability: 'tools' | 'resources' | 'prompts'): boolean {
  return client.getServerCapabilities()?.[capability] !== undefined;
}

/**
 * For headers that a server may require for a call (SEP-2243). Omits the output schema: with it, the SDK would drop a
 * result that does not match, and compile the schemas of all listed tools.
 */
function withoutOutput({ outputSchema: _, ...definition }: Tool): SdkTool {
  return definition as unknown as SdkTool;
}
