import { failedWith, readFailed } from '../errors.ts';
import { type Outcome, withOutcome } from '../outcome.ts';
import type { ToolResult } from '../provider.ts';
import type { Call } from './middleware.ts';

/**
 * The result of a rejected call: an `isError` result for a tool call.
 *
 * @throws ProviderError `READ_FAILED` for anything else, which has no such result
 */
export function refused(call: Call, message: string, outcome: Outcome | undefined): ToolResult {
  if (call.method !== 'tools/call') throw withOutcome(readFailed(message), outcome);
  return failedWith(message, outcome);
}
