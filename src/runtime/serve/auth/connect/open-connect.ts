import type { Sharing } from '../../process-id.ts';
import { AuthError } from '../auth-error.ts';
import type { AuthFetch } from '../auth-fetch.ts';
import type { AuthOptions } from '../auth-options.ts';
import { resolvePreset } from '../presets/resolve-preset.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { openBrowserLogin } from './browser-login.ts';
import { type Consents, LOGIN_PATH, openConsents } from './consents.ts';

export interface OpenConnectParts {
  /** The public URL. */
  readonly resource: string;
  readonly fetch: AuthFetch;
  /** Verifies tokens of the provider. */
  readonly verifier: TokenVerifier;
  readonly onError: (error: Error) => void;
  /** What this process shares with others; absent: it is alone. */
  readonly sharing?: Sharing;
}

/**
 * The pages on which callers consent at third parties, for `auth.login`.
 *
 * @throws AuthError if nobody can prove to be a caller there
 */
export async function openConnect(
  { login = {}, provider = '', clientId, clientSecret, proxy }: AuthOptions,
  { resource, fetch, verifier, onError, sharing }: OpenConnectParts,
): Promise<Consents> {
  const own = login.clientId === undefined ? { clientId, clientSecret } : login;
  if (own.clientId === undefined || own.clientId === '') {
    throw new AuthError(
      'AUTH_OPTIONS_INVALID',
      `auth.login needs clientId: an application at the provider, with the redirect URI ${new URL(resource).origin}${LOGIN_PATH}.`,
    );
  }
  const { origin } = new URL(resource);
  const browser = await openBrowserLogin({
    preset: resolvePreset(provider, { clientId: own.clientId }),
    verifier,
    client: { clientId: own.clientId, clientSecret: own.clientSecret },
    scopes: login.scopes,
    // Behind the OAuth proxy, the provider knows nothing of this server.
    resource: proxy ? undefined : resource,
    redirectUri: `${origin}${LOGIN_PATH}`,
    fetch,
  });
  return openConsents({ origin, server: resource, login: browser, onError, now: Date.now, sharing });
}
