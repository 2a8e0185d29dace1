import { guardCredentials } from './guard-credentials.ts';
import { hasChanged } from './has-changed.ts';
import { type LoadOptions, loadModel } from './load-model.ts';
import { ANSWER_SCHEMAS, GET_AS, NAMES, OUTPUT_SCHEMAS, PROFILE_NAMES } from './map/choices.ts';
import type { MapOptions } from './map/options.ts';
import type { ApiModel } from './model/index.ts';
import { cacheDirectory } from './model-cache.ts';
import { followingApi, type OpenedApi } from './opened-api.ts';
import type { SourceFile } from './parse/api-document.ts';
import type { DocumentSource } from './parse/source.ts';
import { checkProxyOptions, type ProxyOptions } from './proxy-options.ts';
import { canLogIn } from './runtime/api/auth/satisfied.ts';
import { DEFAULT_LIMITS } from './runtime/api/limits.ts';
import { headerPairs, type ModelLogins, originOf, reachesPrivate } from './runtime/api/open-model.ts';
import { CREDENTIAL_HEADERS } from './runtime/api/request/forwarded-headers.ts';
import type { Senders } from './runtime/api/senders.ts';
import { modelAccess, openModel } from './runtime/node/open-model.ts';
import { openSenders } from './runtime/node/senders.ts';
import { once } from './runtime/once.ts';
import { memoryTokenStore } from './runtime/secrets/token-store.ts';
import { printError } from './runtime/where-thrown.ts';
import { checkStandIn, openStandIn } from './stand-in.ts';

export type { OpenedApi } from './opened-api.ts';
export { PROXY_KINDS, type ProxyOptions } from './proxy-options.ts';
export { OptionError } from './runtime/options/option-error.ts';

const KEEP_AFTER_MS = 2_000;
const DOCUMENT_TIMEOUT_MS = 30_000;
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a document as a Provider: parse → map → runtime.
 *
 * @throws DocumentError if the document cannot be used, FilterError and OptionError if an option cannot
 */
export async function openApi(source: DocumentSource, options: ProxyOptions = {}): Promise<OpenedApi> {
  checkProxyOptions(options);
  checkStandIn(options);
  const { refreshMs: everyMs, onRefresh = () => {}, onRefreshError: onError = printError } = options;
  if (everyMs === undefined) return openOnce(source, options);
  const { refreshing } = await import('./refresh/refreshing.ts');
  // Callers stay connected.
  const tokenStore = tokenStoreOf(options);
  const open = () => openOnce(source, options, tokenStore);
  return followingApi(await refreshing(open, { everyMs, onRefresh, onError }));
}

/** What is made later holds on to the document and its bytes. Nothing else needs them. */
function releaseDocument({ operations }: ApiModel, files: readonly SourceFile[]): void {
  for (const { response } of operations) void response.pagination;
  for (const file of files) void file.hash;
}

function tokenStoreOf({ tokenStore = memoryTokenStore() }: ProxyOptions): ProxyOptions['tokenStore'] {
  return typeof tokenStore === 'function' ? once(tokenStore) : tokenStore;
}

async function openOnce(
  source: DocumentSource,
  options: ProxyOptions,
  tokenStore = options.tokenStore,
): Promise<OpenedApi> {
  const began = performance.now();
  const senders = openSenders(options);
  try {
    const loading = loadOptions(options, senders);
    const { keep, declarations, ...withoutDeclarations } = await loadModel(source, loading);
    const { files } = withoutDeclarations;
    const loaded = {
      ...withoutDeclarations,
      ...(options.declarations && declarations && { declarations }),
      hasChanged: () => hasChanged({ source, files, parse: loading.parse }),
    };
    const standIn = await openStandIn(loaded.model, options, declarations);
    // The first client is waiting for its list, which takes about as long as the model; writing the cache can wait.
    const keepAfterMs = Math.max(KEEP_AFTER_MS, performance.now() - began);
    setTimeout(() => {
      void keep();
      releaseDocument(loaded.model, files);
    }, keepAfterMs).unref();
    const close = async () => {
      await Promise.all([senders.close(), standIn.close(), keep()]);
    };
    if (standIn.offline) {
      const parts = { ...standIn, senders: { ...senders, close } };
      return {
        ...loaded,
        ...openModel(loaded.model, options, parts),
        notices: [...loaded.notices, ...standIn.notices],
      };
    }
    const logins = await loginsOf(loaded.model, options, senders);
    const { origins, notices } = await guardCredentials({
      ...modelAccess(loaded.model, options, logins),
      model: loaded.model,
      location: loaded.document.location,
      hasHeaders: headerPairs(options.headers).length > 0,
      named: namedOrigins(loaded.model, options),
      pinned: options.credentialsFor?.map(originOf),
      cacheDirectory: loading.cacheDirectory,
    });
    const guarded = { ...options, tokenStore, credentialsFor: origins };
    return {
      ...loaded,
      ...openModel(loaded.model, guarded, { senders: { ...senders, close }, logins, exchange: standIn.exchange }),
      notices: [
        ...loaded.notices,
        ...standIn.notices,
        ...notices,
        ...forwardNotices(options),
        ...storeNotices(options),
      ],
    };
  } catch (error) {
    await senders.close();
    throw error;
  }
}

/** Clients authenticate to this server with these headers, so the API sees credentials that are not meant for it. */
function forwardNotices({ forwardHeaders = [] }: ProxyOptions): readonly string[] {
  const shown = forwardHeaders.filter((name) => CREDENTIAL_HEADERS.has(name.toLowerCase()));
  return shown.map((name) => `The header ${name} of clients is sent to the API, with whatever credential it contains.`);
}

function storeNotices({ auth = {}, tokenStore }: ProxyOptions): readonly string[] {
  const isConnected = Object.values(auth).some((given) => typeof given === 'object' && 'connect' in given);
  if (!isConnected || tokenStore !== undefined) return [];
  return ['Accounts that callers connect are kept in memory: after a restart, callers connect them again.'];
}

/** Stored logins for the schemes that a person can log in for, unless there is a ready token. */
async function loginsOf(
  model: ApiModel,
  { logins, ...options }: ProxyOptions,
  senders: Senders,
): Promise<ModelLogins | undefined> {
  if (logins === undefined) return undefined;
  const { open, command = () => 'openapi-mcp auth login' } = logins;
  const { means, serverUrl } = modelAccess(model, options);
  const schemes = Object.entries(model.auth).flatMap(([name, scheme]) => {
    const kind = means.given?.has(name) ? 'given' : means.credentials[name]?.kind;
    return canLogIn(scheme) && (kind === undefined || kind === 'clientCredentials') ? [name] : [];
  });
  if (schemes.length === 0 || serverUrl === undefined) return { credentials: {}, command };
  const { openLogins } = await import('./open-logins.ts');
  const allowPrivate = reachesPrivate(model, options);
  const send = senders.api(allowPrivate);
  const timeoutMs = options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs;
  return {
    credentials: await openLogins(model, {
      logins: { open, command },
      schemes,
      serverUrl,
      send,
      allowPrivate,
      timeoutMs,
    }),
    command,
  };
}

/** Origins set by the user: the document's, and that of the base URL. */
function namedOrigins({ documentOrigin }: ApiModel, { baseUrl }: ProxyOptions): readonly string[] {
  const base = baseUrl !== undefined && URL.canParse(baseUrl) ? [new URL(baseUrl).origin] : [];
  return documentOrigin === undefined ? base : [...base, documentOrigin];
}

function loadOptions(options: ProxyOptions, senders: Senders): LoadOptions {
  return {
    parse: parseOptions(options, senders),
    overlays: options.overlays ?? [],
    map: mapOptions(options),
    cacheDirectory:
      // A cached model does not have what responses are made from.
      (options.cache ?? true) && !options.mock && !options.declarations
        ? cacheDirectory(options.environment ?? process.env, process.platform)
        : undefined,
  };
}

/** The options for reading the document. */
export function parseOptions(options: ProxyOptions, senders: Senders): LoadOptions['parse'] {
  return {
    send: senders.document,
    sendRedirected: (origin) => senders.redirected(origin, options.allowPrivate ?? false),
    sendRemoteRefs: options.allowRemoteRefs ? senders.publicOnly : undefined,
    headers: headerPairs(options.documentHeaders),
    timeoutMs: DOCUMENT_TIMEOUT_MS,
    maxBytes: MAX_DOCUMENT_BYTES,
    stdin: options.stdin,
    cached: undefined,
  };
}

/** The options that decide what is served. */
export function mapOptions(options: ProxyOptions): MapOptions {
  return {
    name: options.name,
    names: options.names ?? NAMES.default,
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    routes: options.routes ?? [],
    readOnly: options.readOnly ?? false,
    trustHints: options.trustHints ?? false,
    getAs: options.getAs ?? GET_AS.default,
    profile: options.profile ?? PROFILE_NAMES.default,
    answerSchemas: options.answerSchemas ?? (options.search ? 'all' : ANSWER_SCHEMAS.default),
    search: options.search ?? false,
    pagination: options.pagination ?? {},
    outputSchemas: options.outputSchemas ?? OUTPUT_SCHEMAS.default,
  };
}
