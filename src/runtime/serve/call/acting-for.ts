import type { AuthInfo } from '@modelcontextprotocol/server';
import { withAccess } from '../../caller-access.ts';
import type { ListContext } from '../../provider.ts';
import { callerOf } from './caller.ts';
import { type Invitation, openAccess } from './caller-tokens.ts';

/** Runs what acts on behalf of the caller, which lists do not. */
export async function actingFor<T>(
  authInfo: AuthInfo | undefined,
  run: (context: ListContext, invitations: readonly Invitation[]) => Promise<T>,
): Promise<T> {
  if (!authInfo) return run({}, []);
  const { access, invitations, end } = openAccess(authInfo);
  try {
    return await run({ caller: withAccess(callerOf(authInfo), access) }, invitations);
  } finally {
    end();
  }
}
