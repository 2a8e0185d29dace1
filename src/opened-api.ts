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
  return {
    provider,
    get model() {
      return current().model;
    },
    get document() {
      return current().document;
    },
    get problems() {
      return current().problems;
    },
    get notices() {
      return current().notices;
    },
    get found() {
      return current().found;
    },
    get filtered() {
      return current().filtered;
    },
    get files() {
      return current().files;
    },
    get credentials() {
      return current().credentials;
    },
    get serverUrl() {
      return current().serverUrl;
    },
    get serverProblem() {
      return current().serverProblem;
    },
    get origins() {
      return current().origins;
    },
    get issuers() {
      return current().issuers;
    },
    get declarations() {
      return current().declarations;
    },
    hasChanged: () => current().hasChanged(),
    performing: () => current().performing(),
    secrets: () => current().secrets(),
  };
}
