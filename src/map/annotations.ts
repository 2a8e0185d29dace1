import type { ToolAnnotations } from '../model/index.ts';
import { isSafeMethod } from './select.ts';

/**
 * What a method promises (RFC 9110 §9.2): safe methods only read; PUT and DELETE may be repeated without further effect.
 * Hints that are the protocol's own defaults are left unsaid where that is no loss: `openWorldHint: true` (an API is an
 * open world) and `idempotentHint: false`. MCP: `destructiveHint: false` would promise that nothing is overwritten or
 * removed; no unsafe method promises that.
 */
export function annotationsOf(method: string): ToolAnnotations {
  if (isSafeMethod(method)) return { readOnlyHint: true };
  const idempotent = method === 'PUT' || method === 'DELETE';
  return { readOnlyHint: false, destructiveHint: true, ...(idempotent && { idempotentHint: true }) };
}
