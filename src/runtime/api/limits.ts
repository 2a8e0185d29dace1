/** The default limits. */
export const DEFAULT_LIMITS = {
  /** For a complete call. */
  timeoutMs: 30_000,
  /** For a result, text and `structuredContent` together. */
  maxResultBytes: 256_000,
  /** Bytes to read from a response, after decoding. */
  maxAnswerBytes: 20_000_000,
  /** Items to read from a stream. */
  maxItems: 1_000,
} as const;
