import { guardCredentials } from './guard-credentials.ts';
import { type Loaded, type LoadOptions, loadModel } from './load-model.ts';
import {
  ANSWER_SCHEMAS,
  GET_AS,
  type GetAs,
  NAMES,
  OUTPUT_SCHEMAS,
  PROFILE_NAMES,
  type ProfileName,
} from './map/choices.ts';
import type { MapOptions } from './map/options.ts';
import type { ApiModel } from './model/index.ts';
import { cacheDirectory } from './model-cache.ts';
import type { DocumentSource } from './parse/source.ts';
import type { Problem } from './problems.ts';
import {
  type GivenHeaders,
  headerPairs,
  MODEL_HINTS,
  MODEL_KINDS,
  type ModelOptions,
  modelAccess,
  type OpenedModel,
  openModel,
  originOf,
} from './runtime/node/open-model.ts';
import { openSenders, type Senders } from './runtime/node/senders.ts';
import { declareOptions } from './runtime/options/declare-options.ts';
import { anything, choice, headers, onOff, text, texts } from './runtime/options/option-kinds.ts';

export { OptionError } from './runtime/options/option-error.ts';

/** What a user may say about serving a document. Every field is optional. */
export interface ProxyOptions extends ModelOptions {
  /** Name of the API; default: made from the title. */
  readonly name?: string;

  /**
   * `clean` (default): tool names without what frameworks put around an operationId, `list_todos` for
   * `list_todos_todos_get`. `document`: every operationId as it is.
   */
  readonly names?: MapOptions['names'];

  // Which operations, and as what
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** `<filter> => tool|resource|both|exclude` */
  readonly routes?: readonly string[];
  readonly readOnly?: boolean;
  /**
   * Whether `x-mcp` annotations count also where they make an operation look safer than its method: for a document of
   * your own. Default false.
   */
  readonly trustHints?: boolean;
  /** Default `both`. */
  readonly getAs?: GetAs;
  /** Which answers' exact schemas the model holds: what may be listed (default), or all, for types and mock answers. */
  readonly answerSchemas?: MapOptions['answerSchemas'];
  /** Whose rules tool schemas are compiled to. Default `generic`. */
  readonly profile?: ProfileName;
  /** Default `auto`. */
  readonly outputSchemas?: MapOptions['outputSchemas'];

  // How the document is read
  /** Sent to the document's own origin only. */
  readonly documentHeaders?: GivenHeaders;
  /** Paths or URLs of OpenAPI Overlays, applied in this order before anything else. */
  readonly overlays?: readonly string[];
  /** Keeps settled models in the user's cache folder, so that the next start is fast. Default true. */
  readonly cache?: boolean;
  /** Fetches references to other hosts, never at private addresses. */
  readonly allowRemoteRefs?: boolean;
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

const checked = declareOptions<ProxyOptions>(
  'openApi()',
  {
    ...MODEL_KINDS,
    name: text,
    names: choice(NAMES),
    include: texts,
    exclude: texts,
    routes: texts,
    readOnly: onOff,
    trustHints: onOff,
    getAs: choice(GET_AS),
    answerSchemas: choice(ANSWER_SCHEMAS),
    profile: choice(PROFILE_NAMES),
    outputSchemas: choice(OUTPUT_SCHEMAS),
    documentHeaders: headers,
    overlays: texts,
    cache: onOff,
    allowRemoteRefs: onOff,
    stdin: anything,
  },
  { hints: MODEL_HINTS },
);

/** A document that is ready to be served. */
export interface OpenedApi extends OpenedModel {
  readonly model: ApiModel;
  readonly document: Loaded['document'];
  readonly problems: readonly Problem[];
  /** Things to tell the user that are no problems of the document. */
  readonly notices: readonly string[];
  /** Operations of the document, and how many of them the filters left out. */
  readonly found: number;
  readonly filtered: number;
}

const KEEP_AFTER_MS = 2_000;
const DOCUMENT_TIMEOUT_MS = 30_000;
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a document as a Provider: parse → map → runtime.
 *
 * @throws DocumentError where the document cannot be used, FilterError and OptionError where an option cannot.
 */
export async function openApi(source: DocumentSource, options: ProxyOptions = {}): Promise<OpenedApi> {
  checked(options);
  const senders = openSenders(options);
  try {
    const loading = loadOptions(options, senders);
    const { keep, ...loaded } = await loadModel(source, loading);
    // The first client waits for its list now; the next start can wait for its cache.
    setTimeout(keep, KEEP_AFTER_MS).unref();
    const close = async () => {
      await Promise.all([senders.close(), keep()]);
    };
    const { origins, notices } = await guardCredentials({
      ...modelAccess(loaded.model, options),
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
      ...openModel(loaded.model, guarded, { senders: { ...senders, close } }),
      notices: [...loaded.notices, ...notices],
    };
  } catch (error) {
    await senders.close();
    throw error;
  }
}

/** Origins that the user named: where the document is, and where requests are to go. */
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
      (options.cache ?? true) ? cacheDirectory(options.environment ?? process.env, process.platform) : undefined,
  };
}

/** How the document is read, from the user's options. */
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

/** What is served, from the user's options. */
export function mapOptions(options: ProxyOptions): MapOptions {
  return {
    name: options.name,
    names: options.names ?? 'clean',
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    routes: options.routes ?? [],
    readOnly: options.readOnly ?? false,
    trustHints: options.trustHints ?? false,
    getAs: options.getAs ?? 'both',
    profile: options.profile ?? 'generic',
    answerSchemas: options.answerSchemas ?? 'listed',
    outputSchemas: options.outputSchemas ?? 'auto',
  };
}
