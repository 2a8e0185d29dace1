import { type BuiltRequest, type HttpResponse, headerValue, requestUrl } from '../http.ts';

/**
 * The request that a redirect leads to if it is safe to follow; otherwise `undefined`, and the 3xx is the response. RFC
 * 9110 §15.4:
 * - 301, 302, 307, 308 repeat a safe request, 303 becomes a GET. 307 and 308 repeat any request on the same origin. A
 *   POST with 301 or 302 is not followed: clients disagree whether it becomes a GET.
 * - Another origin receives nothing that could be secret: no body, no cookies, and only the headers of {@link
 *   HARMLESS_HEADERS}; `secretQuery`, the encoded pairs that contain a credential, is removed from the target.
 * - Never from https to http.
 */
export function redirected(
  request: BuiltRequest,
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  secretQuery: readonly string[],
): BuiltRequest | undefined {
  const from = new URL(requestUrl(request));
  const to = target(headerValue(headers, 'location'), from);
  if (to === undefined) return undefined;
  const sameOrigin = to.origin === from.origin;
  const repeated = repeat(request, status, sameOrigin);
  if (repeated === undefined) return undefined;
  const address = { target: to.origin + to.pathname, query: to.search === '' ? [] : to.search.slice(1).split('&') };
  if (sameOrigin) return { ...repeated, ...address };
  if (repeated.body !== undefined) return undefined;
  return {
    method: repeated.method,
    target: address.target,
    query: address.query.filter((pair) => !secretQuery.includes(pair)),
    headers: repeated.headers.filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase())),
    cookies: [],
  };
}

/** RFC 9110 §9.2.1, and QUERY of RFC 9110's registry (draft-ietf-httpbis-safe-method-w-body). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'user-agent',
]);

function repeat(request: BuiltRequest, status: number, sameOrigin: boolean): BuiltRequest | undefined {
  const safe = SAFE_METHODS.has(request.method);
  switch (status) {
    case 301:
    case 302:
      return safe ? request : undefined;
    case 303:
      return withoutBody(request);
    case 307:
    case 308:
      return safe || sameOrigin ? request : undefined;
    default:
      return undefined;
  }
}

/** The GET for a 303; a HEAD stays a HEAD. */
function withoutBody({ body: _, ...request }: BuiltRequest): BuiltRequest {
  const headers = request.headers.filter(([name]) => !name.toLowerCase().startsWith('content-'));
  return { ...request, headers, method: request.method === 'HEAD' ? 'HEAD' : 'GET' };
}

function target(location: string | undefined, from: URL): URL | undefined {
  if (location === undefined) return undefined;
  // Each header byte above ASCII is one character, and is percent-encoded in the URL.
  const ascii = location.replace(/[\x80-\xff]/g, encodeByte);
  if (!URL.canParse(ascii, from.href)) return undefined;
  const to = new URL(ascii, from.href);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return undefined;
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined;
  return to.username === '' && to.password === '' ? to : undefined;
}

const encodeByte = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
