import { CallError } from '../../call-error.ts';
import { deadline } from '../../until-aborted.ts';
import { type BuiltRequest, type HttpResponse, type HttpSender, requestUrl } from '../http.ts';
import { originOfUrl } from '../split-url.ts';
import { redirected } from './redirect.ts';
import { whenOver } from './when-over.ts';

export interface SendOptions {
  /** As authorised. */
  readonly request: BuiltRequest;
  /** Encoded pairs of `request.query` that are credentials: never sent to another origin on a redirect. */
  readonly secretQuery: readonly string[];
  readonly send: HttpSender;
  /**
   * Adds a credential that depends on the finished request, for each request to the origin of the first one. A redirect
   * starts from the request without it.
   */
  readonly sign?: ((request: BuiltRequest, signal: AbortSignal) => Promise<SignedRequest>) | undefined;
  /**
   * The sender for redirects from `origin` to another origin: without the client certificate, and from a public origin
   * only to public addresses.
   */
  readonly sendRedirected: (origin: string) => HttpSender;
  readonly signal: AbortSignal;
  /** For the complete call: redirects, and the body to its last byte. */
  readonly timeoutMs: number;
}

export interface SignedRequest {
  readonly request: BuiltRequest;
  /** Encoded pairs of the query that were added. */
  readonly secretQuery: readonly string[];
}

export interface Sent {
  /** Its body must be read, or its iteration ended: until then the timer runs. */
  readonly response: HttpResponse;
  /** The final URL of the response. Its query may contain a credential. */
  readonly url: string;
  readonly redirects: number;
  /** Aborts when the time limit is over, or with the call. */
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;

/**
 * Sends a request and follows safe redirects (see `redirect.ts`); a 3xx that is not followed is the response.
 *
 * @throws CallError `TIMEOUT`, `REDIRECT_REFUSED` for a loop or more than five redirects, and those of the sender
 */
export async function sendFollowing({
  request,
  secretQuery: known,
  send,
  sign,
  sendRedirected,
  signal,
  timeoutMs,
}: SendOptions): Promise<Sent> {
  const origin = originOfUrl(request.target);
  const where = `${request.method} ${request.target}`;
  const secretQuery = [...known];
  const clock = deadline(timeoutMs, signal, () => {
    return new CallError('TIMEOUT', `${where} did not respond within ${timeoutMs / 1000} s.`);
  });
  try {
    const { response, ...rest } = await follow(request, { secretQuery, where }, async (next, from) => {
      const stays = from === origin && originOfUrl(next.target) === origin;
      if (!stays) return sendRedirected(from)(httpRequest(next, clock.signal));
      if (!sign) return send(httpRequest(next, clock.signal));
      const signed = await sign(next, clock.signal);
      secretQuery.push(...signed.secretQuery);
      return send(httpRequest(signed.request, clock.signal));
    });
    return {
      ...rest,
      signal: clock.signal,
      response: { ...response, body: whenOver(response.body, () => clock.stop()) },
    };
  } catch (error) {
    clock.stop();
    throw error;
  }
}

/** Converts a built request for the sender: cookies become one Cookie header (RFC 6265 §5.4). */
export function httpRequest({ method, headers, cookies, body, ...address }: BuiltRequest, signal: AbortSignal) {
  return {
    method,
    url: requestUrl(address),
    headers: cookies.length === 0 ? headers : withCookies(headers, cookies),
    ...(body === undefined ? {} : { body }),
    signal,
  };
}

function withCookies(headers: BuiltRequest['headers'], cookies: readonly string[]): BuiltRequest['headers'] {
  const own = headers.filter(([name]) => name.toLowerCase() === 'cookie').map(([, value]) => value);
  const others = headers.filter(([name]) => name.toLowerCase() !== 'cookie');
  return [...others, ['Cookie', [...own, ...cookies].join('; ')]];
}

async function follow(
  first: BuiltRequest,
  { secretQuery, where }: { secretQuery: readonly string[]; where: string },
  /** `from`: the origin that caused the request; for the first one, its own. */
  send: (request: BuiltRequest, from: string) => Promise<HttpResponse>,
): Promise<Omit<Sent, 'signal'>> {
  const seen = new Set<string>();
  let request = first;
  let from = new URL(first.target).origin;
  for (let redirects = 0; ; redirects++) {
    const response = await send(request, from);
    const url = requestUrl(request);
    const isRedirect = response.status > 300 && response.status < 309;
    const next = isRedirect ? redirected(request, response, secretQuery) : undefined;
    if (next === undefined) return { response, url, redirects };
    await discard(response.body);
    seen.add(`${request.method} ${url}`);
    if (seen.has(`${next.method} ${requestUrl(next)}`)) {
      throw new CallError('REDIRECT_REFUSED', `${where} redirects in a loop.`);
    }
    if (redirects === MAX_REDIRECTS) {
      throw new CallError('REDIRECT_REFUSED', `${where} redirects more than ${MAX_REDIRECTS} times.`);
    }
    from = new URL(request.target).origin;
    request = next;
  }
}

/** Drains a short body, so that its connection can be reused; cancels a longer one. */
async function discard(body: HttpResponse['body']): Promise<void> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > 64 * 1024) return;
  }
}
