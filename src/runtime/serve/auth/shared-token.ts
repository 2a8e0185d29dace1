import type { AuthInfo } from '@modelcontextprotocol/server';
import { type Admission, refused } from '../http/admission.ts';
import { bearerToken } from './bearer-token.ts';
import { challengeHeader } from './challenge.ts';
import type { InboundAuth } from './inbound-auth.ts';
import { type Digest, equalDigests, webDigest } from './sha256.ts';

/**
 * One token for all callers: whoever has it may do everything. For several callers, or none that share a secret, see
 * `open-auth.ts`.
 */
export function sharedToken(token: string, digest: Digest = webDigest): InboundAuth {
  const expected = digest(token);
  return {
    async authenticate(head): Promise<Admission> {
      const given = bearerToken(head);
      if (given.kind === 'token' && equalDigests(await digest(given.token), await expected)) {
        return { kind: 'admitted', authInfo: HOLDER, headers: {} };
      }
      const text = 'This server requires a bearer token: Authorization: Bearer <token>.';
      return refused(401, text, { 'WWW-Authenticate': challengeHeader({}) });
    },
    handler: () => undefined,
    close: async () => {},
  };
}

/** The token itself is not passed on. */
const HOLDER: AuthInfo = { token: '', clientId: 'token-holder', scopes: [] };

/** Whether it is a caller of whom only the token is known, which any number of them share. */
export const isTokenHolder = (authInfo: AuthInfo): boolean => authInfo === HOLDER;
