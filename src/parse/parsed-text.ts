import type { Problem } from '../problems.ts';

/** The value of a JSON or YAML text. */
export interface ParsedText {
  /** As in JSON: keys and timestamps are strings. Parts may be shared (YAML aliases), but never circular. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}
