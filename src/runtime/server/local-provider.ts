import { createTemplateMatcher } from '../api/uri-template/index.ts';
import type { OnDuplicate } from '../compose/catalog.ts';
import {
  failedResult,
  isProviderError,
  isQuestionAsked,
  isToolError,
  messageOf,
  outcomeOfThrown,
  readFailed,
} from '../errors.ts';
import { listening } from '../listening.ts';
import { withOutcome } from '../outcome.ts';
import {
  type CallContext,
  type CompletionResult,
  type ListChange,
  type Provider,
  ProviderError,
  type ProviderInfo,
  type ResourceResult,
  type ResourceTemplate,
  type ToolResult,
} from '../provider.ts';
import { remembered } from '../remembered.ts';
import { ToolError } from '../tool-error.ts';
import { deadline, untilAborted } from '../until-aborted.ts';
import { type Context, createContext } from './context.ts';
import type { LifespanHolder } from './lifespan.ts';
import type { PromptPart } from './prompt.ts';
import { Registry } from './registry.ts';
import type { ResourcePart, TemplatePart } from './resource.ts';
import type { ToolPart } from './tool.ts';

export interface LocalOptions<LifespanValue> {
  readonly info: ProviderInfo;
  readonly onDuplicate: OnDuplicate;
  readonly maskErrors: boolean;
  readonly timeoutMs: number | undefined;
  readonly onError: (error: Error) => void;
  readonly lifespan: LifespanHolder<LifespanValue>;
  /** The server that owns the items: requests of handlers go through it. */
  readonly server: () => Provider;
}

/** The hand-written tools, resources and prompts of a server. */
export class LocalProvider<LifespanValue> implements Provider {
  readonly contract = 1;
  readonly info: ProviderInfo;
  readonly tools: Registry<ToolPart<LifespanValue>['listed'], ToolPart<LifespanValue>>;
  readonly resources: Registry<ResourcePart<LifespanValue>['listed'], ResourcePart<LifespanValue>>;
  readonly templates: Registry<TemplatePart<LifespanValue>['listed'], TemplatePart<LifespanValue>>;
  readonly prompts: Registry<PromptPart<LifespanValue>['listed'], PromptPart<LifespanValue>>;
  readonly #options: LocalOptions<LifespanValue>;
  readonly #changes = listening<ListChange>();
  readonly #updates = listening<string>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: LocalOptions<LifespanValue>) {
    const { info, onDuplicate } = options;
    const registry = (kind: string, change: ListChange) => ({
      kind,
      onDuplicate,
      onChange: () => this.#changes.tell(change),
    });
    this.info = info;
    this.#options = options;
    this.tools = new Registry(registry('tool', 'tools'));
    this.resources = new Registry(registry('resource', 'resources'));
    this.templates = new Registry(registry('resource template', 'resources'));
    this.prompts = new Registry(registry('prompt', 'prompts'));
  }

  listTools = async () => this.tools.list;
  listResources = async () => this.resources.list;
  listResourceTemplates = async () => this.templates.list;
  listPrompts = async () => this.prompts.list;

  async callTool(call: Parameters<Provider['callTool']>[0], context: CallContext): Promise<ToolResult> {
    const part = this.tools.get(call.name);
    if (!part) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
    const about = `Tool "${call.name}"`;
    try {
      return await this.#run({ about, timeoutMs: part.timeoutMs }, context, (own) => part.call(call.arguments, own));
    } catch (error) {
      if (context.signal.aborted || isQuestionAsked(error)) throw error;
      return failedResult(this.#shown(about, error));
    }
  }

  async readResource({ uri }: { readonly uri: string }, context: CallContext): Promise<ResourceResult> {
    const found = this.#resource(uri);
    if (!found) throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${uri}`);
    const { part, variables } = found;
    return this.#answer(`Resource "${uri}"`, context, (own) => part.read(uri, variables, own));
  }

  async getPrompt(get: Parameters<Provider['getPrompt']>[0], context: CallContext) {
    const part = this.prompts.get(get.name);
    if (!part) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
    return this.#answer(`Prompt "${get.name}"`, context, (own) => part.get(get.arguments, own));
  }

  async complete(completion: Parameters<Provider['complete']>[0], context: CallContext): Promise<CompletionResult> {
    const { ref, argument } = completion;
    const part = ref.type === 'prompt' ? this.prompts.get(ref.name) : this.templates.get(ref.uri);
    if (!part) return { values: [] };
    return this.#answer(`Completion of "${argument.name}"`, context, (own) => part.complete(completion, own));
  }

  onChange = this.#changes.listen;
  onResourceUpdate = this.#updates.listen;
  announceUpdate = this.#updates.tell;

  /** Waits for running handlers, up to `drainMs`, then closes the lifespan. */
  async drain(drainMs: number): Promise<void> {
    const { signal, stop } = deadline(drainMs, new AbortController().signal, () => new Error('drained'));
    await untilAborted(Promise.allSettled(this.#running), signal).catch(() => {});
    stop();
    await this.#options.lifespan.close();
  }

  async close(): Promise<void> {
    await this.drain(0);
  }

  #resource(uri: string) {
    const exact = this.resources.get(uri);
    if (exact) return { part: exact, variables: {} };
    const match = matcherOf(this.templates.list)(uri);
    const part = match && this.templates.get(match.template);
    return part && { part, variables: match.values };
  }

  /** Runs the handler of a read, prompt or completion, whose failures have no `isError`. */
  async #answer<T>(about: string, context: CallContext, act: (own: Context<LifespanValue>) => Promise<T>): Promise<T> {
    try {
      return await this.#run({ about, timeoutMs: undefined }, context, act);
    } catch (error) {
      if (context.signal.aborted || isProviderError(error) || isQuestionAsked(error)) throw error;
      throw this.#shown(about, error);
    }
  }

  /** Runs a handler with its context, until it finishes, times out, or the client cancels. */
  async #run<T>(
    { about, timeoutMs = this.#options.timeoutMs }: { about: string; timeoutMs: number | undefined },
    call: CallContext,
    act: (own: Context<LifespanValue>) => Promise<T>,
  ): Promise<T> {
    const clock =
      timeoutMs === undefined
        ? { signal: call.signal, stop: () => {} }
        : deadline(timeoutMs, call.signal, () =>
            withOutcome(new ToolError(`${about} did not finish within ${timeoutMs} ms.`), { error: 'TIMEOUT' }),
          );
    const { lifespan, server } = this.#options;
    const started = async () => {
      const value = await lifespan.value();
      const own = createContext(call, clock.signal, value, server());
      return act(own);
    };
    const running = started();
    this.#running.add(running);
    const ended = () => void this.#running.delete(running);
    running.then(ended, ended);
    try {
      return await untilAborted(running, clock.signal);
    } finally {
      clock.stop();
    }
  }

  /** The error for the client; the server's owner receives the original. */
  #shown(about: string, error: unknown): ProviderError {
    const outcome = outcomeOfThrown(error);
    if (isToolError(error)) return withOutcome(readFailed(messageOf(error)), outcome);
    const { maskErrors, onError } = this.#options;
    const whole = `${about} failed: ${messageOf(error)}`;
    onError(new Error(whole, { cause: error }));
    return withOutcome(readFailed(maskErrors ? `${about} failed.` : whole), outcome);
  }
}

const matcherOf = remembered((templates: readonly ResourceTemplate[]) =>
  createTemplateMatcher(templates.map(({ uriTemplate }) => uriTemplate)),
);
