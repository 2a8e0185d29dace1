import { NO_STORE, OAuthError } from '../runtime/serve/pages/http.ts';
import type { Context } from './context.ts';

/**
 * The revocation endpoint (RFC 7009). Either token ends the login: its refresh token and all of its access tokens.
 */
export async function revoke(form: ReadonlyMap<string, string>, context: Context): Promise<Response> {
  const clientId = await context.clientOf(form);
  const token = form.get('token');
  if (token === undefined) throw new OAuthError('invalid_request', 'The parameter token is missing.');
  const { grants, tickets, accessTokens } = context;
  const grantId =
    (await tickets.grantOf('refresh', token)) ??
    (await accessTokens.verify(token).then(
      ({ grantId: id }) => id,
      () => undefined,
    ));
  const grant = grantId === undefined ? undefined : await grants.get(grantId);
  if (grantId !== undefined && grant) {
    if (grant.clientId !== clientId) throw new OAuthError('invalid_request', 'The token was issued to another client.');
    await grants.revoke(grantId);
  }
  // RFC 7009 §2.2: also for a token that is not valid.
  return new Response(null, { status: 200, headers: NO_STORE });
}
