import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Caller, ListContext } from '../../provider.ts';

/**
 * The caller, from the result of the token verifier. `sub` identifies the user, but only within its issuer (RFC 7519
 * §4.1.2); `clientId` only the program, which many users share.
 */
export function callerOf({ clientId, scopes, extra }: AuthInfo): Caller {
  const { sub: subject, iss: issuer } = extra ?? {};
  const own = typeof subject === 'string' && subject !== '' ? subject : clientId;
  const id = typeof issuer === 'string' && issuer !== '' ? callerId(issuer, own) : own;
  return { id, scopes, ...(extra && { claims: extra }) };
}

/** Issuers have no spaces, so no two pairs are joined to the same text. */
export const callerId = (issuer: string, subject: string): string => `${issuer} ${subject}`;

export function listContext(authInfo: AuthInfo | undefined): ListContext {
  return authInfo ? { caller: callerOf(authInfo) } : {};
}
