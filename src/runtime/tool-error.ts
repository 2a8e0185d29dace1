import { withOutcome } from './outcome.ts';

/**
 * An error that a handler or a middleware throws on purpose: its message always reaches the model, also where the
 * details of other errors are masked.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** Errors are told by `code`, never by class: an emitted project brings its own copy of this one. */
  readonly code = 'TOOL_ERROR';
}

/** What is to be asked cannot be, because the client has not declared `capability`. */
export function missingCapability(capability: 'elicitation' | 'sampling', message: string): ToolError {
  return withOutcome(new ToolError(message), { error: 'MISSING_CAPABILITY', requires: [capability] });
}
