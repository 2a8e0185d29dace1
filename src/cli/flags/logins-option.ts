import { existsSync } from 'node:fs';
import { tokenFolder } from '../../login/token-folder.ts';
import type { ApiFlags } from '../../options/flags.ts';
import type { ProxyOptions } from '../../proxy.ts';
import type { TokenStore } from '../../runtime/secrets/token-store.ts';
import { tell, usageError } from '../output/report.ts';
import type { Environment } from './environment.ts';

type StoreFlags = Pick<ApiFlags, 'tokenStore'>;

/** How an API finds stored logins. Without a folder of logins, nothing is loaded. */
export function loginsOption(flags: StoreFlags, environment: Environment): Pick<ProxyOptions, 'logins'> {
  const folder = tokenFolder(environment, process.platform);
  if (folder === undefined || flags.tokenStore === 'memory') return {};
  return { logins: { open: async () => (existsSync(folder) ? openStore(folder, flags) : undefined) } };
}

/** Where the tokens of callers who connect accounts are kept. Nothing is opened before one does. */
export function callerStore(flags: StoreFlags, environment: Environment): Pick<ProxyOptions, 'tokenStore'> {
  const folder = tokenFolder(environment, process.platform);
  if (folder === undefined || flags.tokenStore === 'memory') return {};
  return { tokenStore: () => openStore(folder, flags, tell) };
}

/**
 * The store of the person at the terminal.
 *
 * @throws CommandError if there is no place for it
 */
export async function loginStore(flags: StoreFlags, environment: Environment): Promise<TokenStore> {
  const folder = tokenFolder(environment, process.platform);
  if (flags.tokenStore === 'memory') {
    throw usageError('--token-store memory would end the login with this command.', 'Use keychain or file.');
  }
  if (folder !== undefined) return openStore(folder, flags, tell);
  throw usageError('There is no home folder to store logins in.', 'Set OPENAPI_MCP_TOKENS to a folder.');
}

async function openStore(
  folder: string,
  { tokenStore }: StoreFlags,
  onWarning: (text: string) => void = () => {},
): Promise<TokenStore> {
  const { openTokenStore } = await import('../../login/open-token-store.ts');
  return openTokenStore({ folder, place: tokenStore, onWarning });
}
