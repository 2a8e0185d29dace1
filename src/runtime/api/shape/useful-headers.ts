import type { HttpResponse } from '../http.ts';

/**
 * Lines `Name: value` for the headers that a reader can act on: where the made thing is, the next page, totals, limits,
 * when to try again. `all`: every header that is about the answer, for a HEAD request asks for nothing else.
 */
export function usefulHeaders(
  headers: HttpResponse['headers'],
  { all = false }: { readonly all?: boolean } = {},
): readonly string[] {
  return headers
    .filter(([name]) => (all ? !PRIVATE.test(name) : USEFUL.has(name) || USEFUL_FAMILY.test(name)))
    .map(([name, value]) => `${displayName(name)}: ${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}`);
}

const USEFUL: ReadonlySet<string> = new Set([
  'location',
  'content-location',
  'operation-location',
  'azure-asyncoperation',
  'link',
  'retry-after',
  'etag',
  'content-range',
  'accept-ranges',
  'allow',
  'deprecation',
  'sunset',
  'warning',
  'x-total',
  'x-total-count',
  'x-total-pages',
  'x-page',
  'x-per-page',
  'x-page-count',
  'x-page-size',
  'x-next-page',
  'x-prev-page',
  'x-next-cursor',
  'x-has-more',
  'x-pagination',
  'x-request-id',
]);
/** Limits and paging, as every API spells them: `X-RateLimit-Remaining`, `RateLimit`, `Pagination-Count`. */
const USEFUL_FAMILY = /^(?:(?:x-)?rate-?limit(?:-|$)|(?:x-)?pagination-|x-retry-after|x-ms-continuation)/;

/** Of the connection, or a secret. */
const PRIVATE =
  /^(?:set-cookie2?|connection|keep-alive|transfer-encoding|te|trailer|upgrade|date|server|via)$|auth|token/;
const LONGEST = 2_000;

/** Names arrive in lower case; `X-Total-Count` reads better. */
function displayName(name: string): string {
  if (name === 'etag') return 'ETag';
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
