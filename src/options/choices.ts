// Options of the command line with a fixed set of values: the values and the default, for types, flags and config keys.

export const LOG_LEVELS = { choices: ['debug', 'info', 'warning', 'error'], default: 'info' } as const;
export type LogLevel = (typeof LOG_LEVELS.choices)[number];

export const LINT_FORMATS = { choices: ['text', 'json', 'sarif'], default: 'text' } as const;

export const GRAPH_FORMATS = { choices: ['dot', 'mermaid'] } as const;
export type GraphFormat = (typeof GRAPH_FORMATS.choices)[number];

/** Which changes make `diff` fail. */
export const FAIL_ON = { choices: ['breaking', 'any', 'none'], default: 'breaking' } as const;

/** Where the key of stored logins is. */
export const TOKEN_STORES = { choices: ['keychain', 'file', 'memory'] } as const;
export type TokenStoreName = (typeof TOKEN_STORES.choices)[number];

/** What `--runtime` may be; `--full` is its own flag. */
export const RUNTIMES = { choices: ['copy', 'package'] } as const;

/** How many requests `check` sends. */
export const MAX_CALLS = { default: 100, number: { min: 1, max: 100_000, whole: true } } as const;
