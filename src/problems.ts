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
  OVERLAY_UNMATCHED: {
    severity: 'warning',
    cause: 'The target (or copy) of an overlay action selects nothing in the document, so the action changed nothing.',
    fix: 'Correct the JSONPath, or remove the action.',
  },
  OVERLAY_BAD_ACTION: {
    severity: 'error',
    cause: 'An overlay action is malformed, or cannot be applied to what its target selects.',
    fix: 'Give the action one of update, copy (Overlay 1.1) or remove: true, with a value of the same kind as its target.',
  },
  OVERLAY_BAD_PATH: {
    severity: 'error',
    cause: 'The target (or copy) of an overlay action is not a JSONPath query of RFC 9535.',
    fix: "Correct the JSONPath: names with other characters than letters, digits and _ are quoted, as in $.paths['/pets'].get.",
  },
  OVERLAY_UNSUPPORTED_VERSION: {
    severity: 'error',
    cause: 'The file is not an overlay of OpenAPI Overlay 1.0 or 1.1, so none of it was applied.',
    fix: 'Start the file with "overlay: 1.1.0" and hold to that version.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export function problem(code: ProblemCode, pointer: string, message: string): Problem {
  return { code, severity: PROBLEMS[code].severity, pointer, message };
}
