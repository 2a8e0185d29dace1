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

export type { GetAs } from './choices.ts';

/** What the user chose about which operations are served, and as what. Complete: defaults are filled in `compile.ts`. */
export interface MapOptions {
  /** Name of the API; `undefined`: made from the title. */
  readonly name: string | undefined;
  readonly names: Names;
  /** Filters; an operation is served when one matches, or when there are none. */
  readonly include: readonly string[];
  /** Filters; an operation that one matches is not served. Beats `include`. */
  readonly exclude: readonly string[];
  /** `<filter> => tool|resource|both|exclude`; the first match wins. */
  readonly routes: readonly string[];
  /** Only operations that do not change anything: GET, HEAD, OPTIONS, TRACE, QUERY. */
  readonly readOnly: boolean;
  /** Whether `x-mcp` annotations count also where they make an operation look safer than its method. */
  readonly trustHints: boolean;
  /** What a GET becomes where no route says so. */
  readonly getAs: GetAs;
  /** Whose rules tool schemas are compiled to. */
  readonly profile: ProfileName;
  readonly outputSchemas: OutputSchemas;
  readonly answerSchemas: AnswerSchemas;
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
};
