import type { BearerChallenge } from './bearer-challenge.ts';
import { NotAuthorized } from './not-authorized.ts';

/** The tokens for one MCP server. Each method rejects with `NotAuthorized`, or the reason of the signal. */
export interface Tokens {
  /** The token to send; `undefined` until the server has asked for one. */
  token(signal: AbortSignal): Promise<string | undefined>;
  /** Another token, after the server has answered `sent` with 401. A late answer to an old token renews nothing. */
  afterUnauthorized(sent: string | undefined, challenge: BearerChallenge, signal: AbortSignal): Promise<string>;
  /** A token with more scopes, after `insufficient_scope` (RFC 6750 §3.1). */
  afterForbidden(sent: string | undefined, challenge: BearerChallenge, signal: AbortSignal): Promise<string>;
}

/** The server has rejected a token, and there is no other one. */
export const rejected = (label: string, hint: string): NotAuthorized =>
  new NotAuthorized(`${label} rejected the token`, { code: 'CREDENTIAL_REFUSED', hint });

/** The token lacks scopes. */
export const lacking = (label: string, scopes: readonly string[], hint: string): NotAuthorized =>
  new NotAuthorized(`${label} requires more scopes${scopes.length > 0 ? `: ${scopes.join(' ')}` : ''}`, {
    code: 'CREDENTIAL_REFUSED',
    scopes,
    hint,
  });

/** A ready token. */
export function readyTokens(token: string, label: string): Tokens {
  return {
    token: async () => token,
    async afterUnauthorized() {
      throw rejected(label, 'Check that the token is for this server and has not expired.');
    },
    async afterForbidden(_, { scopes }) {
      throw lacking(label, scopes, 'Get a token with these scopes.');
    },
  };
}
