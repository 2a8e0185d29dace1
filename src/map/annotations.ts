import type { ToolAnnotations } from '../model/index.ts';
import { isSafeMethod } from './select.ts';

/** What a method promises (RFC 9110 §9.2): safe methods only read; PUT and DELETE may be repeated without further effect. */
export function annotationsOf(method: string): ToolAnnotations {
  if (isSafeMethod(method)) return { readOnlyHint: true, openWorldHint: true };
  const idempotent = method === 'PUT' || method === 'DELETE';
  // MCP: `destructiveHint: false` would promise that nothing is overwritten or removed; no unsafe method promises that.
  return { readOnlyHint: false, destructiveHint: true, idempotentHint: idempotent, openWorldHint: true };
}
