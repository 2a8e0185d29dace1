import type { Declarations } from './compile.ts';
import { guardCredentials } from './guard-credentials.ts';
import { hasChanged } from './has-changed.ts';
import { type Loaded, type LoadOptions, loadModel } from './load-model.ts';
import {
  ANSWER_SCHEMAS,
  GET_AS,
  type GetAs,
  MOCK_SEED,
  MOCK_STATUS,
  NAMES,
  OUTPUT_SCHEMAS,
  PROFILE_NAMES,
  type ProfileName,
} from './map/choices.ts';
import type { MapOptions } from './map/options.ts';
import { settingProblem } from './map/paging/setting.ts';
import type { ApiModel } from './model/index.ts';
import { cacheDirectory } from './model-cache.ts';
import type { LoginsOption } from './open-logins.ts';
import type { DocumentSource } from './parse/source.ts';
import type { Problem } from './problems.ts';
import { canLogIn } from './runtime/api/auth/satisfied.ts';
import { DEFAULT_LIMITS } from './runtime/api/limits.ts';
import {
  type GivenHeaders,
  headerPairs,
  MODEL_HINTS,
  MODEL_KINDS,
  type ModelLogins,
  type ModelOptions,
  type OpenedModel,
  originOf,
  reachesPrivate,
} from './runtime/api/open-model.ts';
import { CREDENTIAL_HEADERS } from './runtime/api/request/forwarded-headers.ts';
import type { Senders } from './runtime/api/senders.ts';
import { isRecord } from './runtime/is-record.ts';
import { modelAccess, openModel } from './runtime/node/open-model.ts';
import { openSenders } from './runtime/node/senders.ts';
import { declareOptions } from './runtime/options/declare-options.ts';
import {
  anything,
  choice,
  headers,
  number,
  type OptionKind,
  type OptionKinds,
  onOff,
  text,
  texts,
} from './runtime/options/option-kinds.ts';
import { placeWithin } from './runtime/text/place-within.ts';

import { checkStandIn, openStandIn, type StandInOptions } from './stand-in.ts';

export { OptionError } from './runtime/options/option-error.ts';

/** The options for serving a document. Every field is optional. */
export interface ProxyOptions extends ModelOptions, StandInOptions {
  /** Name of the API. Default: derived from the title. */
  readonly name?: string;

  /**
   * `clean` (default): tool names without what frameworks add to an operationId, `list_todos` for
   * `list_todos_todos_get`. `document`: keeps every operationId.
   */
  readonly names?: MapOptions['names'];

  // Which operations to serve, and how
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** `<filter> => tool|resource|both|exclude` */
  readonly routes?: readonly string[];
  readonly readOnly?: boolean;
  /**
   * Whether `x-mcp` annotations also apply if they make an operation look safer than its method: only for documents
   * that you own. Default false.
   */
  readonly trustHints?: boolean;
  /** Default `both`. */
  readonly getAs?: GetAs;
  /**
   * Which responses have exact schemas in the model: those that may be listed (default), or all, for types and mock
   * responses.
   */
  readonly answerSchemas?: MapOptions['answerSchemas'];
  /**
   * Prepares the model for `searchTools()`, and caches what it needs: the first search is faster, and finds more by what
   * responses contain. Default false.
   */
  readonly search?: boolean;
  /** The provider whose rules tool schemas are compiled to. Default `generic`. */
  readonly profile?: ProfileName;
  /** Default `auto`. */
  readonly outputSchemas?: MapOptions['outputSchemas'];
  /**
   * How the pages of operations are reached, by tool name or operationId, where the document does not say it, or not
   * correctly; `false`: not at all.
   */
  readonly pagination?: MapOptions['pagination'];

  /** Where the logins of the person who runs this are found. Default: logins are not used. */
  readonly logins?: LoginsOption;

  // How to read the document
  /** Sent to the document's own origin only. */
  readonly documentHeaders?: GivenHeaders;
  /** Paths or URLs of OpenAPI Overlays, applied in this order before anything else. */
  readonly overlays?: readonly string[];
  /** Caches the model in the user's cache folder, for a fast next start. Default true. */
  readonly cache?: boolean;
  /**
   * Keeps what the document declares about responses, for `openapi-mcp check`. The model cache is then not used.
   * Default false.
   */
  readonly declarations?: boolean;
  /** Fetches references to other hosts, but never at private addresses. */
  readonly allowRemoteRefs?: boolean;
  /** The stream to read for `-`. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

const PAGINATION_SETTINGS = {
  expected: 'an object: tool or operationId → false, or how its pages are reached',
  fits: isRecord,
  inside(value: unknown, check: (name: string, part: unknown, kind: OptionKind) => void) {
    for (const [name, setting] of Object.entries(isRecord(value) ? value : {})) {
      const problem = settingProblem(setting);
      const expected = `a pagination setting; this one ${problem}`;
      check(placeWithin('pagination', name).slice('pagination'.length), setting, {
        expected,
        fits: () => problem === undefined,
      });
    }
  },
};

/** The type of each option. */
export const PROXY_KINDS: OptionKinds<ProxyOptions> = {
  ...MODEL_KINDS,
  name: text,
  names: choice(NAMES.choices),
  include: texts,
  exclude: texts,
  routes: texts,
  readOnly: onOff,
  trustHints: onOff,
  getAs: choice(GET_AS.choices),
  answerSchemas: choice(ANSWER_SCHEMAS.choices),
  search: onOff,
  profile: choice(PROFILE_NAMES.choices),
  outputSchemas: choice(OUTPUT_SCHEMAS.choices),
  pagination: PAGINATION_SETTINGS,
  logins: anything,
  documentHeaders: headers,
  overlays: texts,
  cache: onOff,
  declarations: onOff,
  allowRemoteRefs: onOff,
  stdin: anything,
  mock: onOff,
  mockSeed: number(MOCK_SEED.number),
  mockStatus: number(MOCK_STATUS.number),
  record: text,
  replay: text,
};
const checked = declareOptions<ProxyOptions>('openApi()', PROXY_KINDS, { hints: MODEL_HINTS });

/** A document that is ready to be served. */
export interface OpenedApi extends OpenedModel {
  readonly model: ApiModel;
  readonly document: Loaded['document'];
  readonly problems: readonly Problem[];
  /** Notices for the user that are not problems of the document. */
  readonly notices: readonly string[];
  /** Number of operations in the document, and how many of them the filters excluded. */
  readonly found: number;
  readonly filtered: number;
  /** Every file that was read, the document first: absolute paths and URLs. */
  readonly files: Loaded['files'];
  /**
   * Whether one of them differs from what was read.
   *
   * @throws DocumentError if a document on the network cannot be fetched
   */
  hasChanged(): Promise<boolean>;
  /** With the option `declarations`. */
  readonly declarations?: Declarations;
}

const KEEP_AFTER_MS = 2_000;
const DOCUMENT_TIMEOUT_MS = 30_000;
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a document as a Provider: parse → map → runtime.
 *
 * @throws DocumentError if the document cannot be used, FilterError and OptionError if an option cannot
 */
export async function openApi(source: DocumentSource, options: ProxyOptions = {}): Promise<OpenedApi> {
  checked(options);
  checkStandIn(options);
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
    // The first client is waiting for its list; writing the cache can wait.
    setTimeout(keep, KEEP_AFTER_MS).unref();
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
    const guarded = { ...options, credentialsFor: origins };
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
