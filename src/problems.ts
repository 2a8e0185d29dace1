/**
 * Problems concern the document: collected, reported together, never thrown. Each has a code of this catalogue, a JSON
 * pointer into the user's own file, and a message in the reader's words.
 */
export type Severity = 'error' | 'warning' | 'info';

export interface ProblemKind {
  /** `error`: something of the document cannot be served. `warning`: served, with an assumption. `info`: good to know. */
  readonly severity: Severity;
  readonly cause: string;
  readonly fix: string;
}

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901, URI fragment form) into the document: `#/paths/~1pets/get`; `other.yaml#/Pet` in a further file. */
  readonly pointer: string;
  readonly message: string;
  /** True where the problem cost the operation at `operation`. */
  readonly operation?: string;
}

export const PROBLEMS = {
  UNRESOLVED_REF: {
    severity: 'warning',
    cause: 'A $ref points to something that does not exist.',
    fix: 'Correct the reference, or add what it points to.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export function problem(code: ProblemCode, pointer: string, message: string): Problem {
  return { code, severity: PROBLEMS[code].severity, pointer, message };
}
