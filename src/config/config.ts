import type { GetAs, Names, OutputSchemas, ProfileName } from '../map/choices.ts';
import type { LogLevel, TokenStoreName } from '../options/choices.ts';
import type { Connect, Exchange, OnBehalfOf, PerCaller } from '../runtime/api/auth/given-caller-credentials.ts';
import type { FixedCredential } from '../runtime/api/auth/given-credentials.ts';
import type { ListMode } from '../runtime/fit/list-modes.ts';
import type { TransportName } from '../runtime/serve/serve-defaults.ts';
import type { Server } from '../runtime/server.ts';
import type { Around } from './around-config.ts';
import type { CallerAuthConfig } from './caller-auth-config.ts';

/**
 * A server, as described by `openapi-mcp.config.{ts,js,json,yaml}`. Strings may contain `${VARIABLE}` and
 * `${VARIABLE:-default}`; relative paths are relative to the folder of the file. Flags override the file.
 */
export interface Config extends Around {
  /** The JSON Schema of the file, for editors. */
  readonly $schema?: string;
  /** The name of the server. Default: `openapi-mcp`. */
  readonly name?: string;
  readonly title?: string;
  /** Default: `0.0.0`. */
  readonly version?: string;
  readonly description?: string;
  /** For the model: how to use the tools. */
  readonly instructions?: string;

  /** OpenAPI documents by namespace: tools of `pets` are named `pets_<tool>`, see `prefix`. */
  readonly apis?: Readonly<Record<string, ApiConfig>>;
  /** MCP servers, in the format of clients' `mcpServers`. */
  readonly servers?: Readonly<Record<string, ServerConfig>>;
  /** Your own modules, or generated projects. */
  readonly modules?: Readonly<Record<string, ModuleConfig>>;
  /**
   * Whether names and credential variables are prefixed with the namespace. Default: false if the file has one API, and
   * neither servers nor modules.
   */
  readonly prefix?: boolean;
  /**
   * Adds tools, resources and prompts to the server, without a namespace; or the path of a module whose default export
   * does.
   */
  readonly setup?: string | ((server: Server) => void | Promise<void>);

  /**
   * How tools are listed: all (default); `compact`, in fewer tokens; `signature`, as one tool that calls all; `search`, as
   * three tools that find and call the others; `code`, as two tools that find the others and run JavaScript that calls
   * them; `auto` picks the first of the other four that fits into `budget`.
   */
  readonly mode?: ListMode;
  /**
   * Ask the user before a tool that may destroy something is called. Without a user to ask, `refuse` the call, or make it in
   * two steps with a `token`. Default `off`.
   */
  readonly confirm?: 'off' | 'refuse' | 'token';
  /** Tools that may change something also take `dry_run`: it shows the HTTP request instead of sending it. Default false. */
  readonly offerDryRun?: boolean;
  /** Let models choose what results contain: every tool also takes `fields` and `query` (JMESPath). Default false. */
  readonly shape?: boolean;
  /**
   * Operations with pages also take `cursor`, for the next page, and `max_items`, to collect pages. Default false. Processes
   * accept the cursors of each other if the variable `OPENAPI_MCP_PAGING_KEY` is the same.
   */
  readonly paging?: boolean;
  /** How many tokens the list of tools may cost a model. Default: 10,000 for mode `auto`, otherwise unlimited. */
  readonly budget?: number;
  /**
   * The most tokens that a result may cost a model; the rest is kept for a while, and reached with the tool `read_result`.
   * 0: no limit. Default 20,000.
   */
  readonly maxResultTokens?: number;
  /** Tools that search mode lists too. */
  readonly pinned?: readonly string[];

  /** Default `stdio`. */
  readonly transport?: TransportName;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 8000; 0 picks a free one. */
  readonly port?: number;
  /** Path of the MCP endpoint. Default `/mcp`. */
  readonly path?: string;
  /** Additional `Host` headers to accept. */
  readonly allowedHosts?: readonly string[];
  /** Additional origins (web pages) to accept. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Where the key of stored tokens is, those of callers included. `memory`: stored logins are not used, and callers
   * connect their accounts again after a restart. Default: the keychain if there is one, otherwise a file.
   */
  readonly tokenStore?: TokenStoreName;
  /** Allow non-loopback addresses without a token. */
  readonly insecure?: boolean;
  /** Serve 2025 clients without sessions, so that any of several processes can respond without a store. */
  readonly stateless?: boolean;
  /** Send traces and metrics with OpenTelemetry, as the `OTEL_*` variables say. */
  readonly otel?: boolean;
  /** Serve metrics for Prometheus at `/metrics` on this port. */
  readonly metricsPort?: number;
  /** Address to serve metrics on. Default 127.0.0.1. */
  readonly metricsHost?: string;
  /**
   * The URL of a Redis that several processes share, so that any of them can respond: `${REDIS_URL}`. The variable
   * `OPENAPI_MCP_STORE_KEY` encrypts what is stored.
   */
  readonly store?: string;
  /** What tells this server apart from others in the same Redis. Default: its name. */
  readonly storeName?: string;
  /** Processes that serve the same port, and share what they need. Default 1. */
  readonly workers?: number;
  /** What HTTP clients must send (`Authorization: Bearer …`). Default: the variable `OPENAPI_MCP_TOKEN`. */
  readonly token?: string;
  /** Who may call over HTTP, with tokens of an identity provider or keys of their own. */
  readonly auth?: CallerAuthConfig;
  /** Default `info`; `debug` logs every call. */
  readonly logLevel?: LogLevel;
  /** Print only errors on stderr. */
  readonly quiet?: boolean;
  /** Write stderr as JSON. */
  readonly json?: boolean;
  /** A file to read variables from; the environment takes precedence. */
  readonly envFile?: string;
}

/** An OpenAPI document, and how to call its API. */
export interface ApiConfig extends Around {
  /** Path or URL of the document. */
  readonly spec: string;
  /** Name of the API. Default: derived from its title. */
  readonly name?: string;

  /**
   * `clean` (default): tool names without what frameworks add to an operationId. `document`: keeps every operationId.
   */
  readonly names?: Names;

  /** Sent when the document is fetched, to its own origin only. */
  readonly documentHeaders?: Readonly<Record<string, string>>;
  /** OpenAPI Overlays, paths or URLs, applied to the document first. */
  readonly overlays?: readonly string[];
  /** Cache the mapped model in the user's cache folder. Default true. */
  readonly cache?: boolean;
  /** Follow `$ref`s to other documents on the network. */
  readonly allowRemoteRefs?: boolean;
  /** Allow a document from a public URL to name private addresses. `false`: no document may, only `baseUrl`. */
  readonly allowPrivate?: boolean;

  /** Serve only operations that match: `tag:x`, `id:glob`, `GET /path/**`, `/regex/`. */
  readonly include?: readonly string[];
  /** Exclude operations that match. */
  readonly exclude?: readonly string[];
  /** `<filter> => tool|resource|both|exclude`; the first match wins. */
  readonly routes?: readonly string[];
  /** Exclude operations that may change something. */
  readonly readOnly?: boolean;
  /** Accept `x-mcp` annotations that make an operation look safer than its method. */
  readonly trustHints?: boolean;
  /** What a GET becomes. Default `both`. */
  readonly getAs?: GetAs;
  /** Default `auto`, which keeps the list small. */
  readonly outputSchemas?: OutputSchemas;
  /** The provider whose rules tool schemas are compiled to. Default `generic`. */
  readonly profile?: ProfileName;
  /**
   * How the pages of operations are reached, by tool name or operationId, where the document does not say it, or not
   * correctly; `false`: not at all.
   */
  readonly pagination?: Readonly<Record<string, false | PaginationConfig>>;

  /** Send every request to this URL instead of the document's servers. */
  readonly baseUrl?: string;
  /** Which of the document's servers to use: number (from 0), URL or description. */
  readonly server?: string;
  /** Values of variables in the server's URL. */
  readonly serverVariables?: Readonly<Record<string, string>>;
  /** Sent with every request to the API. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The only origins that credentials and headers are sent to: `https://api.example.com`. */
  readonly credentialsFor?: readonly string[];
  /** Headers of the client's HTTP request to send on to the API: `X-Tenant`. */
  readonly forwardHeaders?: readonly string[];
  /**
   * Credentials by security scheme name. Others come from the environment: `<NAMESPACE>_API_KEY_<SCHEME>` and so on.
   */
  readonly auth?: Readonly<Record<string, CredentialConfig>>;
  /** Time limit for a response, in seconds. Default 30. */
  readonly timeout?: number;
  /** Maximum size of one result in bytes. Default 256,000. */
  readonly maxResult?: number;
  /** Files with additional CA certificates to trust (PEM). */
  readonly ca?: readonly string[];
  /** Client certificate file for mutual TLS (PEM). */
  readonly cert?: string;
  /** Key file of the client certificate (PEM). */
  readonly key?: string;
  /** File that contains the passphrase of the key. */
  readonly passphrase?: string;
  /** Folders whose files may be named in file arguments. */
  readonly allowFiles?: readonly string[];
  /** Origins whose URLs may be named in file arguments. */
  readonly allowFileUrls?: readonly string[];

  /** How often to ask whether the document has changed, in seconds; it is then served as it is. Default: never. */
  readonly refresh?: number;

  /** Make up responses from the document's examples and schemas; nothing is sent. */
  readonly mock?: boolean;
  /** Varies what `mock` makes up. Default 1. */
  readonly mockSeed?: number;
  /** The declared status that `mock` answers with, such as 404. Default: success. */
  readonly mockStatus?: number;
  /** A folder to write every request to the API and its response to, without credentials. */
  readonly record?: string;
  /** A folder of recordings to answer from; nothing is sent. */
  readonly replay?: string;
}

export type CredentialConfig = FixedCredential | Exchange | OnBehalfOf | Connect | PerCallerConfig | AuthHandlerModule;

/** A module whose export authenticates each request for a security scheme: an `AuthHandler`. */
export interface AuthHandlerModule {
  readonly module: string;
  /** Default: `default`. */
  readonly export?: string;
  /** Passed to the export if it is a function, which returns the handler. */
  readonly options?: unknown;
}

/** The credential of each caller: a function, or the path of a module whose default export is one. */
export interface PerCallerConfig {
  readonly perCaller: string | PerCaller['perCaller'];
}

/** An MCP server at a URL, or started by a command. */
export interface ServerConfig extends Around {
  readonly type?: 'stdio' | 'http' | 'streamable-http' | 'sse';
  readonly url?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * How to get the tokens that a server at a URL requires: a token, or the client of a machine. Default: the login of the
   * person who runs this (`openapi-mcp auth login`).
   */
  readonly auth?: ServerAuthConfig;
  readonly command?: string;
  readonly args?: readonly string[];
  /** In addition to the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the folder of the config file. */
  readonly cwd?: string;
  readonly disabled?: boolean;
  /** Let guards rely on the server's annotations even where they make a tool look safer. */
  readonly trustHints?: boolean;
  /** Time limit in seconds for startup, lists and each call. Default: 30 for startup, none for calls. */
  readonly timeout?: number;
}

export type ServerAuthConfig =
  | string
  | { readonly token: string }
  /** OAuth 2 client credentials, with a secret or a private key. */
  | {
      readonly clientId: string;
      readonly clientSecret?: string;
      /** PKCS#8 in PEM, for `private_key_jwt`. */
      readonly privateKey?: string;
      /** The `kid` of the private key. */
      readonly keyId?: string;
      /** Default: those that the server names. */
      readonly scopes?: readonly string[];
      /** The authorization server that has this client. Default: the one that the server names. */
      readonly issuer?: string;
    };

/** A JS or TS module that exports a server, or another `Provider`; or a function that returns one. */
export interface ModuleConfig extends Around {
  readonly path: string;
  /** Default: `default`, `server` or `provider`, whichever exists. */
  readonly export?: string;
  /** Passed to the function. */
  readonly options?: unknown;
}

/** How the pages of an operation are reached. Paths are names joined by dots, or a list if a name has dots. */
export interface PaginationConfig {
  /** By a URL in the response, a value for an argument, the last item, the header `Link`, a page number, an offset. */
  readonly kind: 'nextUrl' | 'token' | 'lastItem' | 'link' | 'page' | 'offset';
  /** The argument that says which page is wanted. */
  readonly argument?: string;
  /** The argument that limits the length of a page. */
  readonly size?: string;
  /** Where the list is in the response; empty: the response itself. */
  readonly items?: string | readonly string[];
  /** Where the URL or value for the next page is. */
  readonly next?: string | readonly string[];
  /** The property of the last item that is sent. Default `id`. */
  readonly id?: string | readonly string[];
  /** Where the response says whether there are more. */
  readonly more?: string | readonly string[];
  /** Where the number of all items is. */
  readonly total?: string | readonly string[];
  /** Where the number of pages is. */
  readonly pages?: string | readonly string[];
  /** The number of the first page or item. Default 1 for `page`, 0 for `offset`. */
  readonly first?: number;
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
