import type { Outcome } from '../../outcome.ts';
import { type HttpResponse, headerValue } from '../http.ts';

/** What a response means for programs: its status, when to retry, how long to cache it. */
export function httpOutcome({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>): Outcome {
  const retryAfter = retryAfterSeconds(headers);
  const cacheControl = headerValue(headers, 'cache-control');
  const age = wholeSeconds(headerValue(headers, 'age'));
  return {
    status,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(cacheControl !== undefined && { cacheControl }),
    ...(age !== undefined && { age }),
  };
}

/** RFC 9110 §10.2.3: seconds, or a date. A date is relative to the API's own clock, if the response has one. */
function retryAfterSeconds(headers: HttpResponse['headers']): number | undefined {
  const value = headerValue(headers, 'retry-after');
  if (value === undefined) return undefined;
  const seconds = wholeSeconds(value);
  if (seconds !== undefined) return seconds;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const told = Date.parse(headerValue(headers, 'date') ?? '');
  return Math.max(0, (until - (Number.isNaN(told) ? Date.now() : told)) / 1000);
}

function wholeSeconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}
