import type { CallerAuthConfig } from '../../config/config.ts';
import type { RunFlags } from '../../options/flags.ts';
import { openSenders } from '../../runtime/node/senders.ts';
import { senderFetch } from '../../runtime/serve/auth/auth-fetch.ts';
import type { AuthOptions } from '../../runtime/serve/auth/auth-options.ts';
import { scopesIn } from '../../runtime/transforms/scope-rules.ts';
import { type Environment, readOptionFile } from './environment.ts';

/** Options of the server, whose requests to the provider go through the proxies and certificates of the command line. */
export function openCallerAuth(
  { scopes, scopesSupported = [], ...callers }: CallerAuthConfig,
  { ca }: Pick<RunFlags, 'ca'>,
  environment: Environment,
): { readonly auth: AuthOptions; close(): Promise<void> } {
  const senders = openSenders({ environment, ca: ca.map((file) => readOptionFile(file, '--ca')) });
  const auth = {
    ...callers,
    // The rules apply already, below what lists the tools in another mode.
    scopesSupported: [...scopesSupported, ...(scopes ? scopesIn(scopes) : [])],
    fetch: senderFetch(senders.document),
  };
  return { auth, close: senders.close };
}
