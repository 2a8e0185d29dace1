import type { HttpResponse } from '../http.ts';

/**
 * Lines `Name: value` for headers that a reader can act on: those that the document declares, the location of a created
 * resource, the next page, totals, limits, and when to retry. Secret headers are withheld; if they were declared, a
 * line says so.
 *
 * @param all include every header about the content, which is all that a HEAD request returns
 */
export function usefulHeaders(
  headers: HttpResponse['headers'],
  { declared, all = false }: { readonly declared: readonly string[]; readonly all?: boolean },
): readonly string[] {
  const isUseful = (name: string) =>
    all ? !OF_CONNECTION.test(name) || declared.includes(name) : USEFUL.has(name) || USEFUL_FAMILY.test(name);
  const shown = headers.filter(([name]) => !isSecret(name) && (declared.includes(name) || isUseful(name)));
  return [...shown.map(([name, value]) => line(name, value)), ...withheld(headers, declared)];
}

/** The same for declared headers only. */
export function declaredHeaderLines(headers: HttpResponse['headers'], declared: readonly string[]): readonly string[] {
  const shown = headers.filter(([name]) => declared.includes(name) && !isSecret(name));
  return [...shown.map(([name, value]) => line(name, value)), ...withheld(headers, declared)];
}

function withheld(headers: HttpResponse['headers'], declared: readonly string[]): readonly string[] {
  const names = new Set(headers.flatMap(([name]) => (declared.includes(name) && isSecret(name) ? [name] : [])));
  // Challenges are described in words instead.
  names.delete('www-authenticate');
  return names.size === 0
    ? []
    : [`Withheld because they may contain secrets: ${[...names].map(displayName).join(', ')}.`];
}

const line = (name: string, value: string): string =>
  `${displayName(name)}: ${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}`;

/** Whether a header may contain a credential. A token for the next page is not one. */
function isSecret(name: string): boolean {
  if (SECRET.test(name)) return true;
  return /token/.test(name) && !/next|prev|page|paging|continu|cursor|sync|delta|skip|resume|position/.test(name);
}
const SECRET =
  /cookie|auth(?!or(?!i[sz]))|secret|passw|credential|jwt|bearer|signature|session|otp\b|csrf|xsrf|(?:^|[-_])(?:api|access|private|app|client|encryption|sas)[-_]?key/;

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
/** Rate limits and pagination, in all their spellings: `X-RateLimit-Remaining`, `RateLimit`, `Pagination-Count`. */
const USEFUL_FAMILY = /^(?:(?:x-)?rate-?limit(?:-|$)|(?:x-)?pagination-|x-retry-after|x-ms-continuation)/;

const OF_CONNECTION = /^(?:connection|keep-alive|transfer-encoding|te|trailer|upgrade|date|server|via)$/;
const LONGEST = 2_000;

/** Names arrive in lower case; `X-Total-Count` is more readable. */
function displayName(name: string): string {
  if (name === 'etag') return 'ETag';
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
