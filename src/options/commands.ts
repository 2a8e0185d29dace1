// The commands that an option may belong to, by what they do.

/** Call a target, as an MCP client does. */
const CALLING = ['call', 'list', 'read', 'prompt'] as const;
/** Serve a document, or write what comes of it. */
const MAKING = ['run', 'dev', 'inspect', 'diff', 'generate', 'init', 'install', 'pack'] as const;
/** Read an OpenAPI document. */
export const READING = [...MAKING, 'lint', 'check', ...CALLING] as const;
/** Read one, and need to know which server its requests go to. */
export const EVERY = [...MAKING, 'check', ...CALLING] as const;
/** Give results to a client. */
export const RESULTS = ['run', 'dev', 'init', 'install', 'pack', ...CALLING] as const;
/** Send requests to the API. */
export const OPENING = [...RESULTS, 'check'] as const;
/** Can answer without the API, or record it. */
export const STAND_IN = ['run', 'dev', 'call', 'read'] as const;
export const RUN = ['run'] as const;
/** Serve MCP clients. */
export const SERVING = ['run', 'dev'] as const;
export const DEV = ['dev'] as const;
export const GENERATE = ['generate'] as const;
export const LINT = ['lint'] as const;

export const LOGIN = ['auth login'] as const;
export const LOGOUT = ['auth logout'] as const;

/** Work with the logins of a person. */
export const AUTH = ['auth login', 'auth status', 'auth logout'] as const;

export type CommandName =
  | (typeof READING)[number]
  | (typeof AUTH)[number]
  | 'uninstall'
  | 'discover'
  | 'completion'
  | 'eject'
  | 'explain';
