import type { ToolAnnotations } from '../model/index.ts';
import type { GivenCredential } from '../runtime/api/auth/given-credentials.ts';
import type { Middleware } from '../runtime/middleware/middleware.ts';
import type { TokenBucketOptions } from '../runtime/middleware/token-bucket.ts';
import type { Provider } from '../runtime/provider.ts';
import type { Server } from '../runtime/server.ts';
import type { Description } from '../runtime/transforms/describe.ts';
import type { FilterOptions, FilterRule } from '../runtime/transforms/filter.ts';
import type { PromptsAsToolsOptions } from '../runtime/transforms/prompts-as-tools.ts';
import type { ResourcesAsToolsOptions } from '../runtime/transforms/resources-as-tools.ts';

/**
 * A server, as `openapi-mcp.config.{ts,js,json,yaml}` describes it. Texts may hold `${VARIABLE}` and
 * `${VARIABLE:-default}`; relative paths start at the folder of the file. What the command line says wins.
 */
export interface Config extends Around {
  /** The JSON Schema of the file, for editors. */
  readonly $schema?: string;
  /** How the server presents itself. Default: `openapi-mcp`. */
  readonly name?: string;
  readonly title?: string;
  /** Default: `0.0.0`. */
  readonly version?: string;
  readonly description?: string;
  /** For the model: how to use the tools. */
  readonly instructions?: string;

  /** OpenAPI documents, each under its namespace: tools of `pets` are called `pets_<tool>`. */
  readonly apis?: Readonly<Record<string, ApiConfig>>;
  /** MCP servers, in the shape of clients' `mcpServers`. */
  readonly servers?: Readonly<Record<string, ServerConfig>>;
  /** Modules of your own, or of generated projects. */
  readonly modules?: Readonly<Record<string, ModuleConfig>>;
  /**
   * Adds tools, resources and prompts of your own to the server, without a namespace; or the path of a module whose
   * default export does.
   */
  readonly setup?: string | ((server: Server) => void | Promise<void>);

  /** Default `stdio`. */
  readonly transport?: 'stdio' | 'http';
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 8000; 0 takes a free one. */
  readonly port?: number;
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly path?: string;
  /** Further `Host` headers to answer to. */
  readonly allowedHosts?: readonly string[];
  /** Further origins (web pages) to answer to. */
  readonly allowedOrigins?: readonly string[];
  /** Listen beyond this machine without a token. */
  readonly insecure?: boolean;
  /** What HTTP clients must send (`Authorization: Bearer …`). Default: the variable `OPENAPI_MCP_TOKEN`. */
  readonly token?: string;
  /** Default `info`; `debug` tells every call. */
  readonly logLevel?: 'debug' | 'info' | 'warning' | 'error';
  /** Nothing but errors on stderr. */
  readonly quiet?: boolean;
  /** What stands on stderr, as JSON. */
  readonly json?: boolean;
  /** A file of variables; those of the environment win. */
  readonly envFile?: string;
}

/** What stands round one part, or round all of them. */
export interface Around {
  /** Round every call; the first one is the outermost. */
  readonly middleware?: readonly MiddlewareConfig[];
  /** One after the other: each sees what the one before it left. */
  readonly transforms?: readonly TransformConfig[];
}

/** An OpenAPI document, and how its API is called. */
export interface ApiConfig extends Around {
  /** Path or URL of the document. */
  readonly spec: string;
  /** Name of the API, in place of the one made from its title. */
  readonly name?: string;

  /** `clean` (default): tool names without what frameworks add to an operationId. `document`: every operationId. */
  readonly names?: 'clean' | 'document';

  /** Sent when the document is fetched, to its own origin only. */
  readonly documentHeaders?: Readonly<Record<string, string>>;
  /** OpenAPI Overlays, paths or URLs, applied to the document first. */
  readonly overlays?: readonly string[];
  /** Keep what was made of the document in the user's cache folder. Default true. */
  readonly cache?: boolean;
  /** Follow `$ref`s that lead to other documents over the network. */
  readonly allowRemoteRefs?: boolean;
  /** Let a document from a public URL name private addresses. */
  readonly allowPrivate?: boolean;

  /** Only what matches: `tag:x`, `id:glob`, `GET /path/**`, `/regex/`. */
  readonly include?: readonly string[];
  /** Never what matches. */
  readonly exclude?: readonly string[];
  /** `<filter> => tool|resource|both|exclude`; the first match wins. */
  readonly routes?: readonly string[];
  /** Without the operations that may change something. */
  readonly readOnly?: boolean;
  /** Accept annotations of the document's `x-mcp` that make an operation look safer than its method. */
  readonly trustHints?: boolean;
  /** What a GET becomes. Default `both`. */
  readonly getAs?: 'both' | 'tool' | 'resource';
  /** Default `auto`, which keeps the list small. */
  readonly outputSchemas?: 'auto' | 'always' | 'never';
  /** Whose rules the schemas of tools are compiled to. Default `generic`. */
  readonly profile?: 'generic' | 'claude' | 'openai' | 'gemini' | 'bedrock' | 'cursor';

  /** Every request goes here, whatever servers the document names. */
  readonly baseUrl?: string;
  /** One of the document's servers, by number (from 0), URL or description. */
  readonly server?: string;
  /** Variables in the server's URL. */
  readonly serverVariables?: Readonly<Record<string, string>>;
  /** Sent with every request to the API. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The only origins that credentials and headers are sent to: `https://api.example.com`. */
  readonly credentialsFor?: readonly string[];
  /**
   * Credentials, by the name of their security scheme. What is not here comes from the environment:
   * `<NAMESPACE>_API_KEY_<SCHEME>` and so on.
   */
  readonly auth?: Readonly<Record<string, CredentialConfig>>;
  /** Seconds the API may take to answer. Default 30. */
  readonly timeout?: number;
  /** Bytes of one result. Default 256,000. */
  readonly maxResult?: number;
  /** Files of certificates to trust too (PEM). */
  readonly ca?: readonly string[];
  /** File of the client certificate for mutual TLS (PEM). */
  readonly cert?: string;
  /** File of its key (PEM). */
  readonly key?: string;
  /** File with the passphrase of the key. */
  readonly passphrase?: string;
  /** Folders whose files file arguments may name. */
  readonly allowFiles?: readonly string[];
  /** Origins whose URLs file arguments may name. */
  readonly allowFileUrls?: readonly string[];
}

export type CredentialConfig = GivenCredential;

/** An MCP server at a URL, or one that is started. */
export interface ServerConfig extends Around {
  readonly type?: 'stdio' | 'http' | 'streamable-http' | 'sse';
  readonly url?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly command?: string;
  readonly args?: readonly string[];
  /** Beside the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the folder of the config file. */
  readonly cwd?: string;
  readonly disabled?: boolean;
  /** Let guards rely on the server's own annotations where they make a tool look safe. */
  readonly trustHints?: boolean;
  /** Seconds it may take to start, to list what it has, and to answer a call. Default: 30 to start, no limit for calls. */
  readonly timeout?: number;
}

/** A JS or TS module that exports a server, or another `Provider`; or a function that makes one. */
export interface ModuleConfig extends Around {
  readonly path: string;
  /** Default: `default`, `server` or `provider`, whichever there is. */
  readonly export?: string;
  /** What the function is called with. */
  readonly options?: unknown;
}

interface Secrets {
  /** Hidden wherever they occur; each has 4 characters or more. */
  readonly secrets?: readonly string[];
}
type Bucket = Pick<TokenBucketOptions, 'size' | 'perSecond'>;

/** By name, alone or with its options; in a program also a middleware itself. */
export type MiddlewareConfig =
  | 'logging'
  | 'rateLimit'
  | 'retry'
  | 'confirm'
  | 'circuitBreaker'
  | 'redact'
  | 'maskErrors'
  | { readonly logging: Secrets & { readonly format?: 'human' | 'json'; readonly payload?: boolean } }
  | { readonly auditLog: Secrets & { readonly file: string } }
  | { readonly cache: { readonly ttlMs: number; readonly maxEntries?: number } }
  | { readonly rateLimit: { readonly perCaller?: Bucket; readonly global?: Bucket } }
  | { readonly retry: { readonly attempts?: number; readonly firstWaitMs?: number; readonly maxWaitMs?: number } }
  | { readonly timeout: { readonly ms: number } }
  | { readonly concurrency: { readonly limit: number; readonly maxQueue?: number } }
  | { readonly confirm: { readonly tools?: readonly FilterRule[]; readonly ttlMs?: number } }
  | { readonly circuitBreaker: { readonly failures?: number; readonly openMs?: number } }
  | { readonly responseLimit: { readonly maxBytes: number } }
  | { readonly redact: Secrets }
  | { readonly maskErrors: Readonly<Record<never, never>> }
  | Middleware;

/** By name, alone or with its options; in a program also a function from one provider to another. */
export type TransformConfig =
  | 'filter'
  | 'readOnly'
  | 'rename'
  | 'describe'
  | 'hideArguments'
  | 'fixArguments'
  | 'resourcesAsTools'
  | 'promptsAsTools'
  | { readonly filter: FilterOptions }
  | { readonly readOnly: Readonly<Record<never, never>> }
  | { readonly rename: RenameConfig }
  | { readonly describe: DescribeConfig }
  | { readonly hideArguments: Readonly<Record<string, readonly string[]>> }
  | { readonly fixArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
  | { readonly resourcesAsTools: ResourcesAsToolsOptions }
  | { readonly promptsAsTools: PromptsAsToolsOptions }
  | ((provider: Provider) => Provider | Promise<Provider>);

/** Own name → name that clients see. */
export interface RenameConfig {
  readonly tools?: Readonly<Record<string, string>>;
  readonly prompts?: Readonly<Record<string, string>>;
}

/** Tools and prompts by name, resources and templates by URI. */
export interface DescribeConfig {
  readonly tools?: Readonly<Record<string, ToolWords>>;
  readonly resources?: Readonly<Record<string, Description>>;
  readonly prompts?: Readonly<Record<string, Description>>;
}

export interface ToolWords extends Description {
  /** These replace those the tool has; the others stay. */
  readonly annotations?: ToolAnnotations;
  /** Argument → its description. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/**
 * Gives the types of a config file, and nothing else.
 *
 * ```ts
 * import { defineConfig } from 'openapi-mcp';
 *
 * export default defineConfig({ name: 'desk', apis: { pets: { spec: 'petstore.yaml' } } });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
