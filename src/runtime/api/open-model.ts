import type { ApiModel } from '../../model/index.ts';
import { once } from '../once.ts';
import { OptionError } from '../options/option-error.ts';
import {
  byName,
  either,
  func,
  headers,
  listOf,
  number,
  type OptionKinds,
  onOff,
  pattern,
  text,
  texts,
  withMethods,
} from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { Provider } from '../provider.ts';
import type { TokenStore } from '../secrets/token-store.ts';
import type { ArgumentValidator } from './arguments/argument-validator.ts';
import type { CallerWay } from './auth/caller-credential.ts';
import { type Credentials, credentialsFromEnvironment, type LoginCredential } from './auth/credentials.ts';
import { AUTH_OPTION, type GivenCredentials, givenCredentials } from './auth/given-credentials.ts';
import { describeCredentials, isGivenByUser, type Means, type SchemeReport } from './auth/satisfied.ts';
import type { SecretSources } from './conceal/secrets-of.ts';
import type { Exchanger } from './exchange.ts';
import type { HooksById } from './hooks.ts';
import type { HttpSender } from './http.ts';
import { DEFAULT_LIMITS, LIMITS } from './limits.ts';
import type { Performing } from './perform.ts';
import { createApiProvider, openPerforming } from './provider.ts';
import type { ApiProviderOptions } from './provider-options.ts';
import type { Decoders } from './read/content-encoding.ts';
import { checkForwarded, HEADER_NAME } from './request/forwarded-headers.ts';
import {
  mayReachPrivate,
  operationServerUrl,
  type ServerSettings,
  serverOrigins,
  tokenOrigins,
  unknownVariables,
} from './request/server-url.ts';
import type { SchemaCompiler } from './schema/schema-check.ts';
import type { SenderOptions, Senders } from './senders.ts';
import type { FileAccess } from './serialize/files.ts';

/** Options for calling an API. Every field is optional. */
export interface ModelOptions extends SenderOptions {
  // Where requests go
  /** Overrides every server in the document, including those of operations. `undefined` (`process.env.X`): not set. */
  readonly baseUrl?: string | undefined;
  /** Index, URL, name or description of a server in the document. Default: the first one. */
  readonly server?: string | undefined;
  readonly serverVariables?: Readonly<Record<string, string>>;
  /**
   * Allow a document from a public URL to name servers at private addresses. `false`: no document may, wherever it is
   * from; `baseUrl` still may. Default: only documents that are not from a public URL.
   */
  readonly allowPrivate?: boolean;

  // What is sent
  /** Headers for the API's servers, with complete values: an object, or pairs if a name is repeated. */
  readonly headers?: GivenHeaders;
  /**
   * Headers of the client's HTTP request to send on to the API: `['X-Tenant']`. Never `Authorization`, unless it is named
   * and nobody else verifies it. Default: none.
   */
  readonly forwardHeaders?: readonly string[];
  /**
   * Keeps the tokens of callers who consented to `connect`: a store, or a function that opens it when it is first needed.
   * Default: in memory, so that callers consent again after a restart.
   */
  readonly tokenStore?: TokenStore | (() => Promise<TokenStore>) | undefined;
  /** Values to hide in results, errors and logs, besides credentials and headers that carry some. */
  readonly secrets?: readonly string[];
  /** Credentials by security scheme name. Others come from the environment. */
  readonly auth?: GivenCredentials;
  /** The variables to read credentials and proxies from. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Prefix of credential variables: `PETS` makes `PETS_API_KEY_…`. */
  readonly credentialPrefix?: string | undefined;
  /** The only origins that receive credentials and `headers`, including token endpoints. Default: all in the model. */
  readonly credentialsFor?: readonly string[] | undefined;
  /** Folders whose files may be sent. */
  readonly allowFiles?: readonly string[];
  /** Origins whose files may be sent. */
  readonly allowFileUrls?: readonly string[];

  // Limits
  /** For a complete call, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Maximum size of a tool result in bytes. Default 256,000. */
  readonly maxResultBytes?: number;
  /** Maximum number of bytes to read from a response. Default 20,000,000. */
  readonly maxAnswerBytes?: number;
}

/** The type of each option. */
export const MODEL_KINDS: OptionKinds<ModelOptions> = {
  baseUrl: text,
  server: text,
  serverVariables: byName,
  allowPrivate: onOff,
  headers,
  auth: AUTH_OPTION,
  forwardHeaders: listOf('header names', HEADER_NAME),
  tokenStore: either(
    'a token store, or a function that opens one',
    withMethods('a token store', 'get', 'list', 'delete', 'update'),
    func,
  ),
  secrets: texts,
  environment: byName,
  credentialPrefix: pattern('letters, digits and "_", a letter first', /^[A-Za-z][A-Za-z0-9_]*$/),
  credentialsFor: texts,
  allowFiles: texts,
  allowFileUrls: texts,
  timeoutMs: number(LIMITS.timeoutMs.range),
  maxResultBytes: number(LIMITS.maxResultBytes.range),
  maxAnswerBytes: number(COUNT),
  ca: texts,
  cert: text,
  key: text,
  passphrase: text,
};

/** Names that other libraries use. */
export const MODEL_HINTS = {
  url: 'Write "baseUrl".',
  apiKey: 'Write auth: { "<security scheme>": key }.',
  token: 'Write auth: { "<security scheme>": token }.',
  credentials: 'Write auth: { "<security scheme>": credential }.',
  timeout: 'Write "timeoutMs", in milliseconds.',
  env: 'Write "environment".',
};

type Pairs = readonly (readonly [name: string, value: string])[];
export type GivenHeaders = Pairs | Readonly<Record<string, string>>;

/** Headers as pairs. */
export function headerPairs(given: GivenHeaders = []): Pairs {
  return Array.isArray(given) ? (given as Pairs) : Object.entries(given);
}

/** What calling an API needs of the platform. */
export interface ModelPlatform {
  readonly openSenders: (options: SenderOptions) => Senders;
  readonly decoders: Decoders;
  readonly createValidator: () => ArgumentValidator;
  readonly createCompiler: () => SchemaCompiler;
  /** Files that may be sent, besides those in arguments; absent where there are none. */
  readonly fileAccess?: (allowed: AllowedFiles) => Promise<FileAccess>;
  /** Called before the first call of an API loads what calls need. */
  readonly onFirstCall?: () => void;
}

export interface AllowedFiles {
  readonly directories: readonly string[];
  readonly urlOrigins: readonly string[];
  readonly send: HttpSender;
}

/** What opening a model needs besides the user's options. */
export interface ModelParts {
  /** Default: its own, closed with the provider. */
  readonly senders?: Senders;
  /** Default: none. */
  readonly hooks?: HooksById;
  /** Default: logins are not used. */
  readonly logins?: ModelLogins | undefined;
  /** How requests to the API are answered. Default: by the API. */
  readonly exchange?: Exchanger | undefined;
  /** Whether `exchange` answers without the API: no credential is needed, and none is sent. Default: no. */
  readonly offline?: boolean;
}

/** Logins of the person who runs the server. */
export interface ModelLogins {
  /** By scheme. They take the place of a client id and secret, but not of a ready token. */
  readonly credentials: Readonly<Record<string, LoginCredential>>;
  /** The command that logs in for a scheme. */
  readonly command: (scheme: string) => string;
}

/** A model that is ready to be served. */
export interface OpenedModel {
  readonly provider: Provider;
  /** For calls without an MCP client: `createClient`. */
  readonly performing: () => Promise<Performing>;
  readonly credentials: readonly SchemeReport[];
  /** Where requests go by default; `undefined` if unknown (then `serverProblem` says why). */
  readonly serverUrl: string | undefined;
  readonly serverProblem: string | undefined;
  /** Where the values to hide in logs are. A function, so that they are not printed by accident. */
  readonly secretSources: () => SecretSources;
  /** Origins that may receive credentials. */
  readonly origins: readonly string[];
  /** For requests to the API's authorization servers, by the rules of requests for tokens. */
  readonly issuers: { readonly send: HttpSender; readonly allowPrivate: boolean };
}

/** How to reach a model's API: its servers, and the credentials for them. */
export interface ModelAccess extends Pick<OpenedModel, 'credentials' | 'serverUrl' | 'serverProblem' | 'origins'> {
  readonly servers: ServerSettings;
  readonly means: Means;
}

/** Options with the variables to read: where those of the process are is up to the platform. */
export type OptionsIn = ModelOptions & Required<Pick<ModelOptions, 'environment'>>;

/** @throws OptionError if an option names a server that the model does not have */
export function modelAccess(model: ApiModel, options: OptionsIn, logins?: ModelLogins): ModelAccess {
  const servers: ServerSettings = {
    variables: options.serverVariables ?? {},
    choice: options.server,
    baseUrl: options.baseUrl,
  };
  const [unknown] = unknownVariables(model, servers);
  if (unknown !== undefined)
    throw new OptionError(`No server in the document has a variable "{${unknown}}" (serverVariables, --server-var).`);
  const server = operationServerUrl(model, 'api', servers);
  if ('problem' in server && (options.server !== undefined || options.baseUrl !== undefined))
    throw new OptionError(server.problem);
  const url = 'url' in server ? server.url : undefined;
  const given = givenCredentials(model.auth, options.auth ?? {});
  const means = {
    auth: model.auth,
    credentials: {
      ...withLogins(credentialsFromEnvironment(model.auth, options.environment, options.credentialPrefix), logins),
      ...given,
    },
    given: new Set(Object.keys(given)),
    headers: headerPairs(options.headers),
    secrets: options.secrets ?? [],
    hasClientCertificate: options.cert !== undefined,
    loginCommand: logins?.command,
  };
  assertNoOwnHeader(means);
  return {
    servers,
    means,
    credentials: describeCredentials({ ...means, prefix: options.credentialPrefix }),
    serverUrl: url,
    serverProblem: 'problem' in server ? server.problem : undefined,
    origins: [...new Set([...serverOrigins(model, servers), ...tokenOrigins(model, url, exchanging(means))])],
  };
}

/**
 * Opens a model with everything that a platform needs to call its API. Closing the provider closes the senders.
 *
 * @throws OptionError
 */
export function openModelOn(
  platform: ModelPlatform,
  model: ApiModel,
  options: OptionsIn,
  { senders = platform.openSenders(options), hooks = {}, logins, exchange, offline = false }: ModelParts = {},
): OpenedModel {
  const { servers, means, ...described } = modelAccess(model, options, logins);
  const allowPrivate = reachesPrivate(model, options);
  const settings: ApiProviderOptions = {
    ...means,
    forwardHeaders: checkForwarded(options.forwardHeaders ?? []),
    secrets: options.secrets ?? [],
    tokenStore: openStore(options.tokenStore),
    servers,
    credentialPrefix: options.credentialPrefix,
    credentialOrigins: options.credentialsFor?.map(originOf),
    allowPrivate,
    send: senders.api(allowPrivate),
    sendRedirected: (origin) => senders.redirected(origin, options.allowPrivate ?? false),
    exchange,
    offline,
    decoders: platform.decoders,
    validator: platform.createValidator(),
    compileSchema: platform.createCompiler(),
    files:
      options.allowFiles?.length || options.allowFileUrls?.length
        ? (platform.fileAccess?.({
            directories: options.allowFiles ?? [],
            // Here, so that an invalid URL is an error of the start.
            urlOrigins: (options.allowFileUrls ?? []).map((url) => new URL(url).origin),
            send: senders.publicOnly,
          }) ?? {})
        : {},
    timeoutMs: options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs,
    maxResultBytes: options.maxResultBytes ?? DEFAULT_LIMITS.maxResultBytes,
    // A limit that somebody chose applies even where everything would be kept.
    isResultLimitChosen: (options.maxResultBytes ?? DEFAULT_LIMITS.maxResultBytes) !== DEFAULT_LIMITS.maxResultBytes,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_LIMITS.maxAnswerBytes,
    maxItems: DEFAULT_LIMITS.maxItems,
    close: senders.close,
  };
  const performing = once(() => {
    platform.onFirstCall?.();
    return openPerforming(model, settings);
  });
  return {
    provider: createApiProvider(model, settings, { hooks, performing }),
    performing,
    issuers: { send: settings.send, allowPrivate },
    secretSources: () => settings,
    ...described,
    ...(offline && { credentials: [], serverUrl: undefined, serverProblem: undefined, origins: [] }),
  };
}

/** Whether the API, and the endpoints for tokens, may be at private addresses. */
export function reachesPrivate({ documentOrigin }: ApiModel, { baseUrl, allowPrivate }: ModelOptions): boolean {
  if (allowPrivate === false && baseUrl === undefined) return false;
  return mayReachPrivate({ documentOrigin, baseUrl, allowPrivate: allowPrivate ?? false });
}

/** Schemes whose token endpoint gets tokens or codes of callers, because the options do not name another. */
function exchanging({ credentials }: Means): readonly string[] {
  return Object.entries(credentials).flatMap(([name, credential]) =>
    credential.kind === 'caller' && usesDocument(credential.way) ? [name] : [],
  );
}

function usesDocument(way: CallerWay): boolean {
  switch (way.kind) {
    case 'perCaller':
      return false;
    case 'exchange':
      return way.tokenUrl === undefined;
    case 'connect':
      return way.server === undefined;
  }
}

/** The server's own header would take the place of every caller's credential, unnoticed. */
function assertNoOwnHeader({ auth, credentials, headers }: Means): void {
  for (const [name, { kind }] of Object.entries(credentials)) {
    const scheme = auth[name];
    if (kind !== 'caller' || !scheme || !isGivenByUser(scheme, headers)) continue;
    throw new OptionError(`is the credential of each caller, but one of the headers already sets it for all.`, {
      option: `auth.${name}`,
    });
  }
}

function openStore(given: ModelOptions['tokenStore'] = newTokenStore): () => Promise<TokenStore> {
  return typeof given === 'function' ? once(given) : async () => given;
}

async function newTokenStore(): Promise<TokenStore> {
  const { memoryTokenStore } = await import('../secrets/token-store.ts');
  return memoryTokenStore();
}

function withLogins(credentials: Credentials, logins: ModelLogins | undefined): Credentials {
  const tokens = Object.entries(credentials).filter(([, { kind }]) => kind !== 'clientCredentials');
  return { ...credentials, ...logins?.credentials, ...Object.fromEntries(tokens) };
}

/** @throws OptionError for a path, or a host without scheme: it would never match */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin) return url.origin;
  throw new OptionError(
    `"${text}" is not an origin such as https://api.example.com (credentialsFor, --credentials-for).`,
  );
}
