import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { OptionError } from '../../runtime/options/option-error.ts';
import type { ListChange, LogLevel } from '../../runtime/provider.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
/** As received from the transport: its parameters are not validated yet. */
export interface Request {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}
export type Result = Readonly<Record<string, unknown>>;
export type Handler = (request: Request, extra: Extra) => Promise<Result>;

/**
 * The internals of a v1 `McpServer` that are used. It has no public way to list a raw JSON Schema, and so none to mount
 * a provider. Version 1 only gets fixes; `internals.test.ts` names any field that a release changes.
 */
export interface Internals {
  readonly handlers: Map<string, Handler>;
  readonly registered: {
    readonly tools: Registered;
    readonly resources: Registered;
    readonly templates: Readonly<Record<string, RegisteredTemplate>>;
    readonly prompts: Registered;
  };
  /** Sets the handlers of a capability and declares it; does nothing the second time. */
  readonly declare: Readonly<Record<ListChange | 'completions', () => void>>;
  /** Whether log messages of this level are declared, and requested by the client of this session. */
  logs(level: LogLevel, sessionId: string | undefined): boolean;
}

type Registered = Readonly<Record<string, unknown>>;
interface RegisteredTemplate {
  readonly resourceTemplate: {
    readonly uriTemplate: { toString(): string; match(uri: string): object | null };
  };
}

/** The location and expected type of every internal. */
export const RELIED_ON = [
  ['server._requestHandlers', 'Map'],
  ['server.getCapabilities', 'function'],
  ['server.isMessageIgnored', 'function'],
  ['_registeredTools', 'object'],
  ['_registeredResources', 'object'],
  ['_registeredResourceTemplates', 'object'],
  ['_registeredPrompts', 'object'],
  ['setToolRequestHandlers', 'function'],
  ['setResourceRequestHandlers', 'function'],
  ['setPromptRequestHandlers', 'function'],
  ['setCompletionRequestHandler', 'function'],
] as const satisfies readonly (readonly [path: string, kind: string])[];

/** @throws OptionError if it is not an `McpServer` of version 1, or an unsupported release */
export function internalsOf(server: McpServer): Internals {
  // The next SDK has fields with the same names but other meanings; only its server projects results.
  if (typeof at(server, 'server.projectCallToolResult') === 'function') {
    throw new OptionError(
      'mountV1() mounts into a server of @modelcontextprotocol/sdk; this one is of @modelcontextprotocol/server. Use mountInto() of openapi-mcp.',
    );
  }
  const missing = RELIED_ON.filter(([path, kind]) => kindOf(at(server, path)) !== kind).map(([path]) => path);
  if (missing.length > 0) {
    throw new OptionError(
      `mountV1() mounts into an McpServer of @modelcontextprotocol/sdk 1.x; this one lacks ${missing.join(', ')}.`,
    );
  }
  // All of it was checked above.
  const known = server as unknown as KnownServer;
  return {
    handlers: known.server._requestHandlers,
    registered: {
      tools: known._registeredTools,
      resources: known._registeredResources,
      templates: known._registeredResourceTemplates,
      prompts: known._registeredPrompts,
    },
    declare: {
      tools: () => known.setToolRequestHandlers(),
      resources: () => known.setResourceRequestHandlers(),
      prompts: () => known.setPromptRequestHandlers(),
      completions: () => known.setCompletionRequestHandler(),
    },
    logs: (level, sessionId) =>
      known.server.getCapabilities().logging !== undefined && !known.server.isMessageIgnored(level, sessionId),
  };
}

interface KnownServer {
  readonly server: {
    readonly _requestHandlers: Map<string, Handler>;
    getCapabilities(): { readonly logging?: object };
    isMessageIgnored(level: LogLevel, sessionId: string | undefined): boolean;
  };
  readonly _registeredTools: Registered;
  readonly _registeredResources: Registered;
  readonly _registeredResourceTemplates: Readonly<Record<string, RegisteredTemplate>>;
  readonly _registeredPrompts: Registered;
  setToolRequestHandlers(): void;
  setResourceRequestHandlers(): void;
  setPromptRequestHandlers(): void;
  setCompletionRequestHandler(): void;
}

export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

export function kindOf(value: unknown): string {
  if (value instanceof Map) return 'Map';
  return value === null ? 'null' : typeof value;
}
