/** What a number among the options may be. */
export interface Range {
  readonly min?: number;
  readonly moreThan?: number;
  readonly max?: number;
  /** No fractions. */
  readonly whole?: boolean;
}

/** How often, how many. */
export const COUNT: Range = { min: 1, whole: true };
/** Milliseconds of a timer: with more, `setTimeout` would end at once (a signed integer of 32 bits). */
export const TIMER_MS: Range = { min: 1, max: 2_147_483_647 };

/** Where there is no upper end, `Infinity` fits, too. */
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
