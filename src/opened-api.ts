import type { Declarations } from './compile.ts';
import type { Loaded } from './load-model.ts';
import type { ApiModel } from './model/index.ts';
import type { Problem } from './problems.ts';
import type { Refreshing } from './refresh/refreshing.ts';
import type { OpenedModel } from './runtime/api/open-model.ts';

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
  readonly declarations?: Declarations | undefined;
}

/** What is known of a document that is refreshed is always that of its current version. */
export function followingApi({ provider, current }: Refreshing<OpenedApi>): OpenedApi {
  const getters = FOLLOWED_KEYS.map((key) => [key, { enumerable: true, get: () => current()[key] }]);
  const api = {
    provider,
    hasChanged: () => current().hasChanged(),
    performing: () => current().performing(),
    secretSources: () => current().secretSources(),
  };
  // With a getter for everything else.
  return Object.defineProperties(api, Object.fromEntries(getters)) as OpenedApi;
}

type Followed = Exclude<keyof OpenedApi, 'provider' | 'hasChanged' | 'performing' | 'secretSources'>;

const FOLLOWED: Readonly<Record<Followed, true>> = {
  model: true,
  document: true,
  problems: true,
  notices: true,
  found: true,
  filtered: true,
  files: true,
  credentials: true,
  serverUrl: true,
  serverProblem: true,
  origins: true,
  issuers: true,
  declarations: true,
};
const FOLLOWED_KEYS = Object.keys(FOLLOWED) as readonly Followed[];
