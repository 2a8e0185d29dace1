import { CallError } from '../../call-error.ts';
import { isToolError, messageOf } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { untilAborted } from '../../until-aborted.ts';
import { secretHeaderValues } from '../conceal/secrets-of.ts';
import { canBeHeaderValue, HEADER_NAME_SYNTAX } from '../header-syntax.ts';
import { type BuiltRequest, type HttpResponse, headerValue } from '../http.ts';
import { httpRequest, type SignedRequest } from '../send/send.ts';
import { cookiePair, queryPair, withCookie, withHeader, withQuery } from './apply.ts';
import type { AuthAdditions, AuthHandler, AuthRequest } from './auth-handler.ts';
import { clockDifference } from './clock-difference.ts';

/** A handler that authenticates requests for a scheme. */
export interface Signer {
  readonly scheme: string;
  readonly handler: AuthHandler;
}

/** The handlers of one request, in the order of its security requirement. */
export interface Signing {
  /** @throws CallError `SIGNING_FAILED` */
  sign(request: BuiltRequest, signal: AbortSignal): Promise<SignedRequest>;
  /** Shows the response to the handlers. Returns true if one of them asks for a retry after a 401. */
  wantsRetry(response: Pick<HttpResponse, 'status' | 'headers'>, signal: AbortSignal): Promise<boolean>;
  /** What to do if the API rejects a signature: see that the clock is right, which signatures contain. */
  remedies(response: Pick<HttpResponse, 'status' | 'headers'>): readonly string[];
  /** What was added so far, to be hidden in the response. */
  readonly secrets: readonly string[];
}

export function openSigning(signers: readonly Signer[]): Signing {
  const secrets: string[] = [];
  /** The last request of each signer. */
  let seen: readonly (readonly [Signer, AuthRequest])[] = [];
  return {
    secrets,
    async sign(request, signal) {
      const asked: (readonly [Signer, AuthRequest])[] = [];
      const secretQuery: string[] = [];
      let signed = request;
      for (const signer of signers) {
        const shown = shownRequest(signed, signer, signal);
        const additions = await asking(signer, signal, () => signer.handler.authorize(shown));
        checkAdditions(signer, additions);
        asked.push([signer, shown]);
        secrets.push(...secretsOfAdditions(additions));
        secretQuery.push(...Object.entries(additions.query ?? {}).map(([name, value]) => queryPair(name, value)));
        signed = withAdditions(signed, additions);
      }
      seen = asked;
      return { request: signed, secretQuery };
    },
    async wantsRetry({ status, headers }, signal) {
      let wanted = false;
      for (const [signer, request] of seen) {
        const { handler } = signer;
        const wants = await asking(signer, signal, () => handler.onResponse?.({ status, headers }, request));
        if (wants === true) wanted = true;
      }
      return wanted && status === 401;
    },
    remedies({ status, headers }) {
      if (status !== 401 && status !== 403) return [];
      const remedy = clockDifference(headerValue(headers, 'date'), Date.now(), MAX_CLOCK_DIFFERENCE);
      return remedy === undefined ? [] : [remedy];
    },
  };
}

/** What AWS and most others tolerate. In milliseconds. */
const MAX_CLOCK_DIFFERENCE = 5 * 60_000;

function shownRequest(built: BuiltRequest, { scheme }: Signer, signal: AbortSignal): AuthRequest {
  const { method, url, headers, body } = httpRequest(built, signal);
  return {
    scheme,
    method,
    url,
    headers,
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    signal,
  };
}

const withAdditions = (request: BuiltRequest, { headers = {}, query = {}, cookies = {} }: AuthAdditions) => {
  const named = Object.entries(headers).reduce((built, [name, value]) => withHeader(built, name, value), request);
  const pairs = Object.entries(query).map(([name, value]) => queryPair(name, value));
  const asked = pairs.reduce(withQuery, named);
  return Object.entries(cookies).reduce((built, [name, value]) => withCookie(built, cookiePair(name, value)), asked);
};

function secretsOfAdditions({ headers = {}, query = {}, cookies = {}, secrets }: AuthAdditions): readonly string[] {
  if (secrets) return secrets;
  const added = [headers, query, cookies].flatMap((named) => Object.values(named));
  // `Authorization` is what every value is read as: the name does not say whether it is a secret, it is one.
  return added.flatMap((value) => [...secretHeaderValues({ Authorization: value }), ...parametersOf(value)]);
}

/** `keyId="a",signature="…"`, `ts=1;v1=…`: the values that are not words. */
const parametersOf = (value: string): readonly string[] =>
  [...value.matchAll(/=\s*"?([\w+/.~-]{16,}={0,2})/g)].flatMap(([, found = '']) =>
    /\d/.test(found) && /[A-Za-z]/.test(found) ? found : [],
  );

/** @throws CallError `SIGNING_FAILED`, `CANCELLED`, and the reason of `signal` */
async function asking<Result>({ scheme }: Signer, signal: AbortSignal, ask: () => Result | Promise<Result>) {
  try {
    return await untilAborted(Promise.resolve().then(ask), signal);
  } catch (error) {
    if (error instanceof CallError) throw error;
    if (signal.aborted && error === signal.reason) {
      throw new CallError('CANCELLED', 'The client cancelled the call.', { cause: error });
    }
    if (isToolError(error)) throw failed(scheme, messageOf(error));
    // Its message may contain the key, so it is not shown; the place is.
    throw failed(scheme, `it threw ${kindOf(error)}${placeOf(error)}.`, 'The error is in that code.');
  }
}

const failed = (scheme: string, why: string, hint?: string): CallError =>
  new CallError('SIGNING_FAILED', `The auth handler of "${scheme}" failed: ${why}`, hint === undefined ? {} : { hint });

const kindOf = (error: unknown): string => {
  const name = error instanceof Error ? error.constructor.name : '';
  return /^\w+$/.test(name) ? `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}` : 'a value';
};

/** ` at sign.mjs:12:3`: the first line of the stack that names a file. */
function placeOf(error: unknown): string {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  for (const frame of frames) {
    const [, place] = /([\w.-]+\.[cm]?[jt]sx?(?::\d+){1,2})\)?$/.exec(frame) ?? [];
    if (place !== undefined) return ` at ${place}`;
  }
  return '';
}

/** The sender sets them by the body and the connection. */
const FRAMING = /^(?:host|content-length|transfer-encoding|connection|cookie)$/i;

function checkAdditions({ scheme }: Signer, additions: unknown): asserts additions is AuthAdditions {
  const refuse = (why: string) => failed(scheme, why, 'Correct what its method "authorize" returns.');
  if (!isRecord(additions)) throw refuse('it returned no object.');
  const unknown = Object.keys(additions).find((name) => !PARTS.includes(name));
  if (unknown !== undefined) throw refuse(`it returned "${unknown}", which is not one of ${PARTS.join(', ')}.`);
  for (const part of ['headers', 'query', 'cookies']) {
    const named = additions[part] ?? {};
    if (!isRecord(named)) throw refuse(`its ${part} are not an object.`);
    for (const [name, value] of Object.entries(named)) {
      if (typeof value !== 'string') throw refuse(`the value of ${part}.${name} is not a string.`);
      if (part !== 'query' && !HEADER_NAME_SYNTAX.test(name)) throw refuse(`a name in its ${part} is not valid.`);
      if (part === 'headers' && FRAMING.test(name)) throw refuse(`it may not set the header ${name}.`);
      if (part === 'headers' && !canBeHeaderValue(value)) {
        throw refuse(`the header ${name} has a character that headers cannot contain.`);
      }
    }
  }
}

const PARTS = ['headers', 'query', 'cookies', 'secrets'];
