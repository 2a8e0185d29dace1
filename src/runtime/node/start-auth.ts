import { defined } from '../../model/index.ts';
import type { Provider } from '../provider.ts';
import { senderFetch } from '../serve/auth/auth-fetch.ts';
import type { AuthOptions } from '../serve/auth/auth-options.ts';
import { requireScopes } from '../transforms/require-scopes.ts';
import { scopesIn } from '../transforms/scope-rules.ts';
import { openSenders } from './senders.ts';

export interface StartAuthMeans {
  /** From the command line. */
  readonly provider: string | undefined;
  readonly audience: readonly string[] | undefined;
  readonly requiredScopes: readonly string[] | undefined;
  readonly publicUrl: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Who may call a started server. */
export interface StartedAuth {
  readonly auth: AuthOptions;
  /** The provider with the scope rules, which must be applied before anything that lists its tools in another way. */
  restricted(provider: Provider): Promise<Provider>;
  close(): Promise<void>;
}

/** The command line overrides the environment, which overrides the program. */
export function startAuth({ scopes, ...own }: AuthOptions, { environment, ...flags }: StartAuthMeans): StartedAuth {
  const senders = openSenders({ environment });
  const words = (text: string | undefined) => text?.split(/\s+/).filter((word) => word !== '');
  const provider = flags.provider ?? (environment.OPENAPI_MCP_AUTH || undefined);
  const audience = flags.audience ?? words(environment.OPENAPI_MCP_AUDIENCE);
  const requiredScopes = flags.requiredScopes ?? words(environment.OPENAPI_MCP_REQUIRED_SCOPES);
  const publicUrl = flags.publicUrl ?? (environment.OPENAPI_MCP_PUBLIC_URL || undefined);
  const { OPENAPI_MCP_AUTH_CLIENT_ID: clientId, OPENAPI_MCP_AUTH_CLIENT_SECRET: clientSecret } = environment;
  const auth: AuthOptions = {
    fetch: senderFetch(senders.document),
    ...own,
    scopesSupported: [...(own.scopesSupported ?? []), ...(scopes ? scopesIn(scopes) : [])],
    ...(audience && { audience: audience.length === 1 ? audience[0] : audience }),
    ...defined({ provider, requiredScopes, publicUrl }),
    ...(clientId && { clientId }),
    ...(clientSecret && { clientSecret }),
  };
  return {
    auth,
    restricted: async (served) => (scopes ? requireScopes(served, scopes) : served),
    close: senders.close,
  };
}
