import type { TokenKey, TokenRecord } from '../../runtime/secrets/token-store.ts';

/** A login, as `--json` prints it. It contains no token. */
export interface LoginReport {
  /** The security scheme; `null` if only the store knows the login. */
  readonly scheme: string | null;
  readonly issuer: string;
  readonly audience: string;
  readonly account: string;
  readonly loggedIn: boolean;
  readonly scopes: readonly string[];
  /** When the access token expires, ISO 8601; absent if that is unknown. */
  readonly expiresAt?: string;
  /** Whether the token can be renewed without the person. */
  readonly renewable: boolean;
  /** Why the stored login cannot be used. */
  readonly problem?: string;
}

export function loginReport(scheme: string | null, key: TokenKey, record: TokenRecord | undefined): LoginReport {
  const { issuer, audience, account } = key;
  const expiresAt = record?.expiresAt;
  return {
    scheme,
    issuer,
    audience,
    account,
    loggedIn: record !== undefined,
    scopes: record?.scopes ?? [],
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    renewable: record?.refreshToken !== undefined,
  };
}
