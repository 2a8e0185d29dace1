import type { OptionKinds } from '../../options/option-kinds.ts';
import { number } from '../../options/option-kinds.ts';
import { COUNT } from '../../options/option-range.ts';

export interface CodeLimits {
  /** For a run, with its calls but without questions to a person. Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Calls of one run. Default 50. */
  readonly maxCalls?: number;
  /** Calls at the same time; others wait. Default 8. */
  readonly maxConcurrent?: number;
  /** What a run returns is cut to this. Default 50,000 bytes. */
  readonly maxOutputBytes?: number;
}

export const CODE_LIMITS: Required<CodeLimits> = {
  timeoutMs: 10_000,
  maxCalls: 50,
  maxConcurrent: 8,
  maxOutputBytes: 50_000,
};

export const LIMIT_KINDS: OptionKinds<CodeLimits> = {
  timeoutMs: number({ min: 100, max: 600_000 }),
  maxCalls: number({ min: 1, max: 1_000, whole: true }),
  maxConcurrent: number({ ...COUNT, max: 100 }),
  maxOutputBytes: number({ min: 1_000, max: 1_000_000, whole: true }),
};
