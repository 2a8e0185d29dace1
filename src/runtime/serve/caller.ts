import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Caller, ListContext } from '../provider.ts';

/**
 * Who calls, from what the token verifier told. `sub` names the person; `clientId` only the program they use, which
 * many people share.
 */
export function callerOf({ clientId, scopes, extra }: AuthInfo): Caller {
  const subject = extra?.sub;
  const id = typeof subject === 'string' && subject !== '' ? subject : clientId;
  return { id, scopes, ...(extra && { claims: extra }) };
}

export function listContext(authInfo: AuthInfo | undefined): ListContext {
  return authInfo ? { caller: callerOf(authInfo) } : {};
}
