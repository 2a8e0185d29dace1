import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transport } from '@modelcontextprotocol/server';
import type { SchemaCompiler } from './api/schema-check.ts';
import { createSchemaCompiler } from './api/validate-arguments.ts';
import type { OnDuplicate } from './compose/catalog.ts';
import { openComposite } from './compose/composite.ts';
import { namespace as namespaced } from './compose/namespace.ts';
import { Confirmations } from './middleware/confirmation/confirmations.ts';
import type { Middleware } from './middleware/middleware.ts';
import { checkMiddleware, middlewareRound } from './middleware/with-middleware.ts';
import { declareOptions } from './options/declare-options.ts';
import { OptionError } from './options/option-error.ts';
import { choice, func, number, onOff, required, text, withMethods } from './options/option-kinds.ts';
import { TIMER_MS } from './options/option-range.ts';
import type { Provider, ProviderInfo } from './provider.ts';
import type { Connection } from './serve/connection.ts';
import type { HttpHandlerOptions } from './serve/http.ts';
import type { HttpServer, HttpServerOptions } from './serve/node-http.ts';
import { checkedRun, HTTP_OPTIONS } from './serve/serve-options.ts';
import type { StdioOptions } from './serve/stdio.ts';
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
import { DRAIN_MS, type RunOptions, Serving } from './server/serving.ts';
import { type ToolHandler, type ToolOptions, toolPart } from './server/tool.ts';

export interface ServerOptions<LifespanValue = undefined> extends ProviderInfo {
  /** Two parts with one name: an error that names both (default), or the later or the earlier one is taken. */
  readonly onDuplicate?: OnDuplicate;
  /** Clients are told that something failed, not why, but for a `ToolError`. `onError` is told all. Default false. */
  readonly maskErrors?: boolean;
  /** Milliseconds a handler may take, where its tool does not say. Default: as long as it likes. */
  readonly timeoutMs?: number;
  /**
   * Milliseconds to wait for a mounted provider that is still starting, before its lists are served as last known and
   * calls of it fail. Default 30,000.
   */
  readonly listTimeoutMs?: number;
  /** Opened when the server starts or is first used, closed when it is closed; handlers find it as `context.lifespan`. */
  readonly lifespan?: Lifespan<LifespanValue>;
  /** Told of every failure: of handlers, of mounts that are down, of transports. Default: nobody is. */
  readonly onError?: (error: Error) => void;
  /** Path, token and allowed hosts of `fetch`, `nodeHandler` and `run({ transport: 'http' })`. */
  readonly http?: Partial<Omit<HttpHandlerOptions, 'onError'>>;
  /** Compiles JSON Schemas. Default: Ajv; give another where code cannot be generated (Cloudflare Workers). */
  readonly compiler?: SchemaCompiler;
}

/**
 * A server made of hand-written parts and of mounted providers. It is a `Provider` itself, so it mounts in another one.
 * Everything may change while it is served: clients are told.
 */
export interface Server<LifespanValue = undefined> extends Provider {
  /**
   * Adds a tool. The schemas give the handler its types.
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
  /** Adds a resource, or with an RFC 6570 template (`users://{id}`) as many as it matches. */
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
   * Adds everything that a provider offers, under a namespace (`git` → `git_<tool>`). The provider is the server's from
   * now on: closing the server closes it, but not what `remove()` has taken out again.
   */
  mount(namespace: string, provider: Provider): Registration;
  /** Puts middleware round every call, also those of mounts; the first one is the outermost. */
  use(...middleware: readonly Middleware[]): void;
  /** Opens the lifespan and serves over stdio, or over HTTP on Node. */
  run(options: { readonly transport: 'http' } & Partial<HttpServerOptions>): Promise<HttpServer>;
  run(options?: { readonly transport: 'stdio' } & Partial<StdioOptions>): Promise<Connection>;
  /** Serves one client over a transport of the MCP SDK, for example one half of `InMemoryTransport.createLinkedPair()`. */
  connect(transport: Transport): Promise<Connection>;
  /** Answers a web-standard request: Workers, Deno, Bun, Hono. Needs no `this`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Answers a request of Node's `http`, Express or Fastify. Needs no `this`. */
  readonly nodeHandler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /**
   * Stops serving, lets the calls in flight end (10 seconds at most), closes the mounts and the lifespan. Also when
   * called again it resolves once all of that is done.
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
    onDuplicate: choice({ error: true, replace: true, ignore: true } satisfies Record<OnDuplicate, true>),
    maskErrors: onOff,
    timeoutMs: number(TIMER_MS),
    listTimeoutMs: number(TIMER_MS),
    lifespan: withMethods('an object with open() and close()', 'open'),
    onError: func,
    http: HTTP_OPTIONS,
    compiler: func,
  },
  {
    hints: {
      port: 'Pass it to run({ transport: "http", port }).',
      host: 'Pass it to run({ transport: "http", host }).',
      transport: 'Pass it to run({ transport }).',
      tools: 'Add tools with server.tool(name, options, handler).',
      middleware: 'Add middleware with server.use(…).',
      timeout: 'Write "timeoutMs", in milliseconds.',
    },
    example: "createServer({ name: 'shop', version: '1.0.0' })",
  },
);

/** @throws OptionError where an option is missing, unknown or of a wrong type. */
export function createServer<LifespanValue = undefined>(options: ServerOptions<LifespanValue>): Server<LifespanValue> {
  checked(options);
  const {
    onDuplicate = 'error',
    maskErrors = false,
    onError = () => {},
    compiler = createSchemaCompiler({ schemasOf: 'programmer' }),
  } = options;
  const info = infoOf(options);
  const { listTimeoutMs } = options;
  // Without a lifespan its value is `undefined`, which is what `LifespanValue` then is.
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

  const means = { compiler, confirmations: new Confirmations() };
  const middleware: Middleware[] = [];
  /** What answers: the parts and the mounts, with the middleware round them. */
  let entry: Provider = whole;
  let finishing: Promise<void> | undefined;
  const finish = () => {
    finishing ??= local.drain(DRAIN_MS).finally(() => whole.close());
    return finishing;
  };
  const provider = following(() => entry, info, finish);
  const serving = new Serving({ provider, start: () => lifespan.value(), finish, http: options.http ?? {}, onError });
  const mounts = new Set<string>();

  const server: Server<LifespanValue> = {
    ...provider,
    tool: (name, tool, handler) => local.tools.add(name, toolPart(name, tool, handler, means)),
    resource: (uri, resource, handler) =>
      typeof uri === 'string' && isTemplate(uri)
        ? local.templates.add(uri, templatePart(uri, resource, handler))
        : local.resources.add(uri, resourcePart(uri, resource, handler)),
    prompt: (name, prompt, handler) => local.prompts.add(name, promptPart(name, prompt, handler, means)),
    mount(namespace, mounted) {
      if (typeof namespace !== 'string') {
        throw new OptionError('mount() takes a namespace first: mount("shop", provider).');
      }
      const child = namespaced(mounted, namespace);
      if (mounted === server) throw new OptionError(`The server "${info.name}" cannot be mounted into itself.`);
      if (mounts.has(namespace)) {
        throw new OptionError(`Two providers are mounted as "${namespace}". Choose another namespace for one of them.`);
      }
      mounts.add(namespace);
      const registration = whole.add(child, namespace);
      return {
        remove() {
          registration.remove();
          mounts.delete(namespace);
        },
      };
    },
    use(...added) {
      checkMiddleware('use', added);
      middleware.push(...added);
      entry = middlewareRound(whole, middleware, { maskErrors, onError });
    },
    // One function for the two signatures, whose results TypeScript cannot relate to the option.
    run: ((run?: RunOptions) => serving.run(checkedRun(run))) as Server<LifespanValue>['run'],
    connect: (transport) => serving.connect(transport),
    fetch: (request) => serving.fetch(request),
    nodeHandler: (request, response) => serving.nodeHandler(request, response),
    close: () => serving.close(),
  };
  return server;
}

function infoOf({ name, title, version, description, instructions }: ProviderInfo): ProviderInfo {
  return Object.freeze({
    name,
    ...(title !== undefined && { title }),
    version,
    ...(description !== undefined && { description }),
    ...(instructions !== undefined && { instructions }),
  });
}

/** A provider that hands everything to whatever answers at the moment. */
function following(entry: () => Provider, info: ProviderInfo, close: () => Promise<void>): Provider {
  return {
    contract: 1,
    info,
    listTools: (context) => entry().listTools(context),
    callTool: (call, context) => entry().callTool(call, context),
    listResources: (context) => entry().listResources(context),
    listResourceTemplates: (context) => entry().listResourceTemplates(context),
    readResource: (read, context) => entry().readResource(read, context),
    listPrompts: (context) => entry().listPrompts(context),
    getPrompt: (get, context) => entry().getPrompt(get, context),
    complete: (completion, context) => entry().complete(completion, context),
    onChange: (listener) => entry().onChange(listener),
    close,
  };
}
