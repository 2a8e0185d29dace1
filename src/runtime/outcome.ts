/**
 * What became of a call, for programs: middleware decides by it, never by the text that the model reads. It stands in
 * `_meta` of a result, or of the error that was thrown, and holds no secret.
 */
export interface Outcome {
  /** HTTP status of the API; absent where no answer came. */
  readonly status?: number;
  /** Why there is no answer: a code of `CALL_ERRORS`, or of what refused the call (`RATE_LIMITED`, `CIRCUIT_OPEN`). */
  readonly error?: string;
  /** What the client would have to be able to do: the capabilities of MCP that were needed and are missing. */
  readonly requires?: readonly string[];
  /**
   * What is wrong with an answer that came, and is delivered all the same: it is not what the document promises
   * (`MISFIT`), or there is more of it than could be read (`INCOMPLETE`).
   */
  readonly flaw?: 'MISFIT' | 'INCOMPLETE';
  /** Seconds to wait before trying again (RFC 9110 §10.2.3), where that was told. */
  readonly retryAfter?: number;
  /** The API's `Cache-Control`, as it was sent. */
  readonly cacheControl?: string;
  /** Seconds the answer had spent in caches when it arrived (RFC 9111 §5.1). */
  readonly age?: number;
}

/** Where the outcome stands in `_meta`. */
export const OUTCOME_KEY = 'openapi-mcp/http';

/** `_meta` that tells the outcome. */
export function outcomeMeta(outcome: Outcome): Readonly<Record<string, unknown>> {
  return { [OUTCOME_KEY]: outcome };
}

/** The outcome that a result, or something thrown, tells; of another copy of this runtime too. */
export function outcomeOf(told: unknown): Outcome | undefined {
  const meta = (told as { readonly _meta?: unknown } | null | undefined)?._meta;
  const outcome = (meta as Readonly<Record<string, unknown>> | null | undefined)?.[OUTCOME_KEY];
  // Written by a runtime of ours, or by nobody.
  return typeof outcome === 'object' && outcome !== null ? (outcome as Outcome) : undefined;
}

/** The same error, telling its outcome to programs where it has one. */
export function withOutcome<E extends Error>(error: E, outcome: Outcome | undefined): E {
  return outcome ? Object.assign(error, { _meta: outcomeMeta(outcome) }) : error;
}
