import type { Transport } from '@modelcontextprotocol/client';
import type { ClientAuth, LoginAuth, TokenAuth } from './auth-options.ts';
import { authorisedFetch, type Fetch } from './authorised-fetch.ts';
import { clientTokens } from './client-tokens.ts';
import { concealed, tokenConcealing } from './concealing.ts';
import { LoginTokens } from './login-tokens.ts';
import { placeOf } from './place.ts';
import { covers, resourceUrl } from './resource-url.ts';
import { readyTokens } from './tokens.ts';

/** The authorization of one server, for all of its connections. */
export interface OpenAuth {
  /** Sends the token, to this server only. */
  readonly fetch: Fetch;
  /** Hides the token in what the server sends. */
  concealed<T extends Transport>(transport: T): T;
}

/** @param type of the transport: the one of 2024 names another path of the origin for its messages */
export function openAuth(auth: TokenAuth | ClientAuth | LoginAuth, url: URL, type: 'http' | 'sse'): OpenAuth {
  const place = placeOf(url);
  const concealing = tokenConcealing();
  const receives = (target: URL) => (type === 'sse' ? target.origin === url.origin : covers(resourceUrl(url), target));
  const tokens =
    'token' in auth
      ? readyTokens(auth.token, place.label)
      : 'store' in auth
        ? new LoginTokens(auth, place)
        : clientTokens(auth, place);
  return {
    fetch: authorisedFetch({ tokens, label: place.label, receives, concealing }),
    concealed: (transport) => concealed(transport, concealing),
  };
}
