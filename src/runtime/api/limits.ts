import { COUNT, type Range, TIMER_MS } from '../options/option-range.ts';

interface Limit {
  readonly default: number;
  /** What a program may pass. */
  readonly range: Range;
  /** What a flag or a config file may contain: narrower, to catch a value in the wrong unit. */
  readonly written: { readonly min: number; readonly max: number; readonly whole: boolean };
}

/** The limits that the user can change. */
export const LIMITS = {
  /** For a complete call. Flags and config files have seconds. */
  timeoutMs: { default: 30_000, range: TIMER_MS, written: { min: 1, max: 86_400_000, whole: false } },
  /** For a result, text and `structuredContent` together. */
  maxResultBytes: { default: 256_000, range: COUNT, written: { min: 1024, max: 20_000_000, whole: true } },
} as const satisfies Record<string, Limit>;

/** The default limits. */
export const DEFAULT_LIMITS = {
  timeoutMs: LIMITS.timeoutMs.default,
  maxResultBytes: LIMITS.maxResultBytes.default,
  /** Bytes to read from a response, after decoding. */
  maxAnswerBytes: 20_000_000,
  /** Items to read from a stream. */
  maxItems: 1_000,
} as const;

/** The time limit as flags and config files write it. */
export const TIMEOUT_SECONDS = {
  default: LIMITS.timeoutMs.default / 1000,
  number: {
    min: LIMITS.timeoutMs.written.min / 1000,
    max: LIMITS.timeoutMs.written.max / 1000,
    whole: LIMITS.timeoutMs.written.whole,
  },
};
