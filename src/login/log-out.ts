import type { IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import { clientOf } from '../runtime/api/auth/stored-login.ts';
import { postForm } from '../runtime/api/auth/token-request.ts';
import { type TokenKey, type TokenStore, TokenStoreError } from '../runtime/secrets/token-store.ts';

/** `revoked`: the authorization server has ended the login, too; `why not` if it has not. */
export type LogoutResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'deleted'; readonly why: string };

/** Revokes the tokens at the authorization server (RFC 7009), and deletes them here, whatever the server says. */
export async function logOut(key: TokenKey, store: TokenStore, access: IssuerAccess): Promise<LogoutResult> {
  const why = await revocationProblem(key, store, access);
  if (!(await store.delete(key))) return { kind: 'none' };
  return why === undefined ? { kind: 'revoked' } : { kind: 'deleted', why };
}

async function revocationProblem(
  key: TokenKey,
  store: TokenStore,
  { send, signal }: IssuerAccess,
): Promise<string | undefined> {
  try {
    const record = await store.get(key);
    if (record === undefined) return undefined;
    const { revocationEndpoint, refreshToken, accessToken } = record;
    if (revocationEndpoint === undefined) return 'the authorization server has no revocation endpoint';
    // RFC 7009 §2: with the refresh token, the access tokens of the login end, too.
    const grant = {
      token: refreshToken ?? accessToken,
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
    };
    const response = await postForm(revocationEndpoint, { client: clientOf(record), grant, send, signal });
    for await (const _ of response.body) break;
    return response.status === 200 ? undefined : `the authorization server responded with status ${response.status}`;
  } catch (error) {
    if (error instanceof TokenStoreError) return error.message.replace(/\.$/, '');
    return 'the authorization server cannot be reached';
  }
}
