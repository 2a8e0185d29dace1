import { type AuthInfo, ProtocolError } from '@modelcontextprotocol/server';
import { asError, isProviderError } from '../../errors.ts';
import { lackingScopes } from '../../lacking-scopes.ts';
import type { CallContext, Provider, ScopedRequest } from '../../provider.ts';
import { actingFor } from './acting-for.ts';
import { challengeOf } from './caller-tokens.ts';
import { type Performing, performCall } from './perform-call.ts';
import { protocolError } from './protocol-error.ts';
import { requiredScopesOf } from './required-scopes.ts';

export { callTool } from './call-tool.ts';
export { protocolError };

/**
 * Runs one call, as `performCall`, and reports errors that are not the caller's.
 *
 * @param uri of the resource that is read
 * @throws ProtocolError
 */
export async function serveCall<T>(around: Performing, run: (context: CallContext) => Promise<T>, uri?: string) {
  try {
    return await performCall(around, run);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (!isProviderError(error) && !around.ctx.mcpReq.signal.aborted) around.onError(asError(error));
    throw protocolError(error, uri);
  }
}

/** The scopes to challenge the caller for; `undefined` if the call may start. */
export async function challengedScopes(
  provider: Provider,
  request: ScopedRequest | undefined,
  authInfo: AuthInfo | undefined,
): Promise<[string, ...string[]] | undefined> {
  const lacking = request && (await actingFor(authInfo, (context) => lackingScopes(provider, request, context)));
  // The scopes do not matter: the endpoint replaces this response.
  if (challengeOf(authInfo)) return ['none'];
  if (!lacking || lacking.length === 0) return undefined;
  const [first = '', ...others] = new Set([...lacking, ...requiredScopesOf(authInfo)]);
  return [first, ...others];
}
