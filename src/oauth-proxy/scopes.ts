import type { VerifiedToken } from '../runtime/serve/auth/token-verifier.ts';
import { OAuthError } from '../runtime/serve/pages/http.ts';
import type { UpstreamTokens } from './upstream.ts';

/**
 * The supported scopes among the requested ones (RFC 6749 §3.3: the server may grant fewer). Without a request, all.
 *
 * @throws OAuthError if none of the requested scopes is supported
 */
export function scopesOf(requested: string | undefined, supported: readonly string[]): readonly string[] {
  const names = [...new Set((requested ?? '').split(' ').filter((name) => name !== ''))];
  if (names.length === 0) return supported;
  const known = names.filter((name) => supported.includes(name));
  // Always granted, in the form of refresh tokens.
  const others = names.filter((name) => !supported.includes(name) && name !== 'offline_access');
  if (known.length > 0 || others.length === 0) return known;
  throw new OAuthError(
    'invalid_scope',
    `This server has no scope of these. Its scopes: ${supported.join(' ') || 'none'}.`,
  );
}

/**
 * What the user has consented to and the upstream has granted. Consent alone grants nothing: it passes on what the user
 * may do, and only the upstream knows what that is. Some providers prefix the scopes of a request (`api://<id>/read`), but not those of a token.
 */
export function grantedScopes(
  consented: readonly string[],
  {
    asked,
    tokens,
    user,
  }: { readonly asked: readonly string[]; readonly tokens: UpstreamTokens; readonly user: VerifiedToken },
): readonly string[] {
  const reported = [...(tokens.scopes ?? []), ...user.scopes];
  // RFC 6749 §5.1: without `scope` in the response, it is the one that was requested.
  return among(consented, reported.length > 0 ? reported : asked);
}

/** What is left of the scopes of a login, by what the upstream reports now. Without a report, all. */
export function remainingScopes(
  { scopes, told = [] }: { readonly scopes: readonly string[]; readonly told?: readonly string[] },
  user: VerifiedToken,
): readonly string[] {
  const reported = [...told, ...user.scopes];
  return reported.length > 0 ? among(scopes, reported) : scopes;
}

function among(scopes: readonly string[], granted: readonly string[]): readonly string[] {
  const names = new Set(granted.flatMap((name) => [name, shortName(name)]));
  return scopes.filter((name) => names.has(name));
}

const shortName = (scope: string) => scope.slice(scope.lastIndexOf('/') + 1);
