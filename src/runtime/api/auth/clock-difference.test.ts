import { expect, test } from 'vitest';
import { clockDifference } from './clock-difference.ts';

const DATE = 'Sun, 30 Aug 2015 12:36:00 GMT';

test.each([
  [DATE, -3_600_000, 'The clock of this machine is 60 minutes behind that of the server. Set the clock.'],
  [DATE, 90_000, 'The clock of this machine is 90 seconds ahead of that of the server. Set the clock.'],
  [DATE, 60_000, undefined],
  [undefined, 3_600_000, undefined],
  ['yesterday', 3_600_000, undefined],
])('%s, and %i ms later here', (date, offset, want) => {
  expect(clockDifference(date, Date.parse(DATE) + offset, 60_000)).toBe(want);
});
