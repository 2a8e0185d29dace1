import type { ProfileName } from './profiles/index.ts';

/** What the user chose about which operations are served, and as what. Complete: defaults are filled in `compile.ts`. */
export interface MapOptions {
  /** Name of the API; `undefined`: made from the title. */
  readonly name: string | undefined;
  /** `clean`: tool names without what frameworks put around an operationId; `document`: every operationId as it is. */
  readonly names: 'clean' | 'document';
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
  /** `auto`: each of at most 2 kB, while all together stay under 64 kB or 15 % of the list, whichever is more. */
  readonly outputSchemas: 'auto' | 'always' | 'never';
  /**
   * `all`: the model holds the exact schema of every answer, as types and mock answers need it. `listed`: only of answers
   * whose schema may be listed, which is all that serving needs.
   */
  readonly answerSchemas: 'all' | 'listed';
}

export type GetAs = 'both' | 'tool' | 'resource';

export const DEFAULT_MAP_OPTIONS: MapOptions = {
  name: undefined,
  names: 'clean',
  include: [],
  exclude: [],
  routes: [],
  readOnly: false,
  trustHints: false,
  getAs: 'both',
  profile: 'generic',
  outputSchemas: 'auto',
  answerSchemas: 'all',
};
