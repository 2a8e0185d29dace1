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
import type { LoginsOption } from './open-logins.ts';
import type { OpenedApi } from './opened-api.ts';
import type { Refresh } from './refresh/refreshing.ts';
import { type GivenHeaders, MODEL_HINTS, MODEL_KINDS, type ModelOptions } from './runtime/api/open-model.ts';
import { isRecord } from './runtime/is-record.ts';
import { declareOptions } from './runtime/options/declare-options.ts';
import {
  anything,
  choice,
  func,
  headers,
  number,
  type OptionKind,
  type OptionKinds,
  onOff,
  text,
  texts,
} from './runtime/options/option-kinds.ts';
import { placeWithin } from './runtime/text/place-within.ts';
import type { StandInOptions } from './stand-in.ts';

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
  /**
   * How often, in milliseconds, to ask whether the document has changed; it is then opened again, and served if it can
   * be. Calls that are running end as they began, and clients are notified which lists differ. Default: never.
   */
  readonly refreshMs?: number;
  /** Called after a changed document is served. */
  readonly onRefresh?: (refresh: Refresh<OpenedApi>) => void;
  /**
   * Receives the reason why a document cannot be refreshed, once for each reason; the last version that worked is served
   * on. Default: it is printed to stderr.
   */
  readonly onRefreshError?: (error: Error) => void;
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
  refreshMs: number({ min: 1, max: 2_147_483_647 }),
  onRefresh: func,
  onRefreshError: func,
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
export const checkProxyOptions = declareOptions<ProxyOptions>('openApi()', PROXY_KINDS, { hints: MODEL_HINTS });
