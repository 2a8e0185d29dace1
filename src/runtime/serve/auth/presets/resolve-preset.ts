import { suggestion } from '../../../text/nearest.ts';
import { AuthError } from '../auth-error.ts';
import { AUTH_PRESETS } from './index.ts';
import type { AuthPreset } from './preset.ts';

/**
 * The preset that `--auth` names, with its account filled in: `auth0:acme.eu.auth0.com`, `github`, or an issuer URL,
 * which is short for `oidc:<url>`.
 *
 * @throws AuthError if there is no such preset, or its account is missing or not needed
 */
export function resolvePreset(
  provider: string,
  { clientId }: { readonly clientId?: string | undefined } = {},
): AuthPreset {
  if (/^https?:\/\//.test(provider)) return resolvePreset(`oidc:${provider}`, { clientId });
  const [name = '', ...rest] = provider.split(':');
  const account = rest.join(':').replace(/\/$/, name === 'oidc' ? '/' : '');
  const preset = AUTH_PRESETS.find((each) => each.name === name);
  if (!preset) throw unknown(name);
  checkAccount(preset, account);
  return filled(preset, account, clientId ?? '');
}

/** A value that does not look like a name may be a credential, so it is not repeated. */
function unknown(name: string): AuthError {
  const names = AUTH_PRESETS.map((preset) => preset.name);
  if (!/^[a-z]{2,12}\d?$/i.test(name)) {
    return new AuthError(
      'UNKNOWN_AUTH_PROVIDER',
      `The identity provider is neither an issuer URL nor one of the presets ${names.join(', ')}. (A credential for the API is written <scheme>=<credential>.)`,
    );
  }
  return new AuthError(
    'UNKNOWN_AUTH_PROVIDER',
    `There is no preset "${name}". ${suggestion(name, names)} Or write the issuer URL of your provider, such as https://login.example.com.`,
  );
}

function checkAccount({ name, title, account }: AuthPreset, given: string): void {
  if (!account && given !== '') {
    throw new AuthError('AUTH_OPTIONS_INVALID', `The preset "${name}" takes nothing after its name: write "${name}".`);
  }
  if (account && given === '') {
    throw new AuthError(
      'AUTH_OPTIONS_INVALID',
      `${title} needs ${account.what} after its name, such as ${name}:${account.example}.`,
    );
  }
  if (/[\s"<>{}]/.test(given)) {
    throw new AuthError('AUTH_OPTIONS_INVALID', `"${given}" is not ${account?.what}. Example: ${account?.example}.`);
  }
}

/** Replaces the placeholders in every text of a preset. */
function filled(preset: AuthPreset, account: string, clientId: string): AuthPreset {
  const parts = account.split('/');
  const fill = (text: string) =>
    text
      .replaceAll('{account}', account)
      .replace(/\{account\.(\d)\}/g, (_, index: string) => parts[Number(index)] ?? '')
      .replaceAll('{clientId}', encodeURIComponent(clientId));
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return fill(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  // Only texts change.
  return walk(preset) as AuthPreset;
}
