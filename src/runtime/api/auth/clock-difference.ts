/**
 * What to do if the clock of this machine and that of a server differ by more than `toleranceMs`; `undefined` if they
 * do not, or the server did not say (RFC 9110 §6.6.1).
 *
 * @param date the header `Date` of a response
 * @param now in milliseconds since 1970
 */
export function clockDifference(date: string | undefined, now: number, toleranceMs: number): string | undefined {
  const difference = now - Date.parse(date ?? '');
  // Not a number without a date.
  if (!(Math.abs(difference) > toleranceMs)) return undefined;
  const seconds = Math.round(Math.abs(difference) / 1000);
  const amount = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `The clock of this machine is ${amount} ${difference > 0 ? 'ahead of' : 'behind'} that of the server. Set the clock.`;
}
