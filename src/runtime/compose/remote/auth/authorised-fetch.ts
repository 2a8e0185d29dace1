import { MAX_BYTES, readText } from '../../../api/auth/read-json.ts';
import { bearerChallenge } from './bearer-challenge.ts';
import type { Concealing } from './concealing.ts';
import { lacking, rejected, type Tokens } from './tokens.ts';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface AuthorisedFetch {
  readonly tokens: Tokens;
  /** The server's name in messages. */
  readonly label: string;
  /** Whether a URL may receive the token. */
  readonly receives: (url: URL) => boolean;
  readonly concealing: Concealing;
}

/**
 * `fetch` with the token of a server. It knows which token it sent, so that a rejected token is renewed once, whatever
 * the number of requests in flight. A request that was rejected with 401 or `insufficient_scope` was not executed, and
 * is sent again with another token.
 */
export function authorisedFetch({ tokens, label, receives, concealing }: AuthorisedFetch): Fetch {
  return async (url, init = {}) => {
    // A redirect inside the origin, for example; the SDK follows no other.
    if (!receives(new URL(url))) return fetch(url, init);
    const signal = init.signal ?? new AbortController().signal;
    let sent = await tokens.token(signal);
    let [renewals, stepUps] = [0, 0];
    for (;;) {
      if (sent !== undefined) concealing.add(sent);
      const response = await fetch(url, withToken(init, sent));
      const challenge = bearerChallenge(response.headers.get('www-authenticate') ?? undefined);
      // What the server repeats of the token must not reach a message.
      const named = { ...challenge, scopes: challenge.scopes.filter((scope) => concealing.text(scope) === scope) };
      if (response.status === 401) {
        await response.body?.cancel();
        if (renewals++ === MOST_RENEWALS)
          throw rejected(label, 'It rejects new tokens, too: report that to its operator.');
        sent = await tokens.afterUnauthorized(sent, named, signal);
      } else if (response.status === 403 && challenge.error === 'insufficient_scope') {
        await response.body?.cancel();
        if (stepUps++ > 0)
          throw lacking(label, named.scopes, 'The new token lacks them, too: ask the operator for access.');
        sent = await tokens.afterForbidden(sent, named, signal);
      } else return response.ok ? response : concealed(response, concealing);
    }
  };
}

/** The first one may meet the end of a lifetime that the second one has passed. */
const MOST_RENEWALS = 2;

function withToken(init: RequestInit, token: string | undefined): RequestInit {
  if (token === undefined) return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** An error response: its text ends up in messages. */
async function concealed(response: Response, { text }: Concealing): Promise<Response> {
  const { status, statusText, headers, body } = response;
  // The body of a response is iterable in every runtime that has `fetch` on a server.
  const content = await readText(body as unknown as AsyncIterable<Uint8Array> | null, MAX_BYTES);
  const hasBody = body !== null && status >= 200 && ![204, 205, 304].includes(status);
  return new Response(hasBody ? text(content ?? '') : null, { status, statusText: text(statusText), headers });
}
