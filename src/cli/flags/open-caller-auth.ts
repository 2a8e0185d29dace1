import type { CallerAuthConfig, OAuthProxyConfig } from '../../config/caller-auth-config.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { Senders } from '../../runtime/api/senders.ts';
import { openSenders } from '../../runtime/node/senders.ts';
import { senderFetch } from '../../runtime/serve/auth/auth-fetch.ts';
import type { AuthOptions } from '../../runtime/serve/auth/auth-options.ts';
import { resolvePreset } from '../../runtime/serve/auth/presets/resolve-preset.ts';
import type { SharedStore } from '../../runtime/shared-store.ts';
import { scopesIn } from '../../runtime/transforms/scope-rules.ts';
import { usageError } from '../output/report.ts';
import { type Environment, readOptionFile } from './environment.ts';

export interface CallerAuthMeans {
  readonly flags: Pick<FlagsOf<'run'>, 'ca'>;
  readonly environment: Environment;
  readonly onError: (error: Error) => void;
  /** What the processes of the server share. */
  readonly store: SharedStore | undefined;
}

export interface OpenedCallerAuth {
  readonly auth: AuthOptions;
  /** What the operator should know. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** Options of the server, whose requests to the provider go through the proxies and certificates of the command line. */
export async function openCallerAuth(
  { proxy, ...callers }: CallerAuthConfig,
  { flags, environment, onError, store }: CallerAuthMeans,
): Promise<OpenedCallerAuth> {
  const senders = openSenders({ environment, ca: flags.ca.map((file) => readOptionFile(file, '--ca')) });
  const { scopes, scopesSupported = [], ...rest } = callers;
  const offered = [...scopesSupported, ...(scopes ? scopesIn(scopes) : [])];
  // The scope rules apply already, below what lists the tools in another mode.
  const auth = { ...rest, scopesSupported: offered, fetch: senderFetch(senders.document) };
  try {
    const opened = proxy && { proxy: await openProxy(proxy, callers, { senders, onError, store }) };
    return { auth: { ...auth, ...opened }, notices: opened ? [] : registrationNotices(callers), close: senders.close };
  } catch (error) {
    await senders.close();
    throw error;
  }
}

function registrationNotices({ provider, clientId }: CallerAuthConfig): readonly string[] {
  const preset = provider === undefined ? undefined : resolvePreset(provider, { clientId });
  if (preset?.registration !== 'proxy') return [];
  return [
    `MCP clients cannot register at ${preset.title}: add proxy to the section auth of the config file, or give each client a client id of ${preset.title}. See docs/auth.md.`,
  ];
}

/** @throws CommandError if what the proxy needs is missing */
async function openProxy(
  { folder, ...proxy }: OAuthProxyConfig,
  callers: Omit<CallerAuthConfig, 'proxy'>,
  { senders, onError, store: shared }: Pick<CallerAuthMeans, 'onError' | 'store'> & { readonly senders: Senders },
) {
  const { provider, clientId, clientSecret, publicUrl, requiredScopes = [], scopes, audience } = callers;
  if (provider === undefined || clientId === undefined || publicUrl === undefined) {
    const missing = Object.entries({ provider, clientId, publicUrl }).flatMap(([key, value]) =>
      value === undefined ? [`auth.${key}`] : [],
    );
    throw usageError(`The OAuth proxy needs ${missing.join(', ')}.`, 'Set them in the config file.');
  }
  const { fileStore, memoryStore, presetProxy, sharedOAuthStore } = await import('../../oauth-proxy/index.ts');
  const own = () => (folder === undefined ? memoryStore() : fileStore({ folder }));
  const store = shared ? await sharedOAuthStore(shared, proxy.secret) : own();
  return presetProxy({
    ...proxy,
    provider,
    clientId,
    publicUrl,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(audience !== undefined && { audience }),
    scopesSupported: [...new Set([...requiredScopes, ...(scopes ? scopesIn(scopes) : [])])],
    store,
    fetch: senderFetch(senders.document),
    publicFetch: senderFetch(senders.publicOnly),
    onError,
  });
}
