import type { AuthScheme } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { accessOf } from '../../caller-access.ts';
import type { Caller } from '../../provider.ts';
import type { CallerSource, ExchangeWay } from './caller-credential.ts';
import { CallerRefusedError } from './caller-refused.ts';
import { callerToken } from './caller-token.ts';
import { askInTurn, asRefusal } from './oauth2.ts';
import type { TokenEndpoint } from './open-id-connect.ts';
import { type SchemeEndpointMeans, schemeEndpoint } from './scheme-endpoint.ts';
import { type KeptToken, keyedTokens, type TokenCacheMeans } from './token-cache.ts';
import {
  assertAllowed,
  authenticationFor,
  type ClientAuthentication,
  requestToken,
  type TokenAnswer,
} from './token-request.ts';

export type ExchangeMeans = SchemeEndpointMeans & TokenCacheMeans;

/** Callers whose tokens are kept. The others' are exchanged again. */
const MOST = 1_000;

/**
 * Exchanges callers' tokens for tokens of the API (RFC 8693; Entra ID, on-behalf-of flow). A token is kept per caller,
 * program, and scopes of both tokens, until it or the caller's token expires, and fetched once for concurrent calls.
 */
export function exchangeSource(
  name: string,
  { scheme, way }: { readonly scheme: AuthScheme; readonly way: ExchangeWay },
  means: ExchangeMeans,
): CallerSource {
  const tokens = keyedTokens({ ...means, most: MOST });
  const ask = exchanger(name, { scheme, way }, means);
  const unlessFailed = pausing(means.now);
  return {
    isPrepared: true,
    async holding({ caller, scopes, signal }) {
      const wanted = way.scopes ?? scopes;
      const key = keyOf(caller, wanted);
      const subject = await callerToken(caller);
      if (subject === undefined) throw nothingToExchange(name);
      const notAfter = accessOf(caller)?.expiresAt;
      const fetch = async (fetching: AbortSignal): Promise<KeptToken> => {
        const token = await unlessFailed(key, () => ask(subject, wanted, fetching));
        return { ...token, notAfter };
      };
      const token = await tokens.token(key, fetch, signal);
      return {
        secret: { kind: 'bearer', token },
        isFromToken: true,
        hidden: [subject],
        drop: () => void tokens.drop(key, token),
      };
    },
  };
}

/** A call asks twice: before it starts, and when it runs. What has just failed is not tried again at once. */
const PAUSE_MS = 1_000;

function pausing(now: () => number) {
  const failed = new Map<string, { readonly error: unknown; readonly until: number }>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = failed.get(key);
    if (known && now() < known.until) throw known.error;
    failed.delete(key);
    try {
      return await work();
    } catch (error) {
      if (failed.size >= MOST) failed.clear();
      // A caller that has authenticated again gets another answer.
      if (!(error instanceof CallerRefusedError)) failed.set(key, { error, until: now() + PAUSE_MS });
      throw error;
    }
  };
}

/** A token with fewer scopes, or for another program, must not lead to what another token of the same user gave. */
function keyOf({ id, scopes, claims = {} }: Caller, wanted: readonly string[]): string {
  const program = claims.client_id ?? claims.azp ?? null;
  return JSON.stringify([id, program, [...scopes].sort(), [...wanted].sort()]);
}

function exchanger(
  name: string,
  { scheme, way }: { readonly scheme: AuthScheme; readonly way: ExchangeWay },
  means: ExchangeMeans,
) {
  const { clientId, clientSecret, tokenUrl, grant, token } = way;
  const find =
    tokenUrl === undefined
      ? schemeEndpoint(name, scheme, { tokenUrl: flowTokenUrl(scheme), isSettled: false }, means)
      : async (): Promise<TokenEndpoint> => ({ url: tokenUrl });
  let known: { readonly url: string; readonly methods: Methods } | undefined;

  return async (subject: string, scopes: readonly string[], signal: AbortSignal): Promise<KeptToken> => {
    try {
      known ??= settled(await find(signal));
      const { url, methods } = known;
      // The operator's own URL may be in its network; the document's only if the API may.
      assertAllowed(url, tokenUrl !== undefined || means.allowPrivate);
      const full = { ...grant, [token]: subject, ...(scopes.length > 0 && { scope: scopes.join(' ') }) };
      const asking = { tokenUrl: url, grant: full, send: means.send, signal };
      const request = (authentication: ClientAuthentication) =>
        requestToken({ ...asking, client: { clientId, clientSecret, authentication } });
      const { answer, method } = await askInTurn(methods, request);
      if ('refused' in answer) throw refusal(name, url, answer);
      known = { url, methods: [method] };
      return answer.token;
    } catch (error) {
      throw asRefusal(name, error);
    }
  };
}

type Methods = readonly [ClientAuthentication, ...ClientAuthentication[]];

/** Basic first, which every server must support (RFC 6749 §2.3.1), unless it says that it does not. */
function settled({ url, methods = [] }: TokenEndpoint): { readonly url: string; readonly methods: Methods } {
  const first = authenticationFor(methods);
  return { url, methods: first === 'body' ? ['body', 'basic'] : ['basic', 'body'] };
}

/** The flows of a scheme share its authorization server. */
function flowTokenUrl(scheme: AuthScheme): string | undefined {
  if (scheme.kind !== 'oauth2') return undefined;
  const flow = scheme.authorizationCode ?? scheme.clientCredentials ?? scheme.deviceAuthorization;
  return flow?.tokenUrl;
}

/** A wrong request of ours must not send the caller to log in, again and again. */
function refusal(name: string, url: string, answer: Exclude<TokenAnswer, { token: unknown }>): CallError {
  const { host } = new URL(url);
  const { refused, detail, claims } = answer;
  if (isAboutCaller(refused, detail)) {
    return new CallerRefusedError(`${host} did not exchange the token of the caller for "${name}": ${detail}.`, {
      kind: 'authenticate',
      ...(claims !== undefined && { claims }),
    });
  }
  const message = `${host} returned no token for "${name}" on behalf of the caller: ${detail}.`;
  const hint = `The caller cannot change that. Check auth.${name} and the registration of this server at ${host}.`;
  return new CallError('CREDENTIAL_REFUSED', message, { hint });
}

/**
 * RFC 6749 §5.2 and OpenID Connect Core 1.0 §3.1.2.6. RFC 8693 §2.2.2 has `invalid_request` for a subject token that is
 * not valid, but also for a request that is not.
 */
function isAboutCaller(refused: string, detail: string): boolean {
  if (ABOUT_CALLER.has(refused)) return true;
  return (
    refused === 'invalid_request' && /\bsubject[ _]token\b/i.test(detail) && !/type|missing|required/i.test(detail)
  );
}

const ABOUT_CALLER: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_token',
  'interaction_required',
  'login_required',
  'consent_required',
]);

const nothingToExchange = (name: string): CallError =>
  new CallError('MISSING_CREDENTIAL', `This caller has no token that could be exchanged for "${name}".`, {
    hint: 'Callers need an access token of an identity provider: keys, and the one token for all, cannot be exchanged.',
  });
