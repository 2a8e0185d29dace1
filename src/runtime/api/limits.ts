/** What holds when the user says nothing else. */
export const DEFAULT_LIMITS = {
  /** For a whole call. */
  timeoutMs: 30_000,
  /** Of a result, text and `structuredContent` together. */
  maxResultBytes: 256_000,
  /** Of an answer, after decoding, that are read. */
  maxAnswerBytes: 20_000_000,
  /** Of a stream. */
  maxItems: 1_000,
} as const;
