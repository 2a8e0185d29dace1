/**
 * Where the runtime of a project comes from. `copy`: the files that the project needs, below `src/runtime`. `full`: all
 * files. `package`: openapi-mcp is a dependency.
 */
export type RuntimeKind = 'copy' | 'full' | 'package';

export const isRuntimeKind = (value: unknown): value is RuntimeKind =>
  value === 'copy' || value === 'full' || value === 'package';

/** The default: a project that can be installed from the public registry alone. */
export const DEFAULT_RUNTIME: RuntimeKind = 'copy';
