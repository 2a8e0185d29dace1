import { type ApiModel, acceptsJson, type Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import type { CallContext } from '../provider.ts';
import { coerce } from './arguments/coerce.ts';
import { exactIntegersOf, settleIntegers } from './arguments/exact-integers.ts';
import type { ArgumentValidator } from './arguments/validate-arguments.ts';
import type { Authorised, Authoriser } from './auth/authorise.ts';
import { valuesOf } from './auth/caller-credential.ts';
import { type Concealer, type Concealers, concealInAnswer } from './conceal/index.ts';
import { type Exchange, type Exchanger, exchanging } from './exchange.ts';
import { type BuiltRequest, type HttpResponse, type HttpSender, headerValue } from './http.ts';
import {
  type Answer,
  type AnswerHold,
  type AnswerReading,
  acceptEncoding,
  type Decoders,
  readAnswer,
} from './read/index.ts';
import { buildRequest } from './request/build-request.ts';
import { forwardedHeaders } from './request/forwarded-headers.ts';
import { sendFollowing } from './send/send.ts';
import type { FileAccess } from './serialize/files.ts';

/** What calls need besides the model; shared by all calls of an API. */
export interface Performing {
  readonly model: ApiModel;
  readonly send: HttpSender;
  readonly sendRedirected: (origin: string) => HttpSender;
  /** How requests to the API are answered; absent: by the API. */
  readonly exchange?: Exchanger | undefined;
  /** Hides secrets in a response or an error. */
  readonly concealers: Concealers;
  readonly authoriser: Authoriser;
  readonly validator: ArgumentValidator;
  readonly decoders: Decoders;
  readonly files: FileAccess;
  /** Headers of the client's request to send on. */
  readonly forwardHeaders: readonly string[];
  /** The only origins that receive them; `undefined`: all servers of the API. */
  readonly credentialOrigins: readonly string[] | undefined;
  /** The server of an operation, or a problem in words if it has no usable one. */
  serverUrl(operation: Operation): { readonly url: string } | { readonly problem: string };
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly maxItems: number;
}

/** The response of the API. */
export interface Performed {
  readonly answer: Answer;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly url: string;
  /** Hides secrets in the final result too: a credential may be split by markup until that is removed. */
  readonly conceal: Concealer;
  /** The source of the request's credentials, for messages. */
  readonly sources: readonly string[];
  /** What to do if the API rejected them. */
  readonly remedies: readonly string[];
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
  { operation, arguments: given }: { operation: Operation; arguments: Readonly<Record<string, unknown>> },
  context: Pick<CallContext, 'signal' | 'progress' | 'caller' | 'headers' | 'meta' | 'requestHeader' | 'onExchange'>,
  performing: Performing,
  hold: AnswerHold,
): Promise<Performed> {
  const { authoriser, decoders } = performing;
  const { signal, progress } = context;
  const call = await preparedCall(operation, given, context, performing);
  const { built } = call;
  const headers = contextHeaders(context, new URL(call.serverUrl).origin, performing);
  const request = { ...built, headers: [...built.headers, ['Accept-Encoding', acceptEncoding(decoders)] as const] };

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
    const through = exchanging({
      ...call,
      attempt: attempt++,
      conceal: concealer,
      exchange: performing.exchange,
      onExchange: context.onExchange,
    });
    const {
      response,
      url,
      signal: waitSignal,
    } = await sendFollowing({
      request: withFreeHeaders(request, headers),
      secretQuery,
      sign: signing?.sign,
      send: through(performing.send),
      sendRedirected: (origin) => through(performing.sendRedirected(origin)),
      signal,
      timeoutMs: performing.timeoutMs,
    });
    const answer = await readAnswer({
      ...readingOf(operation, performing),
      response,
      hold,
      waitSignal,
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

/** The request of a call, without credentials, and what it was built from. @throws CallError */
async function preparedCall(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  context: Pick<CallContext, 'signal' | 'meta'>,
  performing: Performing,
): Promise<Pick<Exchange, 'operation' | 'arguments' | 'serverUrl' | 'built'>> {
  const { model, files } = performing;
  const checked = await checkedArguments(operation, putBack(given, operation), context, performing);
  const server = performing.serverUrl(operation);
  if ('problem' in server) throw new CallError('NETWORK_FAILED', server.problem);
  const { url: serverUrl } = server;
  const { signal } = context;
  const building = { operation, schemas: model.schemas, arguments: checked, serverUrl, files, signal };
  return { operation, arguments: checked, serverUrl, built: await buildRequest(building) };
}

/** How the response of an operation is read. */
function readingOf(
  { request, response }: Operation,
  { decoders, maxAnswerBytes, maxItems }: Performing,
): Pick<AnswerReading, 'method' | 'promisesJson' | 'decoders' | 'maxBytes' | 'maxItems'> {
  const promisesJson = acceptsJson(response.accept);
  return { method: request.method, promisesJson, decoders, maxBytes: maxAnswerBytes, maxItems };
}

/** The arguments to send. @throws CallError `INVALID_ARGUMENTS` */
async function checkedArguments(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  { meta }: Pick<CallContext, 'meta'>,
  { model, validator }: Performing,
): Promise<Readonly<Record<string, unknown>>> {
  const integers = settleIntegers(operation, model.schemas, given, exactIntegersOf(meta));
  const faults = await validator.validate(operation, model.schemas, integers.checked);
  const messages = [...integers.faults, ...faults.map(({ message }) => message)];
  if (messages.length === 0) return integers.sent;
  const { exampleLine } = await import('./arguments/example-line.ts');
  const example = await exampleLine(operation, model.schemas, validator);
  throw new CallError('INVALID_ARGUMENTS', [...messages, ...example].join('\n'));
}

const secretsOfCaller = ({ ofCaller }: Authorised): readonly string[] =>
  Object.values(ofCaller).flatMap(({ secret, hidden }) => [...valuesOf(secret), ...hidden]);

/** Headers of the context, with those of the client's request that this API forwards. */
function contextHeaders(
  context: Pick<CallContext, 'headers' | 'requestHeader'>,
  origin: string,
  { forwardHeaders, credentialOrigins }: Performing,
): CallContext['headers'] {
  const isTrusted = credentialOrigins === undefined || credentialOrigins.includes(origin);
  return forwardedHeaders(isTrusted ? forwardHeaders : [], context);
}

/**
 * RFC 6750 §3.1: an invalid token is a 401. Some APIs send 403, and say why. Another origin, to which the API redirected,
 * got no token.
 */
function isRejectedToken({ status, headers, url }: Performed, { target }: BuiltRequest): boolean {
  if (!isOwn(url, target)) return false;
  if (status !== 403) return status === 401;
  return /\berror="?invalid_token/i.test(headerValue(headers, 'www-authenticate') ?? '');
}

/** Whether a response is from the API, and not from where it redirected to. */
const isOwn = (url: string, target: string): boolean =>
  !URL.canParse(url) || new URL(url).origin === new URL(target).origin;

/** Headers of the context, except those that the call or a credential has set. */
function withFreeHeaders(request: BuiltRequest, headers: CallContext['headers'] = {}): BuiltRequest {
  const taken = new Set(request.headers.map(([name]) => name.toLowerCase()));
  if (request.cookies.length > 0) taken.add('cookie');
  const free = Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase()));
  return free.length === 0 ? request : { ...request, headers: [...request.headers, ...free] };
}

/** Restores exact values where the provider profile listed others. */
function putBack(given: Readonly<Record<string, unknown>>, { request }: Operation): Readonly<Record<string, unknown>> {
  // An object stays an object.
  return coerce(given, request.coercions) as Readonly<Record<string, unknown>>;
}
