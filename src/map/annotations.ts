import type { Origin, ToolAnnotations } from '../model/index.ts';
import { changingVerb } from './changing-verb.ts';
import { isSafeMethod } from './select.ts';

/**
 * Hints derived from a method (RFC 9110 §9.2): safe methods only read, unless the operation's name says that it changes
 * something; PUT and DELETE are idempotent.
 *
 * Hints that equal the protocol's defaults are omitted if nothing is lost: `openWorldHint: true` (an API is an open
 * world) and `idempotentHint: false`. `destructiveHint: false` is never set: it would promise that nothing is
 * overwritten or removed, and no unsafe method promises that (MCP, ToolAnnotations).
 */
export function annotationsOf(origin: Origin): ToolAnnotations {
  if (isSafeMethod(origin.method) && changingVerb(origin) === undefined) return READS;
  return origin.method === 'put' || origin.method === 'delete' ? CHANGES_ONCE : CHANGES;
}

// The same objects for all tools.
const READS: ToolAnnotations = { readOnlyHint: true };
const CHANGES: ToolAnnotations = { readOnlyHint: false, destructiveHint: true };
const CHANGES_ONCE: ToolAnnotations = { ...CHANGES, idempotentHint: true };

/** The hints in the document for one operation, and those that are not trusted. */
export interface SettledHints {
  readonly annotations: ToolAnnotations;
  /** `readOnlyHint: true` … */
  readonly ignored: readonly string[];
}

/**
 * The hints of the method combined with those of the document. Guards such as `readOnly()` and `confirm()` rely on
 * them, and the author of a document is not the operator of the server. So on an unsafe method a hint may make guards
 * stricter but never looser, unless the operator trusts the document.
 */
export function settleHints(origin: Origin, hints: ToolAnnotations | undefined, trusted: boolean): SettledHints {
  const implied = annotationsOf(origin);
  if (hints === undefined) return { annotations: implied, ignored: [] };
  const promised: Readonly<Record<string, unknown>> = { ...implied };
  const isIgnored = ([hint, value]: [string, unknown]): boolean =>
    !trusted && !isSafeMethod(origin.method) && LOOSENING.get(hint) === value && promised[hint] !== value;
  const entries = Object.entries(hints);
  return {
    annotations: { ...implied, ...Object.fromEntries(entries.filter((entry) => !isIgnored(entry))) },
    ignored: entries.filter(isIgnored).map(([hint, value]) => `${hint}: ${value}`),
  };
}

const LOOSENING: ReadonlyMap<string, unknown> = new Map([
  ['readOnlyHint', true],
  ['destructiveHint', false],
  ['idempotentHint', true],
  ['openWorldHint', false],
]);
