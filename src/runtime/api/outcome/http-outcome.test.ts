import { describe, expect, test } from 'vitest';
import { CallError } from '../../call-error.ts';
import { outcomeOf } from '../../outcome.ts';
import { failureResult } from './failure.ts';
import { httpOutcome } from './http-outcome.ts';

const DATE = ['date', 'Mon, 23 Nov 2026 10:00:00 GMT'] as const;

describe('the outcome of a response', () => {
  test.each([
    { given: [], want: { status: 503 } },
    { given: [['retry-after', '12']] as const, want: { status: 503, retryAfter: 12 } },
    { given: [DATE, ['retry-after', 'Mon, 23 Nov 2026 10:00:30 GMT']] as const, want: { status: 503, retryAfter: 30 } },
    { given: [DATE, ['retry-after', 'Mon, 23 Nov 2026 09:00:00 GMT']] as const, want: { status: 503, retryAfter: 0 } },
    { given: [['retry-after', 'soon']] as const, want: { status: 503 } },
    {
      given: [
        ['cache-control', 'private'],
        ['cache-control', 'max-age=60'],
        ['age', '7'],
      ] as const,
      want: { status: 503, cacheControl: 'private, max-age=60', age: 7 },
    },
  ])('$given', ({ given, want }) => {
    expect(httpOutcome({ status: 503, headers: given })).toEqual(want);
  });

  test('is the code of the error if there was no response', () => {
    const call = { toolName: 'op', method: 'GET' };
    expect(outcomeOf(failureResult(new CallError('TIMEOUT', 'slow'), call))).toEqual({ error: 'TIMEOUT' });
    expect(outcomeOf(failureResult(new Error('bug'), call))).toEqual({ error: 'INTERNAL_ERROR' });
  });
});
