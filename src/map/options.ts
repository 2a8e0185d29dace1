import {
  type AnswerSchemas,
  GET_AS,
  type GetAs,
  NAMES,
  type Names,
  OUTPUT_SCHEMAS,
  type OutputSchemas,
  PROFILE_NAMES,
  type ProfileName,
} from './choices.ts';

import type { PaginationSettings } from './paging/settings.ts';

export type { GetAs } from './choices.ts';

/** The user's choices: which operations are served, and how. Complete: `proxy.ts` fills in the defaults. */
export interface MapOptions {
  /** Name of the API; `undefined`: derived from its title. */
  readonly name: string | undefined;
  readonly names: Names;
  /** Filters. An operation is served if any of them matches, or if there are none. */
  readonly include: readonly string[];
  /** Filters. An operation that any of them matches is excluded. Overrides `include`. */
  readonly exclude: readonly string[];
  /** `<filter> => tool|resource|both|exclude`; the first match wins. */
  readonly routes: readonly string[];
  /** Only operations that do not change anything: GET, HEAD, OPTIONS, TRACE, QUERY. */
  readonly readOnly: boolean;
  /** Whether `x-mcp` annotations also apply if they make an operation look safer than its method. */
  readonly trustHints: boolean;
  /** How a GET is served unless a route matches it. */
  readonly getAs: GetAs;
  /** The provider whose rules tool schemas are compiled to. */
  readonly profile: ProfileName;
  readonly outputSchemas: OutputSchemas;
  readonly answerSchemas: AnswerSchemas;
  /** Whether the model holds what search needs. */
  readonly search: boolean;
  /** How the pages of operations are reached, where the document does not say it, or not correctly. */
  readonly pagination: PaginationSettings;
}

export const DEFAULT_MAP_OPTIONS: MapOptions = {
  name: undefined,
  names: NAMES.default,
  include: [],
  exclude: [],
  routes: [],
  readOnly: false,
  trustHints: false,
  getAs: GET_AS.default,
  profile: PROFILE_NAMES.default,
  outputSchemas: OUTPUT_SCHEMAS.default,
  answerSchemas: 'all',
  search: false,
  pagination: {},
};
