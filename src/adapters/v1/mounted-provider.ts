import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createTemplateMatcher } from '../../runtime/api/uri-template/index.ts';
import { asError, isProviderError } from '../../runtime/errors.ts';
import {
  type CallContext,
  type ListContext,
  type Prompt,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceTemplate,
  type Tool,
} from '../../runtime/provider.ts';
import { remembered } from '../../runtime/remembered.ts';
import { callTool } from '../../runtime/serve/call/call-tool.ts';
import { listContext } from '../../runtime/serve/call/caller.ts';
import { protocolError } from '../../runtime/serve/call/protocol-error.ts';
import { hostTools } from '../../runtime/serve/host-tools.ts';
import { toolsByName } from '../../runtime/tools-by-name.ts';
import { withCallContext } from './call-context.ts';
import type { Extra, Internals, Result } from './internals.ts';
import { legacyResult, legacyTool } from './legacy-output.ts';
import type { CallMethod, Items, ListMethod, Params } from './methods.ts';

export interface MountedOptions {
  readonly server: McpServer;
  readonly internals: Internals;
  readonly prefix: string;
  readonly onError: (error: Error) => void;
}

/** Handles one of the calls, with the request's parameters. */
export type Answerer = (params: Params, extra: Extra) => Promise<Result>;

/**
 * A provider under a prefix, as v1 handlers. Lists are requested from the provider each time, so nothing has to be kept
 * in sync.
 */
export class MountedProvider {
  readonly provider: Provider;
  readonly #options: MountedOptions;
  readonly #tools: (list: readonly Tool[]) => readonly Tool[];
  readonly #prompts: (list: readonly Prompt[]) => readonly Prompt[];
  readonly #templates: (list: readonly ResourceTemplate[]) => readonly ResourceTemplate[];

  constructor(provider: Provider, options: MountedOptions) {
    const { prefix } = options;
    const named = <Item extends { readonly name: string }>(item: Item): Item =>
      prefix === '' ? item : { ...item, name: prefix + item.name };
    this.provider = provider;
    this.#options = options;
    this.#tools = remembered((list) => hostTools(list).map((tool) => legacyTool(named(tool))));
    this.#prompts = remembered((list) => list.map(named));
    this.#templates = remembered((list) => list.map(named));
  }

  /** An item in a list of the server. */
  async list<M extends ListMethod>(method: M, context: ListContext): Promise<readonly Items[M][]>;
  async list(method: ListMethod, context: ListContext): Promise<readonly Items[ListMethod][]> {
    switch (method) {
      case 'tools/list':
        return this.#tools(await this.provider.listTools(context));
      case 'resources/list':
        return this.provider.listResources(context);
      case 'resources/templates/list':
        return this.#templates(await this.provider.listResourceTemplates(context));
      case 'prompts/list':
        return this.#prompts(await this.provider.listPrompts(context));
    }
  }

  /** The handler of a call, if it is for this provider. */
  async answerer(method: CallMethod, params: Params, extra: Extra): Promise<Answerer | undefined> {
    const context = listContext(extra.authInfo);
    switch (method) {
      case 'tools/call':
        return this.#toolOf(params.name, context);
      case 'resources/read':
        return this.#resourceOf(params.uri, context);
      case 'prompts/get':
        return this.#promptOf(params.name, context);
      case 'completion/complete':
        return this.#completionOf(params.ref, context);
    }
  }

  async #toolOf(given: unknown, context: ListContext): Promise<Answerer | undefined> {
    const name = this.#ownName(given);
    const tool = name === undefined ? undefined : toolsByName(await this.provider.listTools(context)).get(name);
    if (tool === undefined) return undefined;
    return async (params, extra) => {
      // A provider's tools never run as tasks (2025-11-25, tasks: tool-level negotiation).
      if (params.task !== undefined)
        throw codedError(METHOD_NOT_FOUND, `The tool "${tool.name}" cannot run as a task.`);
      const call = { name: tool.name, arguments: objectOf(params.arguments) };
      const { onError } = this.#options;
      const result = await this.#perform(extra, (own) => callTool(this.provider, call, own, onError));
      return { ...legacyResult(result, tool.outputSchema) };
    };
  }

  async #resourceOf(uri: unknown, context: ListContext): Promise<Answerer | undefined> {
    if (typeof uri !== 'string') return undefined;
    const listed = resourcesByUri(await this.provider.listResources(context)).has(uri);
    if (!listed && matcherOf(await this.provider.listResourceTemplates(context))(uri) === undefined) return undefined;
    return async (_params, extra) => {
      const result = await this.#perform(extra, (own) => this.provider.readResource({ uri }, own), uri);
      return { ...result };
    };
  }

  async #promptOf(given: unknown, context: ListContext): Promise<Answerer | undefined> {
    const name = this.#ownName(given);
    if (name === undefined || !namesOf(await this.provider.listPrompts(context)).has(name)) return undefined;
    return async (params, extra) => {
      const get = { name, arguments: textsOf(params.arguments) };
      return { ...(await this.#perform(extra, (own) => this.provider.getPrompt(get, own))) };
    };
  }

  async #completionOf(given: unknown, context: ListContext): Promise<Answerer | undefined> {
    const ref = await this.#refOf(given, context);
    if (ref === undefined) return undefined;
    return async (params, extra) => {
      const { name, value } = textsOf(params.argument);
      if (name === undefined || value === undefined) throw invalid('"argument" needs a name and a value.');
      const settled = textsOf(objectOf(params.context).arguments);
      const completion = { ref, argument: { name, value }, given: settled };
      const result = await this.#perform(extra, (own) => this.provider.complete(completion, own));
      // At most 100 (MCP, completion).
      return { completion: { ...result, values: result.values.slice(0, 100) } };
    };
  }

  async #refOf(given: unknown, context: ListContext) {
    const { type, name, uri } = objectOf(given);
    if (type === 'ref/prompt') {
      const own = this.#ownName(name);
      if (own === undefined || !namesOf(await this.provider.listPrompts(context)).has(own)) return undefined;
      return { type: 'prompt', name: own } as const;
    }
    if (typeof uri !== 'string') return undefined;
    const templates = await this.provider.listResourceTemplates(context);
    return templates.some(({ uriTemplate }) => uriTemplate === uri) ? ({ type: 'resource', uri } as const) : undefined;
  }

  /** The provider's own name for a name on the server. */
  #ownName(name: unknown): string | undefined {
    const { prefix } = this.#options;
    return typeof name === 'string' && name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  }

  async #perform<T>(extra: Extra, run: (context: CallContext) => Promise<T>, uri?: string): Promise<T> {
    const { onError } = this.#options;
    try {
      return await withCallContext({ ...this.#options, extra }, run);
    } catch (error) {
      if (!isProviderError(error) && !extra.signal.aborted) onError(asError(error));
      throw protocolError(error, uri);
    }
  }
}

const namesOf = remembered((list: readonly Prompt[]) => new Set(list.map(({ name }) => name)));
const resourcesByUri = remembered((list: readonly Resource[]) => new Set(list.map(({ uri }) => uri)));
const matcherOf = remembered((list: readonly ResourceTemplate[]) =>
  createTemplateMatcher(list.map(({ uriTemplate }) => uriTemplate)),
);

const METHOD_NOT_FOUND = -32601;

/** The SDK responds with the `code` of a thrown error if it is a number. */
const codedError = (code: number, message: string) => Object.assign(new Error(message), { code });

const invalid = (message: string) => protocolError(new ProviderError('INVALID_ARGUMENTS', message));

function objectOf(value: unknown = {}): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The request parameters must be an object.');
  }
  // Any other object has members by name.
  return value as Readonly<Record<string, unknown>>;
}

/** Arguments of prompts and completions are strings (MCP, prompts/get). */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  const given = objectOf(value);
  const other = Object.keys(given).find((key) => typeof given[key] !== 'string');
  if (other !== undefined) throw invalid(`"${other}" must be a string.`);
  // Checked above.
  return given as Readonly<Record<string, string>>;
}
