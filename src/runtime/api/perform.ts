import { type ApiModel, acceptsJson, type Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import type { CallContext } from '../provider.ts';
import type { Authorised, Authoriser } from './auth/authorise.ts';
import { buildRequest } from './build-request.ts';
import { coerce } from './coerce.ts';
import { type Concealer, type Concealers, concealInAnswer } from './conceal/index.ts';
import { exactIntegersOf, settleIntegers } from './exact-integers.ts';
import type { FileAccess } from './files.ts';
import type { BuiltRequest, HttpResponse, HttpSender } from './http.ts';
import { type Answer, type AnswerHold, acceptEncoding, type Decoders, readAnswer } from './read/index.ts';
import { sendFollowing } from './send.ts';
import type { ArgumentValidator } from './validate-arguments.ts';

/** What a call needs besides the model; one for all calls of an API. */
export interface Performing {
  readonly model: ApiModel;
  readonly send: HttpSender;
  readonly sendRedirected: (origin: string) => HttpSender;
  /** Hides what must not be seen in an answer, or in an error. */
  readonly concealers: Concealers;
  readonly authoriser: Authoriser;
  readonly validator: ArgumentValidator;
  readonly decoders: Decoders;
  readonly files: FileAccess;
  /** The server of an operation; a problem in words where it has none that can be used. */
  serverUrl(operation: Operation): { readonly url: string } | { readonly problem: string };
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly maxItems: number;
}

/** What the API answered. */
export interface Performed {
  readonly answer: Answer;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly url: string;
  /** For what is made of all that: markup, for one, may part a credential until it is removed. */
  readonly conceal: Concealer;
  /** Where the credentials of the request came from, for messages. */
  readonly sources: readonly string[];
}

/**
 * One call of the API: arguments validated, request built, authorised and sent, answer read. A refused OAuth token is
 * replaced once.
 *
 * @param hold what is held of the process's memory for the answer; the caller releases it, also after an error
 * @throws CallError; where no request was sent, its code says so.
 */
export async function perform(
  { operation, arguments: given }: { operation: Operation; arguments: Readonly<Record<string, unknown>> },
  { signal, progress, headers, meta }: Pick<CallContext, 'signal' | 'progress' | 'headers' | 'meta'>,
  performing: Performing,
  hold: AnswerHold,
): Promise<Performed> {
  const { model, authoriser, validator, decoders } = performing;
  const integers = settleIntegers(operation, model.schemas, putBack(given, operation), exactIntegersOf(meta));
  const faults = await validator.validate(operation, model.schemas, integers.checked);
  const messages = [...integers.faults, ...faults.map(({ message }) => message)];
  if (messages.length) throw new CallError('INVALID_ARGUMENTS', messages.join('\n'));
  const server = performing.serverUrl(operation);
  if ('problem' in server) throw new CallError('NETWORK_FAILED', server.problem);
  const built = await buildRequest({
    operation,
    schemas: model.schemas,
    arguments: integers.sent,
    serverUrl: server.url,
    files: performing.files,
    signal,
  });
  const request = { ...built, headers: [...built.headers, ['Accept-Encoding', acceptEncoding(decoders)] as const] };

  const authorised = await authoriser.authorise(operation, request, signal);
  const first = await exchange(authorised);
  if (first.status !== 401 || !authoriser.onUnauthorized(authorised)) return first;
  hold.release();
  return exchange(await authoriser.authorise(operation, request, signal));

  async function exchange({ request, secretQuery, tokens, sources }: Authorised): Promise<Performed> {
    const {
      response,
      url,
      signal: waitSignal,
    } = await sendFollowing({
      request: withFreeHeaders(request, headers),
      secretQuery,
      send: performing.send,
      sendRedirected: performing.sendRedirected,
      signal,
      timeoutMs: performing.timeoutMs,
    });
    const answer = await readAnswer({
      response,
      method: operation.request.method,
      promisesJson: acceptsJson(operation.response.accept),
      decoders,
      maxBytes: performing.maxAnswerBytes,
      maxItems: performing.maxItems,
      hold,
      waitSignal,
      signal,
      onProgress: (items) => progress({ progress: items, message: `${items} items` }),
    });
    const conceal = performing.concealers({ tokens, headers });
    return {
      answer: concealInAnswer(answer, conceal),
      status: response.status,
      headers: conceal.headers(response.headers),
      // A redirect may lead to where the API wants it told.
      url: conceal.text(url),
      conceal,
      sources,
    };
  }
}

/** Headers of the context: only those that neither the call nor a credential has set. */
function withFreeHeaders(request: BuiltRequest, headers: CallContext['headers'] = {}): BuiltRequest {
  const taken = new Set(request.headers.map(([name]) => name.toLowerCase()));
  if (request.cookies.length > 0) taken.add('cookie');
  const free = Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase()));
  return free.length === 0 ? request : { ...request, headers: [...request.headers, ...free] };
}

/** The exact values where the provider profile showed others. */
function putBack(given: Readonly<Record<string, unknown>>, { request }: Operation): Readonly<Record<string, unknown>> {
  // An object stays an object, whatever is put back inside it.
  return coerce(given, request.coercions) as Readonly<Record<string, unknown>>;
}
