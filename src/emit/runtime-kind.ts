/**
 * Where the runtime of a project comes from. `copy`: the files that the project needs, below `src/runtime`. `full`: all
 * of them. `package`: openapi-mcp is a dependency.
 */
export type RuntimeKind = 'copy' | 'full' | 'package';

export const isRuntimeKind = (value: unknown): value is RuntimeKind =>
  value === 'copy' || value === 'full' || value === 'package';

/** Unless the user says otherwise: a project that installs from the public registry alone. */
export const DEFAULT_RUNTIME: RuntimeKind = 'copy';
