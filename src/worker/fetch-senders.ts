import type { HttpRequest, HttpResponse, HttpSender } from '../runtime/api/http.ts';
import { isPrivateHost } from '../runtime/api/request/addresses.ts';
import type { Senders } from '../runtime/api/senders.ts';
import { CallError } from '../runtime/call-error.ts';
import { abortError } from '../runtime/node/network-error.ts';
import type { CallsInFlight } from '../runtime/serve/calls-in-flight.ts';

/**
 * Sends with `fetch`. It has no client certificates and proxies of its own, and connects to public addresses only where
 * the platform does: a host name is not resolved here, so addresses are judged as they are written.
 *
 * @param requests counts the requests that have not been answered completely
 */
export function fetchSenders(requests: CallsInFlight): Senders {
  const document = sender({ requests, allowPrivate: true });
  const publicOnly = sender({ requests, allowPrivate: false });
  return {
    document,
    publicOnly,
    redirected: (origin, allowPrivate) =>
      allowPrivate || isPrivateHost(new URL(origin).hostname) ? document : publicOnly,
    api: (allowPrivate) => (allowPrivate ? document : publicOnly),
    close: async () => {},
  };
}

interface SenderMeans {
  readonly requests: CallsInFlight;
  readonly allowPrivate: boolean;
}

function sender({ requests, allowPrivate }: SenderMeans): HttpSender {
  return async (request) => {
    const { host, hostname } = new URL(request.url);
    if (!allowPrivate && isPrivateHost(hostname)) {
      throw new CallError('FORBIDDEN_ADDRESS', `${host} is at a private address, which this API may not access.`);
    }
    // The Fetch Standard has no body there.
    if (request.body !== undefined && /^(?:get|head)$/i.test(request.method)) {
      throw new CallError('UNSAFE_ARGUMENT', `${host} was not called: ${request.method} requests have no body here.`);
    }
    let ended = () => {};
    const whole = new Promise<void>((resolve) => {
      ended = resolve;
    });
    requests.count(() => whole);
    // Nobody may read the body then.
    request.signal.addEventListener('abort', ended, { once: true });
    return exchange(request, { host, ended });
  };
}

interface ExchangeMeans {
  readonly host: string;
  /** Called after the last byte, or a failure. */
  readonly ended: () => void;
}

async function exchange(
  { method, url, headers, body, signal }: HttpRequest,
  { host, ended }: ExchangeMeans,
): Promise<HttpResponse> {
  try {
    const response = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      // Its buffer is never shared, which the type does not say.
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
      signal,
      // Redirects are followed by the rules of the API.
      redirect: 'manual',
    });
    return { status: response.status, headers: headersOf(response), body: bytesOf(response, signal, { host, ended }) };
  } catch (error) {
    ended();
    throw failure(error, signal, host);
  }
}

/** `fetch` has decoded the body, but still tells how it was encoded (Fetch Standard, HTTP-network fetch). */
function headersOf(response: Response): HttpResponse['headers'] {
  const cookies = response.headers.getSetCookie().map((value) => ['set-cookie', value] as const);
  const others = [...response.headers].filter(([name]) => name !== 'set-cookie' && !OF_THE_CODING.has(name));
  return [...others, ...cookies];
}

const OF_THE_CODING: ReadonlySet<string> = new Set(['content-encoding', 'content-length']);

async function* bytesOf(
  { body }: Response,
  signal: AbortSignal,
  { host, ended }: ExchangeMeans,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  let isRead = false;
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) yield part.value;
    isRead = true;
  } catch (error) {
    throw failure(error, signal, host);
  } finally {
    ended();
    if (!isRead) await reader?.cancel().catch(() => {});
  }
}

function failure(error: unknown, signal: AbortSignal, host: string): CallError {
  if (error instanceof CallError) return error;
  if (signal.aborted) return abortError(signal.reason, host);
  return new CallError('NETWORK_FAILED', `${host} cannot be reached.`, { cause: error });
}
