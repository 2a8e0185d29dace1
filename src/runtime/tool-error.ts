import { withOutcome } from './outcome.ts';

/**
 * An error that a handler or middleware throws on purpose: its message always reaches the model, even if the details of
 * other errors are masked.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** Errors are recognised by `code`, never by class: an emitted project brings its own copy of this class. */
  readonly code = 'TOOL_ERROR';
}

/** A question cannot be asked, because the client does not declare `capability`. */
export function missingCapability(capability: 'elicitation' | 'sampling', message: string): ToolError {
  return withOutcome(new ToolError(message), { error: 'MISSING_CAPABILITY', requires: [capability] });
}
