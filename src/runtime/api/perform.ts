import { acceptsJson, type Operation } from '../../model/index.ts';
import type { CallContext } from '../provider.ts';
import type { Authorised, Authoriser } from './auth/authorise.ts';
import { valuesOf } from './auth/caller-credential.ts';
import { type Concealer, type Concealers, concealInAnswer } from './conceal/index.ts';
import { exchanging } from './exchange.ts';
import { type BuiltRequest, headerValue } from './http.ts';
import { type PreparingParts, prepareRequest, withFreeHeaders } from './prepare-request.ts';
import type { ApiProviderOptions } from './provider-options.ts';
import { type Answer, type AnswerHold, type AnswerReading, readAnswer } from './read/index.ts';
import { sendFollowing } from './send/send.ts';
import type { Responded } from './shape/index.ts';

/** What calls need besides the model; shared by all calls of an API. */
export interface Performing extends PreparingParts, Settings {
  /** Hides secrets in a response or an error. */
  readonly concealers: Concealers;
  readonly authoriser: Authoriser;
}

type Settings = Pick<
  ApiProviderOptions,
  'send' | 'sendRedirected' | 'exchange' | 'offline' | 'timeoutMs' | 'maxAnswerBytes' | 'maxItems'
>;

/** The response of the API. */
export interface Performed extends Responded {
  /** As the API sent it, if a hook of the owner has changed it. */
  readonly unshaped?: Answer;
  readonly conceal: Concealer;
}

interface Exchanged {
  readonly performed: Performed;
  /** Whether an auth handler asks for a retry. */
  readonly wantsRetry: boolean;
}

/**
 * One call of the API: validates arguments, builds, authorises and sends the request, reads the response. A rejected
 * OAuth token is replaced once, and an auth handler may ask for one retry.
 *
 * @param hold the memory reserved for the response; the caller releases it, also after an error
 * @throws CallError, whose code says whether a request was sent
 */
export async function perform(
  call: { readonly operation: Operation; readonly arguments: Readonly<Record<string, unknown>> },
  context: Pick<
    CallContext,
    'signal' | 'progress' | 'caller' | 'headers' | 'meta' | 'requestHeader' | 'page' | 'onExchange' | 'onSend'
  >,
  performing: Performing,
  hold: AnswerHold,
): Promise<Performed> {
  const { authoriser } = performing;
  const { operation } = call;
  const { signal, progress } = context;
  const { request, headers, ...made } = await prepareRequest(call, context, performing);
  let attempt = 0;

  const authorised = await authoriser.authorise(operation, request, context);
  const first = await exchange(authorised);
  const isReplaced = isRejectedToken(first.performed, request) && authoriser.onUnauthorized(authorised);
  if (!isReplaced && !first.wantsRetry) return first.performed;
  hold.release();
  const again = await authoriser.authorise(operation, request, context);
  // The API may still echo the first one.
  const { performed: second } = await exchange(again, secretsOfCaller(authorised));
  if (isRejectedToken(second, request)) authoriser.onRejected(again);
  return second;

  async function exchange(sent: Authorised, earlier: readonly string[] = []): Promise<Exchanged> {
    const { request, secretQuery, signers, tokens, sources, remedies } = sent;
    const signing = signers.length === 0 ? undefined : (await import('./auth/signing.ts')).openSigning(signers);
    const concealer = () => {
      const own = [...secretsOfCaller(sent), ...earlier, ...(signing?.secrets ?? [])];
      return performing.concealers({ tokens, headers, own });
    };
    const means = { exchange: performing.exchange, conceal: concealer, context };
    const through = exchanging({ operation, ...made, attempt: attempt++, ...means });
    const sending = await sendFollowing({
      request: withFreeHeaders(request, headers),
      secretQuery,
      sign: signing?.sign,
      send: through(performing.send),
      sendRedirected: (origin) => through(performing.sendRedirected(origin)),
      signal,
      timeoutMs: performing.timeoutMs,
    });
    const { response, url } = sending;
    const answer = await readAnswer({
      ...readingOf(operation, performing),
      response,
      hold,
      waitSignal: sending.signal,
      signal,
      onProgress: (items) => progress({ progress: items, message: `${items} items` }),
    });
    const conceal = concealer();
    const signed = signing && isOwn(url, request.target) ? signing : undefined;
    const performed = {
      answer: concealInAnswer(answer, conceal),
      status: response.status,
      headers: conceal.headers(response.headers),
      // A redirect target may not be a URL at all.
      url: conceal.text(url),
      conceal,
      sources,
      remedies: [...remedies, ...(signed?.remedies(response) ?? [])],
    };
    return { performed, wantsRetry: (await signed?.wantsRetry(response, signal)) ?? false };
  }
}

/** How the response of an operation is read. */
function readingOf(
  { request, response }: Operation,
  { decoders, maxAnswerBytes, maxItems }: Performing,
): Pick<AnswerReading, 'method' | 'promisesJson' | 'decoders' | 'maxBytes' | 'maxItems'> {
  const promisesJson = acceptsJson(response.accept);
  return { method: request.method, promisesJson, decoders, maxBytes: maxAnswerBytes, maxItems };
}

const secretsOfCaller = ({ ofCaller }: Authorised): readonly string[] =>
  Object.values(ofCaller).flatMap(({ secret, hidden }) => [...valuesOf(secret), ...hidden]);

/**
 * RFC 6750 §3.1: an invalid token is a 401. Some APIs send 403, and say why. Another origin, to which the API redirected,
 * got no token.
 */
function isRejectedToken({ status, headers, url }: Performed, { target }: BuiltRequest): boolean {
  if (status !== 401 && status !== 403) return false;
  if (!isOwn(url, target)) return false;
  return status === 401 || /\berror="?invalid_token/i.test(headerValue(headers, 'www-authenticate') ?? '');
}

/** Whether a response is from the API, and not from where it redirected to. */
const isOwn = (url: string, target: string): boolean =>
  !URL.canParse(url) || new URL(url).origin === new URL(target).origin;
