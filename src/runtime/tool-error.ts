import { withOutcome } from './outcome.ts';

/**
 * An error that a handler or middleware throws on purpose: its message always reaches the model, even if the details of
 * other errors are masked.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  /** Errors are recognised by `code`, never by class: an emitted project brings its own copy of this class. */
  readonly code = 'TOOL_ERROR';

  /** @param requires the capabilities without which the client cannot make this call: it then gets error -32021 of 2026-07-28 */
  constructor(
    message: string,
    { requires, ...options }: ErrorOptions & { readonly requires?: readonly Capability[] } = {},
  ) {
    super(message, options);
    if (requires) withOutcome(this, { error: 'MISSING_CAPABILITY', requires });
  }
}

/** What a client may lack. */
type Capability = 'elicitation' | 'sampling' | 'roots';

/** A question cannot be asked, because the client does not declare `capability`. */
export function missingCapability(capability: Capability, message: string): ToolError {
  return new ToolError(message, { requires: [capability] });
}
