import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Caller, ListContext } from '../../provider.ts';

/**
 * The caller, from the result of the token verifier. `sub` identifies the user; `clientId` only the program, which many
 * users share.
 */
export function callerOf({ clientId, scopes, extra }: AuthInfo): Caller {
  const subject = extra?.sub;
  const id = typeof subject === 'string' && subject !== '' ? subject : clientId;
  return { id, scopes, ...(extra && { claims: extra }) };
}

export function listContext(authInfo: AuthInfo | undefined): ListContext {
  return authInfo ? { caller: callerOf(authInfo) } : {};
}
