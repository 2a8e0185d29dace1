// Options of the map stage with a fixed set of values: the values and the default, for types, flags, config keys, checks
// and documentation. This file contains nothing else, so that the command line can import it without the stage.

import type { PaginationKind } from '../model/index.ts';

/** The model provider whose rules tool schemas are compiled to. Each has a file in `profiles/`. */
export const PROFILE_NAMES = {
  choices: ['generic', 'claude', 'openai', 'gemini', 'bedrock', 'cursor'],
  default: 'generic',
} as const;
export type ProfileName = (typeof PROFILE_NAMES.choices)[number];

/** How a GET operation is served. */
export const GET_AS = { choices: ['both', 'tool', 'resource'], default: 'both' } as const;
export type GetAs = (typeof GET_AS.choices)[number];

/** `clean`: tool names without what frameworks add to an operationId; `document`: every operationId unchanged. */
export const NAMES = { choices: ['clean', 'document'], default: 'clean' } as const;
export type Names = (typeof NAMES.choices)[number];

/** `auto`: at most 2 kB each, and 64 kB or 15 % of the list in total, whichever is more. */
export const OUTPUT_SCHEMAS = { choices: ['auto', 'always', 'never'], default: 'auto' } as const;
export type OutputSchemas = (typeof OUTPUT_SCHEMAS.choices)[number];

/**
 * `all`: the model has the exact schema of every response, which types and mock responses require. `listed`: only of
 * responses whose schema may be listed, which is enough for serving.
 */
export const ANSWER_SCHEMAS = { choices: ['listed', 'all'], default: 'listed' } as const;
export type AnswerSchemas = (typeof ANSWER_SCHEMAS.choices)[number];

/** What varies the values of made-up responses. */
export const MOCK_SEED = { default: 1, number: { min: 0, max: 1_000_000_000, whole: true } } as const;

/** The status of made-up responses. */
export const MOCK_STATUS = { number: { min: 200, max: 599, whole: true } } as const;

/** How pages are reached. */
export const PAGINATION_KINDS = [
  'nextUrl',
  'token',
  'lastItem',
  'link',
  'page',
  'offset',
] as const satisfies readonly PaginationKind[];
