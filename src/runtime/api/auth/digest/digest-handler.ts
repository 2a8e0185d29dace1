import { headerParameters, splitQuoted } from '../../../../model/index.ts';
import { challengesIn } from '../../challenges.ts';
import { headerValue } from '../../http.ts';
import { originOfUrl, splitUrl } from '../../split-url.ts';
import type { AuthHandler, AuthRequest, AuthResponse } from '../auth-handler.ts';
import { bestChallenge, type DigestChallenge, digestAuthorization } from './digest-response.ts';

interface Known {
  readonly challenge: DigestChallenge;
  /** How often its nonce was used. */
  count: number;
}

/**
 * Authenticates by HTTP Digest (RFC 7616). The first request to a server is answered with a challenge, and sent once
 * more. Its nonce is used for all later requests, until the server names another one.
 *
 * @param newCnonce a value that the server cannot predict. Default: random
 */
export function digestHandler(
  { username, password }: { readonly username: string; readonly password: string },
  newCnonce: () => string = () => crypto.randomUUID(),
): AuthHandler {
  const known = new Map<string, Known>();
  const used = new WeakMap<AuthRequest, string>();
  /** Requests at the same time may get the same nonce: its count goes on, because the server accepts each only once. */
  const keep = (origin: string, challenge: DigestChallenge): void => {
    const held = known.get(origin);
    known.set(origin, { challenge, count: held?.challenge.nonce === challenge.nonce ? held.count : 0 });
  };
  return {
    async authorize(request) {
      const { origin, target: uri } = splitUrl(request.url);
      const held = known.get(origin.origin);
      if (held === undefined) return {};
      // Before anything is awaited: a count is valid only once.
      held.count += 1;
      const { challenge, count } = held;
      used.set(request, challenge.nonce);
      const { method, body } = request;
      const answered = { challenge, username, password, method, uri, body, count, cnonce: newCnonce() };
      const { header, response } = await digestAuthorization(answered);
      return { headers: { Authorization: header }, secrets: [response, answered.cnonce] };
    },
    onResponse(response, request) {
      const origin = originOfUrl(request.url);
      const held = known.get(origin);
      if (response.status !== 401) {
        const nonce = nextNonce(response);
        if (held && nonce) keep(origin, { ...held.challenge, nonce });
        return false;
      }
      const challenge = bestChallenge(challengesIn(response.headers));
      if (challenge === undefined) return false;
      keep(origin, challenge);
      const before = used.get(request);
      // The same nonce again means that the password is wrong. Not every server says that an old one is stale.
      return before === undefined || challenge.isStale || challenge.nonce !== before;
    },
  };
}

/** RFC 7616 §3.5 */
function nextNonce({ headers }: AuthResponse): string | undefined {
  const value = headerValue(headers, 'authentication-info');
  return value === undefined ? undefined : headerParameters(splitQuoted(value, ',')).get('nextnonce');
}
