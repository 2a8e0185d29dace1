import { type Loaded, type LoadOptions, loadModel } from './load-model.ts';
import type { GetAs, MapOptions } from './map/options.ts';
import type { ApiModel } from './model/index.ts';
import { cacheDirectory } from './model-cache.ts';
import type { DocumentSource } from './parse/source.ts';
import type { Problem } from './problems.ts';
import { credentialsFromEnvironment } from './runtime/api/auth/credentials.ts';
import { describeCredentials, type SchemeReport } from './runtime/api/auth/satisfied.ts';
import { NO_FILE_ACCESS } from './runtime/api/files.ts';
import { createApiProvider } from './runtime/api/provider.ts';
import { READ_LIMITS } from './runtime/api/read/index.ts';
import {
  mayReachPrivate,
  type ServerSettings,
  serverOrigins,
  serverUrl,
  tokenOrigins,
  unknownVariables,
} from './runtime/api/server-url.ts';
import { DEFAULT_MAX_RESULT_BYTES } from './runtime/api/shape/index.ts';
import { createArgumentValidator, createSchemaCompiler } from './runtime/api/validate-arguments.ts';
import { nodeDecoders } from './runtime/node/decoders.ts';
import { fileAccess } from './runtime/node/files.ts';
import { proxyFromEnvironment } from './runtime/node/proxy-environment.ts';
import { createNodeSender, type NodeSender } from './runtime/node/send.ts';
import type { Provider } from './runtime/provider.ts';

/** What a user may say about serving a document. Every field is optional. */
export interface ProxyOptions {
  /** Name of the API; default: made from the title. */
  readonly name?: string;

  // Which operations, and as what
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** `<filter> => tool|resource|both|exclude` */
  readonly routes?: readonly string[];
  readonly readOnly?: boolean;
  /** Default `both`. */
  readonly getAs?: GetAs;
  /** Default `auto`. */
  readonly outputSchemas?: MapOptions['outputSchemas'];

  // Where requests go
  /** Overrides every server of the document, those of single operations included. */
  readonly baseUrl?: string;
  /** Index, URL, name or description of a server of the document. Default: the first one. */
  readonly server?: string;
  readonly serverVariables?: Readonly<Record<string, string>>;
  /** Lets a document from a public URL name servers at private addresses. */
  readonly allowPrivate?: boolean;

  // What goes with them
  /** Headers for the API's servers, values complete. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Where credentials are looked for. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Stands before the names of credential variables: `PETS` makes `PETS_API_KEY_…`. */
  readonly credentialPrefix?: string;
  /** PEM certificates of authorities to trust besides the public ones. */
  readonly ca?: readonly string[];
  /** The client's certificate and key (PEM), for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Folders whose files may be sent. */
  readonly allowFiles?: readonly string[];
  /** Origins whose files may be sent. */
  readonly allowFileUrls?: readonly string[];

  // Limits
  /** For a whole call, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Bytes of a tool's result. Default 256,000. */
  readonly maxResultBytes?: number;
  /** Bytes of an answer that are read. Default 20,000,000. */
  readonly maxAnswerBytes?: number;

  // How the document is read
  /** Sent to the document's own origin only. */
  readonly documentHeaders?: readonly (readonly [name: string, value: string])[];
  /** Paths or URLs of OpenAPI Overlays, applied in this order before anything else. */
  readonly overlays?: readonly string[];
  /** Keeps settled models in the user's cache folder, so that the next start is fast. Default true. */
  readonly cache?: boolean;
  /** Fetches references to other hosts, never at private addresses. */
  readonly allowRemoteRefs?: boolean;
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** A document that is ready to be served. */
export interface OpenedApi {
  readonly provider: Provider;
  readonly model: ApiModel;
  readonly document: Loaded['document'];
  readonly problems: readonly Problem[];
  /** Things to tell the user that are no problems of the document. */
  readonly notices: readonly string[];
  /** Operations of the document, and how many of them the filters left out. */
  readonly found: number;
  readonly filtered: number;
  readonly credentials: readonly SchemeReport[];
  /** Where requests go by default; `undefined` where that is not known (then `serverProblem` says why). */
  readonly serverUrl: string | undefined;
  readonly serverProblem: string | undefined;
  /** Origins that credentials may be sent to. */
  readonly origins: readonly string[];
}

/** A mistake in the options, told before anything is served. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DOCUMENT_TIMEOUT_MS = 30_000;
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 64;

/**
 * Opens a document as a Provider: parse → map → runtime.
 *
 * @throws DocumentError where the document cannot be used, FilterError and OptionError where an option cannot.
 */
export async function openApi(source: DocumentSource, options: ProxyOptions = {}): Promise<OpenedApi> {
  const environment = options.environment ?? process.env;
  const senders = openSenders(options, environment);
  try {
    const loaded = await loadModel(source, loadOptions(options, environment, senders));
    return serveModel(loaded, options, environment, senders);
  } catch (error) {
    await senders.close();
    throw error;
  }
}

function serveModel(
  { cached, ...loaded }: Loaded,
  options: ProxyOptions,
  environment: Environment,
  senders: Senders,
): OpenedApi {
  const { model } = loaded;
  const servers: ServerSettings = {
    variables: options.serverVariables ?? {},
    ...(options.server !== undefined && { choice: options.server }),
    ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
  };
  const [unknown] = unknownVariables(model, servers);
  if (unknown !== undefined)
    throw new OptionError(`No server of the document has a variable "{${unknown}}" (--server-var).`);
  const document = model.documentUrl === undefined ? {} : { documentUrl: model.documentUrl };
  const server = serverUrl({ ...servers, ...document, servers: model.servers });
  if ('problem' in server && (options.server !== undefined || options.baseUrl !== undefined))
    throw new OptionError(server.problem);
  const url = 'url' in server ? server.url : undefined;
  const allowPrivate = mayReachPrivate({
    ...document,
    ...(options.baseUrl !== undefined && { baseUrl: options.baseUrl }),
    allowPrivate: options.allowPrivate ?? false,
  });
  const means = {
    auth: model.auth,
    credentials: credentialsFromEnvironment(model.auth, environment, options.credentialPrefix),
    headers: options.headers ?? [],
    hasClientCertificate: options.cert !== undefined,
  };
  const prefix = options.credentialPrefix === undefined ? {} : { prefix: options.credentialPrefix };
  const provider = createApiProvider(model, {
    ...means,
    servers,
    credentialPrefix: options.credentialPrefix,
    allowPrivate,
    send: senders.api(allowPrivate),
    decoders: nodeDecoders,
    validator: createArgumentValidator(),
    compileSchema: createSchemaCompiler(),
    files:
      options.allowFiles?.length || options.allowFileUrls?.length
        ? fileAccess({
            directories: options.allowFiles ?? [],
            urlOrigins: options.allowFileUrls ?? [],
            send: senders.publicOnly,
          })
        : NO_FILE_ACCESS,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxResultBytes: options.maxResultBytes ?? DEFAULT_MAX_RESULT_BYTES,
    maxAnswerBytes: options.maxAnswerBytes ?? READ_LIMITS.maxBytes,
    maxItems: READ_LIMITS.maxItems,
    async close() {
      await Promise.all([senders.close(), cached]);
    },
  });
  return {
    ...loaded,
    provider,
    credentials: describeCredentials({ ...means, ...prefix }),
    serverUrl: url,
    serverProblem: 'problem' in server ? server.problem : undefined,
    origins: [...new Set([...serverOrigins(model, servers), ...tokenOrigins(model, url)])],
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The HTTP senders of an opened document; each is made when it is first needed. */
interface Senders {
  /** May go to private addresses: what the user named himself. */
  readonly document: NodeSender['send'];
  /** Only to public addresses: what a document or an argument names. */
  readonly publicOnly: NodeSender['send'];
  api(allowPrivate: boolean): NodeSender['send'];
  close(): Promise<void>;
}

function openSenders({ ca, cert, key, passphrase }: ProxyOptions, environment: Environment): Senders {
  const shared = {
    proxy: proxyFromEnvironment(environment),
    connections: MAX_CONNECTIONS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    ...(ca && { ca }),
  };
  // The client certificate is a credential: it is shown to the API's servers alone.
  const certificate = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
  const opened: NodeSender[] = [];
  const open = (options: Parameters<typeof createNodeSender>[0]) => {
    const sender = createNodeSender(options);
    opened.push(sender);
    return sender.send;
  };
  return {
    document: open({ ...shared, allowPrivate: true }),
    publicOnly: open({ ...shared, allowPrivate: false }),
    api: (allowPrivate) => open({ ...shared, ...certificate, allowPrivate }),
    async close() {
      await Promise.all(opened.map((sender) => sender.close()));
    },
  };
}

function loadOptions(options: ProxyOptions, environment: Environment, senders: Senders): LoadOptions {
  return {
    parse: parseOptions(options, senders),
    overlays: options.overlays ?? [],
    map: mapOptions(options),
    cacheDirectory: (options.cache ?? true) ? cacheDirectory(environment, process.platform) : undefined,
  };
}

function parseOptions(options: ProxyOptions, senders: Senders): LoadOptions['parse'] {
  return {
    send: senders.document,
    sendRemoteRefs: options.allowRemoteRefs ? senders.publicOnly : undefined,
    headers: options.documentHeaders ?? [],
    timeoutMs: DOCUMENT_TIMEOUT_MS,
    maxBytes: MAX_DOCUMENT_BYTES,
    stdin: options.stdin,
    cached: undefined,
  };
}

function mapOptions(options: ProxyOptions): MapOptions {
  return {
    name: options.name,
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    routes: options.routes ?? [],
    readOnly: options.readOnly ?? false,
    getAs: options.getAs ?? 'both',
    outputSchemas: options.outputSchemas ?? 'auto',
  };
}
