import { messageOf } from '../../errors.ts';
import { type AuthFetch, type AuthRequest, fetchJson, globalFetch } from './auth-fetch.ts';
import { issuerOf, otherAudience } from './jwt-verifier.ts';
import { at, scopesOf } from './scopes-of.ts';
import { InvalidTokenError, type TokenVerifier, VerifierUnavailableError } from './token-verifier.ts';

/** How a provider is asked about an opaque token, and where its response has what. */
export interface TokenInfo {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** How the token is sent. `field` is its name, by default `token`. */
  readonly send: 'form' | 'json' | 'query' | 'bearer';
  readonly field?: string;
  /** How we authenticate. Default: not at all. */
  readonly authenticate?: 'basic' | 'none';
  /** Paths of members, `user.id`. */
  readonly subject: readonly string[];
  /** The client that the token was issued to: must be ours. Absent: only the audience is checked. */
  readonly client?: string;
  readonly scope?: string;
  /** When it expires: in seconds since 1970, in seconds from now, or as a date. */
  readonly expires?: { readonly at?: string; readonly in?: string; readonly date?: string };
  /** Must be `true`. */
  readonly active?: string;
}

/** RFC 7662. */
export const introspection = (url: string): TokenInfo => ({
  method: 'POST',
  url,
  send: 'form',
  authenticate: 'basic',
  subject: ['sub', 'username', 'client_id'],
  scope: 'scope',
  expires: { at: 'exp' },
  active: 'active',
});

export interface TokenInfoVerifierOptions {
  readonly issuer: string;
  readonly info: TokenInfo;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** One of them must be in `aud` of the response. Without `info.client`, it is required. */
  readonly audience: readonly string[];
  readonly fetch?: AuthFetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

type Info = Readonly<Record<string, unknown>>;

/** At once: anybody can send made-up tokens, and each costs a request of ours. */
const MOST_REQUESTS = 50;

/** Asks the provider about opaque tokens: RFC 7662, or an endpoint of its own. */
export function tokenInfoVerifier(options: TokenInfoVerifierOptions): TokenVerifier {
  const { issuer, info, fetch = globalFetch, now = Date.now } = options;
  let asking = 0;
  return {
    authorizationServers: [issuer],
    claims(token) {
      const named = issuerOf(token);
      return named === undefined ? !looksLikeJwt(token) : named === issuer;
    },
    async verify(token) {
      if (asking >= MOST_REQUESTS)
        throw new VerifierUnavailableError(`${info.url} is asked about too many tokens.`, { retryAfter: 1 });
      asking += 1;
      const answer = await ask(fetch, requestFor(token, options), info.url).finally(() => {
        asking -= 1;
      });
      checkActive(answer, options, now());
      const subject = info.subject.map((path) => at(answer, path)).find((value) => value !== undefined);
      if (typeof subject !== 'string' && typeof subject !== 'number') {
        throw new InvalidTokenError('The provider does not say who the token belongs to.');
      }
      const clientId = at(answer, info.client ?? 'client_id');
      const expiresAt = expiryOf(answer, info, now());
      return {
        issuer,
        subject: String(subject),
        ...(typeof clientId === 'string' && { clientId }),
        scopes: scopesOf({ scope: info.scope === undefined ? undefined : at(answer, info.scope) }),
        ...(expiresAt !== undefined && { expiresAt }),
        claims: withoutToken(answer, token),
      };
    },
  };
}

/** A JWT of another issuer is not for this verifier, even if its payload cannot be read. */
const looksLikeJwt = (token: string) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) && token.startsWith('eyJ');

function requestFor(token: string, { info, clientId = '', clientSecret = '' }: TokenInfoVerifierOptions) {
  const { method, url, send, field = 'token', authenticate } = info;
  const basic = `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`;
  const headers: Record<string, string> = authenticate === 'basic' ? { Authorization: basic } : {};
  const form = new URLSearchParams({ [field]: token, ...(send === 'form' && { token_type_hint: 'access_token' }) });
  switch (send) {
    case 'form':
      headers['Content-Type'] = 'application/x-www-form-urlencoded';
      return { url, init: { method, headers, body: form.toString() } };
    case 'json':
      headers['Content-Type'] = 'application/json';
      return { url, init: { method, headers, body: JSON.stringify({ [field]: token }) } };
    case 'query':
      return { url: `${url}?${form}`, init: { method, headers } };
    case 'bearer':
      headers.Authorization = `Bearer ${token}`;
      return { url, init: { method, headers } };
  }
}

/** @throws InvalidTokenError, VerifierUnavailableError. The messages never contain the URL, which may have the token. */
async function ask(
  fetch: AuthFetch,
  { url, init }: { url: string; init: Omit<AuthRequest, 'redirect'> },
  name: string,
): Promise<Info> {
  const { status, body } = await fetchJson(fetch, url, init).catch((error: unknown) => {
    throw new VerifierUnavailableError(`${name} did not respond: ${messageOf(error)}`, { cause: error });
  });
  if (status === 200 && body) return body;
  // With our own credentials in the request, 401 and 403 are about them.
  const isAboutUs = init.headers?.Authorization?.startsWith('Basic ') === true && (status === 401 || status === 403);
  if (!isAboutUs && status >= 400 && status < 500 && status !== 429) {
    throw new InvalidTokenError('The provider does not accept the token.');
  }
  const advice = isAboutUs ? ' Check clientId and clientSecret.' : '';
  throw new VerifierUnavailableError(`${name} responded with status ${status}.${advice}`);
}

function checkActive(answer: Info, options: TokenInfoVerifierOptions, now: number): void {
  const { issuer, info, clientId, audience } = options;
  if (info.active !== undefined && at(answer, info.active) !== true) {
    throw new InvalidTokenError('The token is expired, revoked or unknown to the provider.');
  }
  if (answer.iss !== undefined && answer.iss !== issuer) throw new InvalidTokenError('The token has another issuer.');
  if (info.client !== undefined && at(answer, info.client) !== clientId) throw otherAudience();
  const { aud } = answer;
  const audiences = Array.isArray(aud) ? aud : [aud];
  const isOurs = audience.some((each) => audiences.includes(each));
  if (info.client === undefined && !isOurs) throw otherAudience();
  const expiresAt = expiryOf(answer, info, now);
  if (expiresAt !== undefined && expiresAt * 1000 <= now) throw new InvalidTokenError('The token has expired.');
  const { nbf } = answer;
  if (typeof nbf === 'number' && nbf * 1000 > now + 30_000) throw new InvalidTokenError('The token is not valid yet.');
}

/** The claims, without members that repeat the token (GitHub does): nothing behind the gate may have it. */
function withoutToken(answer: Info, token: string): Info {
  const kept = Object.entries(answer).filter(([, value]) => !JSON.stringify(value)?.includes(token));
  return Object.fromEntries(kept);
}

/** Seconds since 1970. */
function expiryOf(answer: Info, { expires = {} }: TokenInfo, now: number): number | undefined {
  const read = (path: string | undefined) => (path === undefined ? undefined : at(answer, path));
  const seconds = (value: unknown) =>
    value === undefined || value === '' || value === null ? Number.NaN : Number(value);
  const absolute = seconds(read(expires.at));
  if (!Number.isNaN(absolute)) return absolute;
  const relative = seconds(read(expires.in));
  if (!Number.isNaN(relative)) return now / 1000 + relative;
  const date = Date.parse(String(read(expires.date) ?? ''));
  return Number.isNaN(date) ? undefined : date / 1000;
}
