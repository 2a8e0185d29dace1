import {
  type CallToolResult,
  type CompletableSchema,
  type CompleteResourceTemplateCallback,
  completable,
  type GetPromptResult,
  isInputRequiredResult,
  type McpServer,
  type ReadResourceResult,
  type ResourceMetadata,
  ResourceTemplate as SdkResourceTemplate,
  type ServerContext,
  type StandardSchemaWithJSON,
  UriTemplate,
  type Variables,
} from '@modelcontextprotocol/server';
import { matchTemplate, parseTemplate } from '../../api/uri-template/index.ts';
import { callContext } from '../../call-context.ts';
import { asError, isProviderError } from '../../errors.ts';
import { OptionError } from '../../options/option-error.ts';
import type {
  CallContext,
  Completion,
  ListChange,
  Prompt,
  Provider,
  Resource,
  ResourceTemplate,
  Tool,
} from '../../provider.ts';
import { callTool } from '../call/call-tool.ts';
import { performCall } from '../call/perform-call.ts';
import { protocolError } from '../call/protocol-error.ts';
import { hostTools } from '../host-tools.ts';
import { type AsIs, asIs } from './as-is.ts';
import { followFor } from './follow-for.ts';
import { type MountOptions, mountOptions } from './mount-options.ts';
import { placed } from './mountable.ts';
import { MountedList, type Registration } from './mounted-list.ts';

export type { MountOptions } from './mount-options.ts';

export interface Mount {
  /** Removes everything from the server again. The provider stays open. */
  unmount(): void;
}

const checked = mountOptions('mountInto()');

/**
 * Registers everything that a provider offers with a server of `@modelcontextprotocol/server`, alongside the server's
 * own items, and follows the provider's changes. Mount before the server is connected: a connected server cannot
 * declare new capabilities. Lists are the provider's own, byte for byte.
 *
 * @throws OptionError if the server is from another SDK, or the provider is invalid
 * @throws Error if the server already has an item with the same name; nothing is mounted then
 */
export async function mountInto(
  server: McpServer,
  given: Provider,
  options: Partial<MountOptions> = {},
): Promise<Mount> {
  const { onError = () => {}, ...place } = checked(options);
  assertServer(server);
  const { provider, prefix } = placed(given, place);
  const registrar = new Registrar(server, provider, { ...place, prefix, onError });
  const lists: Readonly<Record<ListChange, readonly Pick<MountedList<never>, 'update' | 'clear'>[]>> = {
    tools: [
      new MountedList<Tool>({
        owner: provider.info.name,
        list: async () => hostTools(await provider.listTools({})),
        keyOf: nameOf,
        register: (tool) => registrar.tool(tool),
        together: toldOnce(server, 'sendToolListChanged'),
      }),
    ],
    resources: [
      new MountedList<Resource>({
        owner: provider.info.name,
        list: () => provider.listResources({}),
        keyOf: ({ uri }) => uri,
        register: (resource) => registrar.resource(resource),
        together: toldOnce(server, 'sendResourceListChanged'),
      }),
      new MountedList<ResourceTemplate>({
        owner: provider.info.name,
        list: () => provider.listResourceTemplates({}),
        keyOf: ({ uriTemplate }) => uriTemplate,
        register: (template) => registrar.template(template),
        together: toldOnce(server, 'sendResourceListChanged'),
      }),
    ],
    prompts: [
      new MountedList<Prompt>({
        owner: provider.info.name,
        list: () => provider.listPrompts({}),
        keyOf: nameOf,
        register: (prompt) => registrar.prompt(prompt),
        together: toldOnce(server, 'sendPromptListChanged'),
      }),
    ],
  };
  const changes = followFor(server, provider, (change) => {
    for (const list of lists[change]) list.update().catch((error) => onError(asError(error)));
  });
  const unmount = () => {
    changes.stop();
    for (const list of Object.values(lists).flat()) list.clear();
  };
  try {
    await Promise.all(Object.values(lists).flatMap((kind) => kind.map((list) => list.update())));
  } catch (error) {
    unmount();
    throw error;
  }
  return { unmount };
}

/** Servers of the SDK's version 1 have the same methods, but accept only Zod schemas. */
function assertServer(server: McpServer): void {
  const { server: inner } = server as { readonly server?: Partial<McpServer['server']> };
  if (typeof inner?.projectCallToolResult === 'function') return;
  throw new OptionError(
    'mountInto() mounts into an McpServer of @modelcontextprotocol/server. For one of @modelcontextprotocol/sdk use mountV1() of openapi-mcp/mount-v1.',
  );
}

type Announcement = 'sendToolListChanged' | 'sendResourceListChanged' | 'sendPromptListChanged';

/**
 * The SDK notifies clients of each registration, and each time they fetch the complete list: this notifies them once.
 */
function toldOnce(server: McpServer, announcement: Announcement): (act: () => void) => void {
  return (act) => {
    const own = Object.getOwnPropertyDescriptor(server, announcement);
    let changed = false;
    const note = () => {
      changed = true;
    };
    Object.defineProperty(server, announcement, { configurable: true, value: note });
    try {
      act();
    } finally {
      if (own) Object.defineProperty(server, announcement, own);
      else Reflect.deleteProperty(server, announcement);
      if (changed) server[announcement]();
    }
  };
}

const nameOf = ({ name }: { readonly name: string }) => name;

/** Registers one item of the provider through the server's public methods. */
class Registrar {
  readonly #server: McpServer;
  readonly #provider: Provider;
  readonly #options: MountOptions;
  readonly #asIs: AsIs;
  /** Names of the templates that this mount has registered. */
  readonly #templates = new Set<string>();

  constructor(server: McpServer, provider: Provider, options: MountOptions) {
    this.#server = server;
    this.#asIs = asIs(server);
    this.#provider = provider;
    this.#options = options;
  }

  tool(tool: Tool): Registration {
    const { name, inputSchema, outputSchema, annotations, icons, _meta, ...words } = tool;
    const config = {
      ...words,
      inputSchema: unchecked(inputSchema),
      ...(outputSchema && { outputSchema: unchecked(outputSchema) }),
      ...(annotations && { annotations }),
      ...(icons && { icons: icons.map(({ sizes, ...icon }) => ({ ...icon, ...(sizes && { sizes: [...sizes] }) })) }),
      ...(_meta && { _meta: { ..._meta } }),
    };
    const fullName = this.#named(name);
    const registered = this.#server.registerTool(fullName, config, async (given, ctx) => {
      // MCP arguments are an object; the stub schema passes them through.
      const call = { name, arguments: given as Readonly<Record<string, unknown>> };
      const { onError } = this.#options;
      const result = await this.#perform(ctx, (context) => callTool(this.#provider, call, context, onError));
      return result as CallToolResult;
    });
    return both(registered, this.#asIs.list('tools/list', fullName, { ...tool, name: fullName }));
  }

  resource(resource: Resource): Registration {
    const { uri, name, ...listed } = resource;
    // Differs only in `readonly`, here and below.
    const metadata = listed as ResourceMetadata;
    // The server looks up resources by normalised URI.
    const key = URL.canParse(uri) ? new URL(uri).href : uri;
    const registered = this.#server.registerResource(name, key, metadata, async (_uri, ctx) => this.#read(uri, ctx));
    return both(registered, this.#asIs.list('resources/list', key, resource));
  }

  template(resourceTemplate: ResourceTemplate): Registration {
    const { uriTemplate, name, ...listed } = resourceTemplate;
    const metadata = listed as ResourceMetadata;
    const completions = variablesOf(uriTemplate).map((variable) => {
      const complete: CompleteResourceTemplateCallback = (value, context) =>
        this.#complete({ type: 'resource', uri: uriTemplate }, { name: variable, value }, context?.arguments);
      return [variable, complete] as const;
    });
    const template = new SdkResourceTemplate(new FullUriTemplate(uriTemplate), {
      list: undefined,
      complete: Object.fromEntries(completions),
    });
    const fullName = this.#named(name);
    // The server stores templates by name, and a provider may have several with the same name.
    const taken = this.#templates.has(fullName) || this.#options.namespace !== undefined;
    const key = taken ? `${fullName} ${uriTemplate}` : fullName;
    const registered = this.#server.registerResource(key, template, metadata, async (uri, _variables, ctx) =>
      this.#read(uri.href, ctx),
    );
    this.#templates.add(key);
    const shown = this.#asIs.list('resources/templates/list', key, { ...resourceTemplate, name: fullName });
    const completed = this.#completed({ type: 'resource', uri: uriTemplate }, { type: 'resource', uri: uriTemplate });
    return both(registered, shown, completed, { remove: () => void this.#templates.delete(key) });
  }

  prompt(prompt: Prompt): Registration {
    const fullName = this.#named(prompt.name);
    const listed = { ...prompt, name: fullName };
    return both(
      this.#registerPrompt(prompt, fullName),
      this.#asIs.list('prompts/list', fullName, listed),
      this.#completed({ type: 'prompt', name: fullName }, { type: 'prompt', name: prompt.name }),
    );
  }

  #registerPrompt({ name, arguments: parameters, ...listed }: Prompt, fullName: string): Registration {
    const words = listed as PromptWords;
    const get = async (given: Readonly<Record<string, string>>, ctx: ServerContext) => {
      const result = await this.#perform(ctx, (context) =>
        this.#provider.getPrompt({ name, arguments: given }, context),
      );
      return result as GetPromptResult;
    };
    if (!parameters?.length) return this.#server.registerPrompt(fullName, words, (ctx) => get({}, ctx));
    const argsSchema = this.#promptArguments(name, parameters);
    // Arguments of prompts are strings (MCP, prompts/get).
    return this.#server.registerPrompt(fullName, { ...words, argsSchema }, (given, ctx) =>
      get(given as Readonly<Record<string, string>>, ctx),
    );
  }

  /** Listed by its JSON Schema; completed through `shape`, where the SDK looks for the fields of a Zod object. */
  #promptArguments(prompt: string, parameters: NonNullable<Prompt['arguments']>) {
    const fields = parameters.map(({ name, description }) => {
      const complete: CompleteResourceTemplateCallback = (value, context) =>
        this.#complete({ type: 'prompt', name: prompt }, { name, value }, context?.arguments);
      const schema = { type: 'string', ...(description !== undefined && { description }) };
      const field: CompletableSchema<StandardSchemaWithJSON> = completable(unchecked(schema), (value, context) =>
        complete(String(value), context),
      );
      return { name, schema, field };
    });
    const schema = {
      type: 'object',
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
      required: parameters.flatMap(({ name, required }) => (required ? [name] : [])),
    };
    const shape = Object.fromEntries(fields.map(({ name, field }) => [name, field]));
    return Object.assign(unchecked(schema), { shape });
  }

  #named(name: string): string {
    return this.#options.prefix + name;
  }

  async #read(uri: string, ctx: ServerContext): Promise<ReadResourceResult> {
    const result = await this.#perform(ctx, (context) => this.#provider.readResource({ uri }, context), uri);
    return result as ReadResourceResult;
  }

  /** @param shown the name that the client uses */
  #completed(shown: Completion['ref'], ref: Completion['ref']): Registration {
    return this.#asIs.complete(shown, async ({ argument, given }, ctx) => {
      const run = (context: CallContext) => this.#provider.complete({ ref, argument, given }, context);
      const result = await this.#perform(ctx, run);
      return isInputRequiredResult(result) ? { values: [] } : result;
    });
  }

  async #complete(ref: Completion['ref'], argument: Completion['argument'], given: Record<string, string> = {}) {
    const { values } = await this.#provider.complete({ ref, argument, given }, callContext());
    return [...values];
  }

  async #perform<T>(ctx: ServerContext, run: (context: CallContext) => Promise<T>, uri?: string) {
    try {
      return await performCall({ server: this.#server.server, ctx, onError: this.#options.onError }, run);
    } catch (error) {
      throw isProviderError(error) ? protocolError(error, uri) : error;
    }
  }
}

type PromptWords = Omit<Parameters<McpServer['registerPrompt']>[1], 'argsSchema'>;

const both = (...registrations: readonly Registration[]): Registration => ({
  remove() {
    for (const registration of registrations) registration.remove();
  },
});

/** Validates nothing: the provider does that itself. */
function unchecked(schema: object): StandardSchemaWithJSON {
  const listed = () => schema as Record<string, unknown>;
  return {
    '~standard': {
      version: 1,
      vendor: 'openapi-mcp',
      jsonSchema: { input: listed, output: listed },
      validate: (value) => ({ value }),
    },
  };
}

const variablesOf = (template: string) =>
  parseTemplate(template).parts.flatMap((part) =>
    typeof part === 'string' ? [] : part.variables.map(({ name }) => name),
  );

/** The SDK's own template supports only a part of RFC 6570. */
class FullUriTemplate extends UriTemplate {
  override get variableNames(): string[] {
    return variablesOf(this.toString());
  }

  /** Whether it matches. The variables are not used: the provider takes the complete URI. */
  override match(uri: string): Variables | null {
    return matchTemplate(this.toString(), uri) ? {} : null;
  }
}
