import type { Operation } from '../../model/index.ts';
import { messageOf } from '../errors.ts';
import type { CallContext, ExchangeReport } from '../provider.ts';
import type { Concealer } from './conceal/index.ts';
import { type BuiltRequest, type HttpRequest, type HttpResponse, type HttpSender, requestUrl } from './http.ts';
import { whenOver } from './send/when-over.ts';
import { originOfUrl } from './split-url.ts';

/** One HTTP request of a call, ready to be sent: authorised, and with its final URL. */
export interface Exchange {
  readonly operation: Operation;
  /** The validated arguments that the request was built from. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly request: HttpRequest;
  /** The request before credentials were added. */
  readonly built: BuiltRequest;
  /** The URL of the server that `built.target` begins with. */
  readonly serverUrl: string;
  /** 0 for the request of the call, 1 for a retry with other credentials. */
  readonly attempt: number;
  /** The number of redirects that led to the request. */
  readonly redirects: number;
  /** Hides the secrets of the call. */
  readonly conceal: Concealer;
  readonly send: HttpSender;
}

/**
 * How requests to an API are answered. The usual way is `({ request, send }) => send(request)`; others record the
 * exchange, or answer without the API.
 */
export type Exchanger = (exchange: Exchange) => Promise<HttpResponse>;

export interface ExchangingOptions
  extends Pick<Exchange, 'operation' | 'arguments' | 'built' | 'serverUrl' | 'attempt'> {
  /** Asked when a request is sent: signatures are secrets too. */
  readonly conceal: () => Concealer;
  readonly exchange: Exchanger | undefined;
  readonly context: Pick<CallContext, 'headers' | 'onExchange' | 'onSend'>;
}

/** What stands between a call and its senders; a sender is returned unchanged if nothing does. */
export function exchanging({ exchange, context, conceal, ...call }: ExchangingOptions) {
  const { onExchange, onSend } = context;
  let redirects = 0;
  return (sender: HttpSender): HttpSender => {
    const send: HttpSender = onSend
      ? (request) => watched(request, sender, { ...call, headers: context.headers, onSend })
      : sender;
    const exchanged: HttpSender = exchange
      ? (request) => exchange({ ...call, request, conceal: conceal(), redirects: redirects++, send })
      : send;
    return onExchange ? (request) => reported(request, exchanged, { onExchange, conceal }) : exchanged;
  };
}

interface Reporting {
  readonly onExchange: NonNullable<CallContext['onExchange']>;
  readonly conceal: () => Concealer;
}

async function reported(request: HttpRequest, send: HttpSender, { onExchange, conceal }: Reporting) {
  const at = Date.now();
  const start = performance.now();
  const report = (rest: Pick<ExchangeReport, 'response' | 'error'>) =>
    onExchange({ request: shownRequest(request, conceal()), at, ms: performance.now() - start, ...rest });
  try {
    const response = await send(request);
    report({ response: { status: response.status, headers: conceal().headers(response.headers) } });
    return response;
  } catch (error) {
    report({ error: messageOf(conceal().error(error)) });
    throw error;
  }
}

interface Watching extends Pick<Exchange, 'operation' | 'built' | 'serverUrl'> {
  readonly headers: CallContext['headers'];
  readonly onSend: NonNullable<CallContext['onSend']>;
}

async function watched(request: HttpRequest, send: HttpSender, watching: Watching): Promise<HttpResponse> {
  const { operation, built, serverUrl, headers: given, onSend } = watching;
  const server = new URL(serverUrl);
  const origin = originOfUrl(request.url);
  const watch = onSend({
    method: request.method,
    origin,
    ...(origin === server.origin && { template: templateOf(server, operation) }),
    key: `${built.method} ${requestUrl(built)}`,
  });
  try {
    const response = await send({ ...request, headers: replaced(request.headers, given, watch.headers) });
    const { status } = response;
    const over = (error?: unknown) => watch.end(error === undefined ? { status } : { error });
    return { ...response, body: whenOver(response.body, over) };
  } catch (error) {
    watch.end({ error });
    throw error;
  }
}

/** A path in a document may contain a fixed query. */
function templateOf({ pathname }: URL, { origin }: Operation): string {
  const [path = ''] = origin.path.split(/[?#]/, 1);
  return pathname.replace(/\/$/, '') + path;
}

/**
 * Replaces headers that come from the context: those that the owner or the caller has set stay, and a request to another
 * origin, which has none of them, gets none.
 */
function replaced(
  headers: HttpRequest['headers'],
  given: CallContext['headers'] = {},
  others: Readonly<Record<string, string>>,
): HttpRequest['headers'] {
  return headers.map(([name, value]) =>
    given[name] === value && others[name] !== undefined ? [name, others[name]] : [name, value],
  );
}

/** A request without its secrets. */
export function shownRequest({ method, url, headers, body }: HttpRequest, conceal: Concealer) {
  return {
    method,
    url: conceal.text(url),
    headers: conceal.headers(headers),
    ...(body !== undefined && { body: typeof body === 'string' ? conceal.text(body) : conceal.bytes(body) }),
  };
}
