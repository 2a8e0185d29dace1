import { logOut } from '../../login/log-out.ts';
import type { IssuerAccess } from '../../runtime/api/auth/server-metadata.ts';
import type { TokenKey, TokenStore } from '../../runtime/secrets/token-store.ts';
import { tell } from '../output/report.ts';

/** For the request that revokes a login. */
export const REVOKE_MS = 30_000;

export interface EndedLogin {
  /** Whether there was a login. */
  readonly loggedOut: boolean;
  /** Whether the authorization server has ended it, too. */
  readonly revoked: boolean;
}

/**
 * Ends a login, here and at its authorization server.
 *
 * @param what the start of a sentence: `The login for shop was`
 */
export async function endLogin(
  key: TokenKey,
  store: TokenStore,
  access: IssuerAccess,
  what: string,
): Promise<EndedLogin> {
  const result = await logOut(key, store, access);
  if (result.kind === 'deleted') tell(`${what} deleted here, but may still be valid at ${key.issuer}: ${result.why}.`);
  return { loggedOut: result.kind !== 'none', revoked: result.kind === 'revoked' };
}
