import type { CallerAuthConfig } from '../../config/caller-auth-config.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { usageError } from '../output/report.ts';
import type { Environment } from './environment.ts';

/**
 * `--auth` of `run` has two meanings: `<scheme>=<credential>` is a credential for the API, anything else is the identity
 * provider of callers.
 */
export function splitAuth<Flags extends Pick<FlagsOf<'run'>, 'auth'>>(
  flags: Flags,
): { readonly flags: Flags; readonly provider: string | undefined } {
  const isProvider = (text: string) => /^https?:\/\//.test(text) || !text.includes('=');
  const [provider, ...others] = flags.auth.filter(isProvider);
  if (others.length > 0) {
    throw usageError('--auth names two identity providers.', 'Name the others in a config file: auth.verifiers.');
  }
  return { flags: { ...flags, auth: flags.auth.filter((text) => !isProvider(text)) }, provider };
}

/**
 * Callers connect accounts on pages of the server, which must know whether the person in front of a page is the caller.
 *
 * @param scheme one with the credential `connect`
 * @throws CommandError if nothing says so
 */
export function checkConnecting(scheme: string | undefined, callers: CallerAuthConfig | undefined): void {
  if (scheme === undefined || (callers?.provider !== undefined && callers.login)) return;
  throw usageError(
    `Callers connect accounts for "${scheme}" in a browser, and nothing says how a browser proves to be a caller’s.`,
    'Set provider, an identity provider, and login, an application there, in the section auth of the config file. Keys and OPENAPI_MCP_TOKEN belong to no person.',
  );
}

type CallerFlags = Pick<FlagsOf<'run'>, 'audience' | 'requiredScope' | 'publicUrl'>;

/**
 * Who may call over HTTP: flags override the config file. `undefined` if neither says so.
 *
 * @throws CommandError if a flag has no effect without a provider
 */
export function callerAuth(
  config: CallerAuthConfig | undefined,
  provider: string | undefined,
  { audience, requiredScope, publicUrl }: CallerFlags,
  environment: Environment,
): CallerAuthConfig | undefined {
  if (config === undefined && provider === undefined) {
    const [idle] = [
      ...(audience.length > 0 ? ['--audience'] : []),
      ...(requiredScope.length > 0 ? ['--required-scope'] : []),
      ...(publicUrl === undefined ? [] : ['--public-url']),
    ];
    if (idle === undefined) return undefined;
    const fix = 'Add --auth with an issuer URL or a preset, or an auth section to the config file.';
    throw usageError(`${idle} has no effect without --auth.`, fix);
  }
  const { OPENAPI_MCP_AUTH_CLIENT_ID: clientId, OPENAPI_MCP_AUTH_CLIENT_SECRET: clientSecret } = environment;
  return {
    ...config,
    ...(provider !== undefined && { provider }),
    ...(audience.length > 0 && { audience: audience.length === 1 ? audience[0] : audience }),
    ...(requiredScope.length > 0 && { requiredScopes: requiredScope }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(clientId && { clientId }),
    ...(clientSecret && { clientSecret }),
  };
}
