import { type ApiModel, getOwn } from '../../../model/index.ts';

/** The scopes that the served operations need; without any, those that the document describes. */
export function neededScopes(
  { operations, auth }: Pick<ApiModel, 'operations' | 'auth'>,
  name: string,
): readonly string[] {
  const needed = operations.flatMap((operation) =>
    operation.auth.flatMap(({ schemes }) =>
      schemes.filter(({ scheme }) => scheme === name).flatMap(({ scopes }) => scopes),
    ),
  );
  if (needed.length > 0) return [...new Set(needed)];
  const scheme = getOwn(auth, name);
  if (scheme?.kind === 'openIdConnect') return ['openid'];
  return scheme?.kind === 'oauth2' ? ((scheme.authorizationCode ?? scheme.deviceAuthorization)?.scopes ?? []) : [];
}
