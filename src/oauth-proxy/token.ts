import { json, OAuthError, unavailable } from '../runtime/serve/pages/http.ts';
import { digestText } from '../runtime/text/random-text.ts';
import { checkResource } from './authorize.ts';
import type { Context } from './context.ts';
import { GRANT_TTL, isNamed } from './grants.ts';
import type { Grant } from './records.ts';

/** The token endpoint (RFC 6749 §3.2). */
export async function token(form: ReadonlyMap<string, string>, context: Context): Promise<Response> {
  const clientId = await context.clientOf(form);
  checkResource(form.get('resource'), context.settings.resource);
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeemCode(form, clientId, context);
    case 'refresh_token':
      return refresh(form, clientId, context);
    case undefined:
      throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
    default:
      throw new OAuthError('unsupported_grant_type', 'Supported: authorization_code and refresh_token.');
  }
}

async function redeemCode(form: ReadonlyMap<string, string>, clientId: string, context: Context): Promise<Response> {
  const { tickets, records, grants } = context;
  const code = form.get('code') ?? '';
  const grantId = await tickets.grantOf('code', code);
  if (grantId === undefined) throw invalidGrant('The code is not valid.');
  const stored = await records.take('code', code);
  if (!stored) {
    // RFC 9700 §2.1.1, RFC 6749 §4.1.2: somebody has used it before, and one of them stole it.
    await grants.revoke(grantId);
    throw invalidGrant('The code has expired, or was used before. What it gave access to has ended.');
  }
  const { request } = stored;
  if (request.clientId !== clientId) throw invalidGrant('The code was issued to another client.');
  if (request.redirectUri !== form.get('redirect_uri')) throw invalidGrant('redirect_uri is not that of the request.');
  const verifier = form.get('code_verifier') ?? '';
  // RFC 7636 §4.1 and §4.6
  if (!/^[\w.~-]{43,128}$/.test(verifier) || (await digestText(verifier)) !== request.challenge) {
    throw invalidGrant('code_verifier does not match the code_challenge of the request.');
  }
  await grants.start(grantId, stored).catch(refuseEnded);
  return tokens(context, grantId, stored.grant, stored.grant.scopes);
}

async function refresh(form: ReadonlyMap<string, string>, clientId: string, context: Context): Promise<Response> {
  const { tickets, records, grants } = context;
  const ticket = form.get('refresh_token') ?? '';
  const grantId = await tickets.grantOf('refresh', ticket);
  if (grantId === undefined) throw invalidGrant('The refresh token is not valid.');
  const grant = await grants.get(grantId);
  if (!grant) throw invalidGrant('The login has ended.');
  if (grant.clientId !== clientId) throw invalidGrant('The refresh token was issued to another client.');
  if (!(await records.get('refresh', ticket))) return reused(context, grantId);
  const scopes = narrowed(form.get('scope'), grant);
  // Before the token is used up: if the upstream cannot be reached, the client tries again with it.
  const current = await grants.renew(grantId).catch((error) => {
    if (isNamed(error, 'VerifierUnavailableError')) {
      context.onError(error);
      throw unavailable('The identity provider cannot be reached. The refresh token is still valid.');
    }
    return refuseEnded(error);
  });
  if (!(await records.take('refresh', ticket))) return reused(context, grantId);
  // The upstream may have withdrawn some in the meantime.
  const left = scopes.filter((scope) => current.scopes.includes(scope));
  return tokens(context, grantId, current, left);
}

/** RFC 9700 §4.14.2: the client and a thief both have the token, and nobody can tell which is which. */
async function reused({ grants }: Context, grantId: string): Promise<never> {
  await grants.revoke(grantId);
  throw invalidGrant('The refresh token was used before, so the login has ended. Authorize again.');
}

/** RFC 6749 §6: at most the scopes of the grant. */
function narrowed(requested: string | undefined, { scopes }: Grant): readonly string[] {
  if (requested === undefined) return scopes;
  const names = requested.split(' ').filter((name) => name !== '' && name !== 'offline_access');
  const beyond = names.find((name) => !scopes.includes(name));
  if (beyond !== undefined) throw new OAuthError('invalid_scope', `The user has not granted the scope ${beyond}.`);
  return names.length === 0 ? scopes : names;
}

async function tokens(
  { accessTokens, tickets, records }: Context,
  id: string,
  grant: Grant,
  scopes: readonly string[],
) {
  const { token: accessToken, expiresIn } = await accessTokens.issue(id, grant, scopes);
  // Without one, the login ends with the upstream's token.
  const lasting = grant.renewable || grant.accessExpiresAt === undefined;
  const refreshToken = lasting ? await tickets.issue('refresh', id) : undefined;
  if (refreshToken !== undefined) await records.put('refresh', refreshToken, true, GRANT_TTL);
  return json({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: scopes.join(' '),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  });
}

function refuseEnded(error: unknown): never {
  if (isNamed(error, 'InvalidTokenError')) throw invalidGrant(error.message);
  throw error;
}

const invalidGrant = (message: string) => new OAuthError('invalid_grant', message);
