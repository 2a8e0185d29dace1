import { type Client, LOG_LEVEL_META_KEY, type Tool as SdkTool } from '@modelcontextprotocol/client';
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

export interface CallOptions {
  /** Cancels the request, here and at the server. */
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
  /** A result with `isError` is thrown as `ToolCallFailed`. Default false. */
  readonly raiseOnError?: boolean;
}

/** What a tool answered with `isError`. */
export class ToolCallFailed extends Error {
  override readonly name = 'ToolCallFailed';
  readonly tool: string;
  readonly result: ToolResult;
  constructor(tool: string, result: ToolResult) {
    const texts = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    super(texts.join('\n') || `The tool "${tool}" failed.`);
    this.tool = tool;
    this.result = result;
  }
}

/** A connection to one server. Wrong requests reject with the SDK's `ProtocolError`, which has the JSON-RPC `code`. */
export class McpClient {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #logLevel: LogLevel | undefined;
  #tools = new Map<string, SdkTool>();

  constructor(client: Client, { timeoutMs, logLevel }: { timeoutMs: number; logLevel: LogLevel | undefined }) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#logLevel = logLevel;
  }

  /** As the server calls itself; absent where it does not say. */
  get server(): { readonly name: string; readonly title?: string | undefined; readonly version: string } | undefined {
    return this.#client.getServerVersion();
  }

  get instructions(): string | undefined {
    return this.#client.getInstructions();
  }

  /** `2026-07-28`, `2025-11-25` … */
  get protocolVersion(): string {
    return this.#client.getNegotiatedProtocolVersion() ?? '';
  }

  /** The kinds of things that the server offers: `tools`, `resources`, `prompts`, `completions`, `logging`. */
  get capabilities(): Readonly<Record<string, unknown>> {
    return this.#client.getServerCapabilities() ?? {};
  }

  async listTools(options: CallOptions = {}): Promise<readonly Tool[]> {
    if (!this.#offers('tools')) return [];
    const { tools } = await this.#client.listTools(undefined, this.#request(options));
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    return tools as readonly Tool[];
  }

  /** `Structured`: what the tool's output schema promises of `structuredContent`. */
  async callTool<Structured = unknown>(
    name: string,
    given: Readonly<Record<string, unknown>> = {},
    { raiseOnError = false, ...options }: CallToolOptions = {},
  ): Promise<ToolResult & { readonly structuredContent?: Structured }> {
    // With the tool at hand the SDK compiles its output schema alone; without, those of all listed tools.
    const toolDefinition = this.#tools.get(name);
    const result = (await this.#client.callTool(
      { name, arguments: { ...given }, ...this.#meta() },
      { ...this.#request(options), ...(toolDefinition && { toolDefinition }) },
    )) as ToolResult & { readonly structuredContent?: Structured };
    if (raiseOnError && result.isError) throw new ToolCallFailed(name, result);
    return result;
  }

  async listResources(options: CallOptions = {}): Promise<readonly Resource[]> {
    if (!this.#offers('resources')) return [];
    const { resources } = await this.#client.listResources(undefined, this.#request(options));
    return resources as readonly Resource[];
  }

  async listResourceTemplates(options: CallOptions = {}): Promise<readonly ResourceTemplate[]> {
    if (!this.#offers('resources')) return [];
    const { resourceTemplates } = await this.#client.listResourceTemplates(undefined, this.#request(options));
    return resourceTemplates as readonly ResourceTemplate[];
  }

  async readResource(uri: string, options: CallOptions = {}): Promise<ResourceResult> {
    return (await this.#client.readResource({ uri, ...this.#meta() }, this.#request(options))) as ResourceResult;
  }

  async listPrompts(options: CallOptions = {}): Promise<readonly Prompt[]> {
    if (!this.#offers('prompts')) return [];
    const { prompts } = await this.#client.listPrompts(undefined, this.#request(options));
    return prompts as readonly Prompt[];
  }

  async getPrompt(
    name: string,
    given: Readonly<Record<string, string>> = {},
    options: CallOptions = {},
  ): Promise<PromptResult> {
    const params = { name, arguments: { ...given }, ...this.#meta() };
    return (await this.#client.getPrompt(params, this.#request(options))) as PromptResult;
  }

  async complete({ ref, argument, given }: Completion, options: CallOptions = {}): Promise<CompletionResult> {
    const { completion } = await this.#client.complete(
      {
        ref: ref.type === 'prompt' ? { type: 'ref/prompt', name: ref.name } : { type: 'ref/resource', uri: ref.uri },
        argument: { ...argument },
        context: { arguments: { ...given } },
      },
      this.#request(options),
    );
    return completion as CompletionResult;
  }

  /** Also ends the process of a server that was started. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  /** What a server does not offer is not asked for: the SDK would say so on stdout. */
  #offers(capability: 'tools' | 'resources' | 'prompts'): boolean {
    return this.#client.getServerCapabilities()?.[capability] !== undefined;
  }

  /** Whoever hears of progress waits as long as there is some. */
  #request({ signal, timeoutMs = this.#timeoutMs, onProgress }: CallOptions) {
    return {
      timeout: timeoutMs,
      ...(signal && { signal }),
      ...(onProgress && { onprogress: onProgress, resetTimeoutOnProgress: true }),
    };
  }

  /** 2026-07-28 asks for logs with each request; to a 2025 server the level was told once. */
  #meta() {
    if (this.#logLevel === undefined || this.#client.getProtocolEra() !== 'modern') return {};
    return { _meta: { [LOG_LEVEL_META_KEY]: this.#logLevel } };
  }
}
