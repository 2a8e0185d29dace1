// The values that options of the map stage may have: for types, flags, config keys, checks and documentation alike.
// Nothing else is here, so that a command line can import it without the stage.

/** Whose rules tool schemas are compiled to. Each has a file in `profiles/`. */
export const PROFILE_NAMES = ['generic', 'claude', 'openai', 'gemini', 'bedrock', 'cursor'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** What a GET becomes. */
export const GET_AS = ['both', 'tool', 'resource'] as const;
export type GetAs = (typeof GET_AS)[number];

/** `clean`: tool names without what frameworks put around an operationId; `document`: every operationId as it is. */
export const NAMES = ['clean', 'document'] as const;
export type Names = (typeof NAMES)[number];

/** `auto`: each of at most 2 kB, while all together stay under 64 kB or 15 % of the list, whichever is more. */
export const OUTPUT_SCHEMAS = ['auto', 'always', 'never'] as const;
export type OutputSchemas = (typeof OUTPUT_SCHEMAS)[number];

/** How tools are listed; `auto`: the first of the others whose list fits into the budget. */
export const LIST_MODES = ['tools', 'compact', 'signature', 'search', 'auto'] as const;
export type ListMode = (typeof LIST_MODES)[number];

/**
 * `all`: the model holds the exact schema of every response, as types and mock responses need it. `listed`: only of
 * responses whose schema may be listed, which is all that serving needs.
 */
export const ANSWER_SCHEMAS = ['listed', 'all'] as const;
export type AnswerSchemas = (typeof ANSWER_SCHEMAS)[number];
