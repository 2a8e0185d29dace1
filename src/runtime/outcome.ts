/**
 * The outcome of a call, for programs: middleware decides by it, never by the text for the model. It is in the `_meta`
 * of a result or a thrown error, and contains no secrets.
 */
export interface Outcome {
  /** HTTP status of the API; absent if there was no response. */
  readonly status?: number;
  /**
   * Why there is no response: a code of `CALL_ERRORS`, or of what rejected the call (`RATE_LIMITED`, `CIRCUIT_OPEN`).
   */
  readonly error?: string;
  /** The client capabilities of MCP that were needed and are missing. */
  readonly requires?: readonly string[];
  /**
   * The flaw of a response that is still returned: it does not match the document (`MISFIT`), or could not be read
   * completely (`INCOMPLETE`).
   */
  readonly flaw?: 'MISFIT' | 'INCOMPLETE';
  /** Seconds to wait before a retry (RFC 9110 §10.2.3), if known. */
  readonly retryAfter?: number;
  /** The API's `Cache-Control`, unchanged. */
  readonly cacheControl?: string;
  /** Seconds that the response had spent in caches when it arrived (RFC 9111 §5.1). */
  readonly age?: number;
}

/** The key of the outcome in `_meta`. */
export const OUTCOME_KEY = 'openapi-mcp/http';

/** `_meta` with the outcome. */
export function outcomeMeta(outcome: Outcome): Readonly<Record<string, unknown>> {
  return { [OUTCOME_KEY]: outcome };
}

/** The outcome in a result or thrown value, also from another copy of this runtime. */
export function outcomeOf(told: unknown): Outcome | undefined {
  const meta = (told as { readonly _meta?: unknown } | null | undefined)?._meta;
  const outcome = (meta as Readonly<Record<string, unknown>> | null | undefined)?.[OUTCOME_KEY];
  // Only this runtime, in any version, writes it.
  return typeof outcome === 'object' && outcome !== null ? (outcome as Outcome) : undefined;
}

/** Whether a result may be kept: the API did not forbid it (`no-store`, RFC 9111 §5.2.2.5). */
export const mayStore = (result: unknown): boolean => !/\bno-store\b/i.test(outcomeOf(result)?.cacheControl ?? '');

/** The same error, with an outcome for programs if it has one. */
export function withOutcome<E extends Error>(error: E, outcome: Outcome | undefined): E {
  return outcome ? Object.assign(error, { _meta: outcomeMeta(outcome) }) : error;
}
