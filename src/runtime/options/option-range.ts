/** The range of a numeric option. */
export interface Range {
  readonly min?: number;
  readonly moreThan?: number;
  readonly max?: number;
  /** Integers only. */
  readonly whole?: boolean;
}

/** A count. */
export const COUNT: Range = { min: 1, whole: true };
/** Milliseconds of a timer: beyond this (a signed 32-bit integer), `setTimeout` would fire immediately. */
export const TIMER_MS: Range = { min: 1, max: 2_147_483_647 };

/** Without an upper limit, `Infinity` is allowed too. */
export function fits(value: unknown, { min, moreThan, max, whole = false }: Range): boolean {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (whole && !Number.isInteger(value) && value !== Infinity) return false;
  return (
    !(min !== undefined && value < min) && !(moreThan !== undefined && value <= moreThan) && !(value > (max ?? value))
  );
}

/** `a whole number of 1 or more` */
export function rangeText({ min, moreThan, max, whole = false }: Range): string {
  const kind = whole ? 'a whole number' : 'a number';
  if (moreThan !== undefined) return `${kind} of more than ${moreThan}`;
  return max === undefined ? `${kind} of ${min} or more` : `${kind} from ${min} to ${max}`;
}
