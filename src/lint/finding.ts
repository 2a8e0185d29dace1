import type { Problem } from '../problems.ts';

/**
 * `error`: an operation is not served. `warning`: something is wrong, or will not work. `advice`: a model would do
 * better.
 */
export type FindingSeverity = 'error' | 'warning' | 'advice';
export const SEVERITIES: readonly FindingSeverity[] = ['error', 'warning', 'advice'];

/** Something to fix in a document, found by a rule. */
export interface Finding {
  /** The id of a lint rule (`missing-description`), or a problem code (`UNRESOLVED_REF`). */
  readonly rule: string;
  readonly severity: FindingSeverity;
  /** JSON pointer into the user's own file, as in a problem. */
  readonly pointer: string;
  readonly message: string;
  /** As in the problem. */
  readonly data?: Problem['data'];
}

/** The information that all findings of a rule share. */
export interface RuleInfo {
  readonly id: string;
  readonly severity: FindingSeverity;
  /** What is wrong, in a sentence. */
  readonly summary: string;
  readonly fix: string;
}
