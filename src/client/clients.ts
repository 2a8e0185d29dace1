import { ProtocolError } from '@modelcontextprotocol/client';
import { matchingTemplate } from '../runtime/compose/owned-uris.ts';
import { asError } from '../runtime/errors.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import type {
  Completion,
  CompletionResult,
  Prompt,
  PromptResult,
  Resource,
  ResourceResult,
  ResourceTemplate,
  Tool,
  ToolResult,
} from '../runtime/provider.ts';
import type { StandardSchema } from '../runtime/server/standard-schema.ts';
import type { CallOptions, CallToolOptions, McpClient, TypedResult } from './client.ts';

/** A listed item with its server. */
export type Listed<Item> = Item & { readonly server: string };

export interface ReadOptions extends CallOptions {
  /** The server to read from, if several have a resource with this URI. */
  readonly server?: string;
}

/**
 * Connections to several servers. Tools and prompts are named `<server>_<name>`; resources keep their URIs. A server
 * that is down is left out of the lists, reported in `problems`, and retried on every request.
 */
export class McpClients implements AsyncDisposable {
  readonly #members: ReadonlyMap<string, McpClient>;
  readonly #problems = new Map<string, Error>();

  constructor(members: ReadonlyMap<string, McpClient>) {
    this.#members = members;
  }

  /** In the given order. */
  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** Why a server could not be connected or listed the last time; only servers with problems. */
  get problems(): ReadonlyMap<string, Error> {
    return this.#problems;
  }

  /** One of the clients by name. @throws OptionError if there is none */
  server(name: string): McpClient {
    const member = this.#members.get(name);
    if (member) return member;
    throw new OptionError(`There is no server "${name}". There are: ${this.names.join(', ')}.`);
  }

  /** Waits for every connection, and opens the missing ones. Never rejects: see `problems`. */
  async ready(signal?: AbortSignal): Promise<void> {
    await this.#each((member) => member.ready(signal), signal);
  }

  async listTools(options: CallOptions = {}): Promise<readonly Listed<Tool>[]> {
    return this.#list((member) => member.listTools(options), withPrefix, options.signal);
  }

  async listPrompts(options: CallOptions = {}): Promise<readonly Listed<Prompt>[]> {
    return this.#list((member) => member.listPrompts(options), withPrefix, options.signal);
  }

  async listResources(options: CallOptions = {}): Promise<readonly Listed<Resource>[]> {
    return this.#list((member) => member.listResources(options), ofServer, options.signal);
  }

  async listResourceTemplates(options: CallOptions = {}): Promise<readonly Listed<ResourceTemplate>[]> {
    return this.#list((member) => member.listResourceTemplates(options), ofServer, options.signal);
  }

  /** As {@link McpClient.callTool}. Also @throws OptionError if the name does not start with the name of a server */
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
    options: CallToolOptions = {},
  ): Promise<ToolResult> {
    const { member, own } = await this.#ownerOf(name, (each) => each.listTools(options), options.signal);
    return member.callTool(own, given, options);
  }

  async getPrompt(
    name: string,
    given: Readonly<Record<string, string>> = {},
    options: CallOptions = {},
  ): Promise<PromptResult> {
    const { member, own } = await this.#ownerOf(name, (each) => each.listPrompts(options), options.signal);
    return member.getPrompt(own, given, options);
  }

  /**
   * Reads from the server that lists the resource or a matching template; otherwise from the first server that knows
   * it.
   *
   * @throws OptionError if several servers list it and `server` does not choose one
   */
  async readResource(uri: string, { server, ...options }: ReadOptions = {}): Promise<ResourceResult> {
    if (server !== undefined) return this.server(server).readResource(uri, options);
    const owners = await this.#readersOf(uri, options);
    if (owners.length > 1) {
      throw new OptionError(`Several servers have ${uri}. Choose one: { server: "${owners[0]}" }.`);
    }
    const asked = owners.length === 1 ? owners : this.names;
    let missing: unknown = new OptionError(`No server has the resource ${uri}.`);
    for (const name of asked) {
      try {
        return await this.server(name).readResource(uri, options);
      } catch (error) {
        // If one server does not know it, another may. A server that is down is skipped.
        if (owners.length === 1 || !(error instanceof ProtocolError || this.#problems.has(name))) throw error;
        missing = error;
      }
    }
    throw missing;
  }

  async complete({ ref, ...rest }: Completion, options: CallOptions = {}): Promise<CompletionResult> {
    if (ref.type === 'prompt') {
      const { member, own } = await this.#ownerOf(ref.name, (each) => each.listPrompts(options), options.signal);
      return member.complete({ ref: { type: 'prompt', name: own }, ...rest }, options);
    }
    const owner = (await this.listResourceTemplates(options)).find(({ uriTemplate }) => uriTemplate === ref.uri);
    return owner ? this.server(owner.server).complete({ ref, ...rest }, options) : { values: [] };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #list<Item extends object>(
    ask: (member: McpClient) => Promise<readonly Item[]>,
    shown: (item: Item, server: string) => Item,
    signal: AbortSignal | undefined,
  ): Promise<readonly Listed<Item>[]> {
    const lists = await this.#each(ask, signal);
    return lists.flatMap(({ name, value }) => value.map((item) => ({ ...shown(item, name), server: name })));
  }

  /** The results of all servers. Those that fail become problems. */
  async #each<T>(
    ask: (member: McpClient) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<readonly { name: string; value: T }[]> {
    const answers = await Promise.all(
      [...this.#members].map(async ([name, member]) => {
        try {
          const value = await ask(member);
          this.#problems.delete(name);
          return [{ name, value }];
        } catch (error) {
          signal?.throwIfAborted();
          this.#problems.set(name, asError(error));
          return [];
        }
      }),
    );
    return answers.flat();
  }

  /**
   * The server that owns the tool or prompt: `a_b_c` may be `b_c` of `a` or `c` of `a_b`, which only their lists can
   * tell.
   */
  async #ownerOf(
    name: string,
    list: (member: McpClient) => Promise<readonly { readonly name: string }[]>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly member: McpClient; readonly own: string }> {
    const candidates = [...this.#members]
      .filter(([server]) => name.startsWith(`${server}_`))
      .map(([server, member]) => ({ server, member, own: name.slice(server.length + 1) }));
    const [first, ...more] = candidates;
    if (!first) {
      const servers = this.names.map((server) => `${server}_…`).join(', ');
      throw new OptionError(`"${name}" does not begin with the name of a server: ${servers}`);
    }
    if (more.length === 0) return first;
    const lists = await this.#each(list, signal);
    const [owner, other] = candidates.filter(({ server, own }) =>
      lists.some((each) => each.name === server && each.value.some((item) => item.name === own)),
    );
    if (!owner || other) {
      const servers = candidates.map(({ server, own }) => `"${own}" of "${server}"`).join(' or ');
      throw new OptionError(`"${name}" is ambiguous: ${servers}. Call it with server(name) and its own name.`);
    }
    return owner;
  }

  async #readersOf(uri: string, options: CallOptions): Promise<readonly string[]> {
    const listed = (await this.listResources(options)).filter((resource) => resource.uri === uri);
    if (listed.length > 0) return listed.map(({ server }) => server);
    const templates = await this.listResourceTemplates(options);
    return this.names.filter((name) => {
      const own = templates.filter(({ server }) => server === name);
      return matchingTemplate(own, uri) !== undefined;
    });
  }
}

const withPrefix = <Item extends { readonly name: string }>(item: Item, server: string): Item => ({
  ...item,
  name: `${server}_${item.name}`,
});

const ofServer = <Item>(item: Item): Item => item;
