import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transport } from '@modelcontextprotocol/server';
import { defined } from '../model/index.ts';
import { createSchemaCompiler } from './api/arguments/validate-arguments.ts';
import type { SchemaCompiler } from './api/schema/schema-check.ts';
import { ON_DUPLICATE, type OnDuplicate } from './compose/catalog.ts';
import { checkProvider } from './compose/check-provider.ts';
import { type OpenComposite, openComposite } from './compose/composite.ts';
import { namespace as namespaced } from './compose/namespace.ts';
import { lackingScopes } from './lacking-scopes.ts';
import { Confirmations } from './middleware/confirmation/confirmations.ts';
import type { Middleware } from './middleware/middleware.ts';
import { checkMiddleware, middlewareRound } from './middleware/with-middleware.ts';
import { once } from './once.ts';
import { declareOptions } from './options/declare-options.ts';
import { OptionError } from './options/option-error.ts';
import { choice, func, number, onOff, required, text, withMethods } from './options/option-kinds.ts';
import { TIMER_MS } from './options/option-range.ts';
import type { Provider, ProviderInfo } from './provider.ts';
import type { Connection } from './serve/connection.ts';
import type { HttpHandlerOptions } from './serve/http/http-handler.ts';
import type { HttpServer, HttpServerOptions } from './serve/http/node-http.ts';
import { checkedRun, HTTP_OPTIONS, type RunOptions } from './serve/serve-options.ts';
import type { StdioOptions } from './serve/stdio/serve-stdio.ts';
import { type Lifespan, LifespanHolder } from './server/lifespan.ts';
import { LocalProvider } from './server/local-provider.ts';
import { type PromptHandler, type PromptOptions, promptPart } from './server/prompt.ts';
import type { PromptArguments } from './server/prompt-arguments.ts';
import type { Registration } from './server/registry.ts';
import {
  isTemplate,
  type ResourceHandler,
  type ResourceOptions,
  resourcePart,
  templatePart,
} from './server/resource.ts';
import type { Schema } from './server/schema.ts';
import { DRAIN_MS, Serving } from './server/serving.ts';
import { type ToolHandler, type ToolOptions, toolPart } from './server/tool.ts';
import { UNASKED, type Unasked } from './unasked.ts';
import { printError } from './where-thrown.ts';

export interface ServerOptions<LifespanValue = undefined> extends ProviderInfo {
  /**
   * If two tools, resources or prompts have the same name: throw an error that names both (default), or use the later
   * or the earlier one.
   */
  readonly onDuplicate?: OnDuplicate;
  /**
   * Clients see that something failed, but not why, except for a `ToolError`. `onError` receives the original error.
   * Default false.
   */
  readonly maskErrors?: boolean;
  /** Time limit of a handler in milliseconds, if its tool does not set one. Default: none. */
  readonly timeoutMs?: number;
  /**
   * How long to wait for a mounted provider that is still starting, in milliseconds, before its lists are served as
   * last known and its calls fail. Default 30,000.
   */
  readonly listTimeoutMs?: number;
  /**
   * Opened when the server starts or is first used, closed with the server; handlers access it as `context.lifespan`.
   */
  readonly lifespan?: Lifespan<LifespanValue>;
  /**
   * What happens to a call of a tool with `confirm` if the client cannot ask its user: `refuse` it, or make it in two steps
   * with a `token`, which a model can confirm by itself. Default `refuse`.
   */
  readonly unasked?: Unasked;
  /** Receives every failure: of handlers, of mounts that are down, of transports. Default: printed to stderr. */
  readonly onError?: (error: Error) => void;
  /** Path, token and allowed hosts of `fetch`, `nodeHandler` and `run({ transport: 'http' })`. */
  readonly http?: Partial<Omit<HttpHandlerOptions, 'onError'>>;
  /** Compiles JSON Schemas. Default: Ajv; pass another where code cannot be generated (Cloudflare Workers). */
  readonly compiler?: SchemaCompiler;
}

/**
 * A server with hand-written tools, resources and prompts, and mounted providers. It is itself a `Provider`, so it can
 * be mounted into another one. Everything can change while it is being served: clients are notified.
 */
export interface Server<LifespanValue = undefined> extends Provider {
  /**
   * Adds a tool. The handler's types are inferred from the schemas.
   *
   * ```ts
   * server.tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => a + b);
   * ```
   */
  tool<const Input extends Schema | undefined = undefined, const Output extends Schema | undefined = undefined>(
    name: string,
    options: ToolOptions<Input, Output>,
    handler: ToolHandler<Input, Output, LifespanValue>,
  ): Registration;
  /** Adds a resource, or all resources that match an RFC 6570 template (`users://{id}`). */
  resource<const Uri extends string>(
    uri: Uri,
    options: ResourceOptions<Uri, LifespanValue>,
    handler: ResourceHandler<Uri, LifespanValue>,
  ): Registration;
  prompt<const Arguments extends PromptArguments = Record<never, never>>(
    name: string,
    options: PromptOptions<Arguments, LifespanValue>,
    handler: PromptHandler<Arguments, LifespanValue>,
  ): Registration;
  /**
   * Adds everything that a provider offers, under a namespace (`git` → `git_<tool>`). The server now owns the provider:
   * closing the server closes it, unless it was removed with `remove()`.
   */
  mount(namespace: string, provider: Provider): Registration;
  /** The same without a namespace: names stay as they are, and must differ from those that the server has already. */
  mount(provider: Provider): Registration;
  /** Notifies clients that have subscribed to the resource: its content has changed. */
  resourceUpdated(uri: string): void;
  /** Wraps every call in middleware, including those of mounts; the first one is the outermost. */
  use(...middleware: readonly Middleware[]): void;
  /** Opens the lifespan and serves over stdio, or over HTTP on Node. */
  run(options: { readonly transport: 'http' } & Partial<HttpServerOptions>): Promise<HttpServer>;
  run(options?: { readonly transport: 'stdio' } & Partial<StdioOptions>): Promise<Connection>;
  /**
   * Serves one client over a transport of the MCP SDK, for example one half of `InMemoryTransport.createLinkedPair()`.
   */
  connect(transport: Transport): Promise<Connection>;
  /** Handles a web-standard request: Workers, Deno, Bun, Hono. Does not use `this`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Handles a request of Node's `http`, Express or Fastify. Does not use `this`. */
  readonly nodeHandler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /**
   * Stops serving, waits for calls in flight (10 seconds at most), closes the mounts and the lifespan. Further calls
   * resolve when all of that is done.
   */
  close(): Promise<void>;
}

const checked = declareOptions<ServerOptions<unknown>>(
  'createServer()',
  {
    name: required(text),
    version: required(text),
    title: text,
    description: text,
    instructions: text,
    onDuplicate: choice(ON_DUPLICATE.choices),
    maskErrors: onOff,
    timeoutMs: number(TIMER_MS),
    listTimeoutMs: number(TIMER_MS),
    lifespan: withMethods('an object with open() and close()', 'open'),
    unasked: choice(UNASKED.choices),
    onError: func,
    http: HTTP_OPTIONS,
    compiler: func,
  },
  {
    hints: {
      port: 'Pass it to run({ transport: "http", port }).',
      host: 'Pass it to run({ transport: "http", host }).',
      auth: 'Pass it to run({ transport: "http", auth }).',
      transport: 'Pass it to run({ transport }).',
      tools: 'Add tools with server.tool(name, options, handler).',
      middleware: 'Add middleware with server.use(…).',
      timeout: 'Write "timeoutMs", in milliseconds.',
    },
    example: "createServer({ name: 'shop', version: '1.0.0' })",
  },
);

/** @throws OptionError if an option is missing, unknown or has a wrong type */
export function createServer<LifespanValue = undefined>(options: ServerOptions<LifespanValue>): Server<LifespanValue> {
  checked(options);
  const {
    onDuplicate = ON_DUPLICATE.default,
    maskErrors = false,
    onError = printError,
    compiler = createSchemaCompiler({ schemasOf: 'programmer' }),
  } = options;
  const info = infoOf(options);
  const { listTimeoutMs } = options;
  // Without a lifespan its value is `undefined`, which is what `LifespanValue` is then.
  const lifespan = new LifespanHolder(options.lifespan ?? { open: () => undefined as LifespanValue });

  const local = new LocalProvider<LifespanValue>({
    info,
    onDuplicate,
    maskErrors,
    timeoutMs: options.timeoutMs,
    onError,
    lifespan,
    server: () => provider,
  });
  const whole = openComposite({
    info,
    onDuplicate,
    maskErrors,
    onProblem: onError,
    ...(listTimeoutMs !== undefined && { listTimeoutMs }),
  });
  whole.add(local, info.name);

  const means = { compiler, confirmations: confirmationsOf(options) };
  const middleware: Middleware[] = [];
  /** The complete provider: own items and mounts, with the middleware around them. */
  let entry: Provider = whole;
  const finish = once(() => local.drain(DRAIN_MS).finally(() => whole.close()));
  const mounts = new Mounts(whole);
  const described = () => withInstructions(info, mounts.all);
  const provider = following(() => entry, described, finish);
  const serving = new Serving({ provider, start: () => lifespan.value(), finish, http: options.http ?? {}, onError });

  const server: Server<LifespanValue> = {
    ...provider,
    get info() {
      return described();
    },
    tool: (name, tool, handler) => local.tools.add(name, toolPart(name, tool, handler, means)),
    resource: (uri, resource, handler) =>
      typeof uri === 'string' && isTemplate(uri)
        ? local.templates.add(uri, templatePart(uri, resource, handler))
        : local.resources.add(uri, resourcePart(uri, resource, handler)),
    prompt: (name, prompt, handler) => local.prompts.add(name, promptPart(name, prompt, handler, means)),
    mount(first: string | Provider, second?: Provider) {
      if (first === server || second === server) {
        throw new OptionError(`The server "${info.name}" cannot be mounted into itself.`);
      }
      return mounts.add(mountOf(first, second));
    },
    resourceUpdated: (uri) => local.announceUpdate(uri),
    use(...added) {
      checkMiddleware('use', added);
      middleware.push(...added);
      entry = middlewareRound(whole, middleware, { maskErrors, onError });
    },
    // One function for both signatures, whose results TypeScript cannot relate to the option.
    run: ((run?: RunOptions) => serving.run(checkedRun(run))) as Server<LifespanValue>['run'],
    connect: (transport) => serving.connect(transport),
    fetch: (request) => serving.fetch(request),
    nodeHandler: (request, response) => serving.nodeHandler(request, response),
    close: () => serving.close(),
  };
  return server;
}

/** Tokens of this server are valid in all of its processes. */
const confirmationsOf = ({ name, unasked }: ServerOptions<unknown>): Confirmations =>
  new Confirmations({ ...(unasked !== undefined && { unasked }), sharedAs: `server ${name}` });

interface Mount {
  readonly provider: Provider;
  /** Absent if it is mounted without one. */
  readonly namespace?: string;
}

/** @throws OptionError */
function mountOf(first: string | Provider, second: Provider | undefined): Mount {
  // `namespaced` checks everything about its arguments.
  if (typeof first === 'string') return { provider: namespaced(second as Provider, first), namespace: first };
  if (second !== undefined) throw new OptionError('mount() takes a namespace first: mount("shop", provider).');
  checkProvider(first, '', 'The argument of mount()');
  return { provider: first };
}

/** The mounts of a server, by namespace; without one, by the name of the provider. */
class Mounts {
  readonly #whole: OpenComposite;
  readonly #mounts = new Map<string, Mount>();

  constructor(whole: OpenComposite) {
    this.#whole = whole;
  }

  get all(): readonly Mount[] {
    return [...this.#mounts.values()];
  }

  add(mount: Mount): { remove(): void } {
    const { provider, namespace: label = provider.info.name } = mount;
    if (this.#mounts.has(label)) {
      throw new OptionError(`Two providers are mounted as "${label}". Choose another namespace for one of them.`);
    }
    this.#mounts.set(label, mount);
    const registration = this.#whole.add(provider, label);
    return {
      remove: () => {
        registration.remove();
        this.#mounts.delete(label);
      },
    };
  }
}

function infoOf({ name, title, version, description, instructions }: ProviderInfo): ProviderInfo {
  return Object.freeze({ name, version, ...defined({ title, description, instructions }) });
}

/** Clients cut instructions at about this length. */
const LONGEST_INSTRUCTIONS = 2_000;

/** Without instructions of its own, a server has those of what is mounted. */
function withInstructions(info: ProviderInfo, mounts: readonly Mount[]): ProviderInfo {
  if (info.instructions !== undefined) return info;
  const parts = mounts.flatMap(({ namespace, provider: { info: mounted } }) => {
    if (mounted.instructions === undefined) return [];
    return [namespace === undefined ? mounted.instructions : `Tools ${namespace}_*: ${mounted.instructions}`];
  });
  if (parts.length === 0) return info;
  const longest = Math.floor(LONGEST_INSTRUCTIONS / parts.length) - 1;
  return Object.freeze({ ...info, instructions: parts.map((part) => wholeLines(part, longest)).join('\n') });
}

function wholeLines(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = text.lastIndexOf('\n', longest);
  return end > 0 ? text.slice(0, end) : `${text.slice(0, longest - 2)} …`;
}

/** A provider that delegates to the current one. */
function following(entry: () => Provider, info: () => ProviderInfo, close: () => Promise<void>): Provider {
  return {
    contract: 1,
    get info() {
      return info();
    },
    listTools: (context) => entry().listTools(context),
    callTool: (call, context) => entry().callTool(call, context),
    listResources: (context) => entry().listResources(context),
    listResourceTemplates: (context) => entry().listResourceTemplates(context),
    readResource: (read, context) => entry().readResource(read, context),
    listPrompts: (context) => entry().listPrompts(context),
    getPrompt: (get, context) => entry().getPrompt(get, context),
    complete: (completion, context) => entry().complete(completion, context),
    lackingScopes: (request, context) => lackingScopes(entry(), request, context),
    previews: true,
    onChange: (listener) => entry().onChange(listener),
    // The server's own resources have updates, even if middleware or mounts come later.
    onResourceUpdate: (listener) => entry().onResourceUpdate?.(listener) ?? (() => {}),
    close,
  };
}
