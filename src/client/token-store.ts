import { OptionError } from '../runtime/options/option-error.ts';
import type { TokenStore } from '../runtime/secrets/token-store.ts';

export interface OpenTokenStoreOptions {
  /** Default: that of `openapi-mcp auth login`, so that programs and commands share logins. */
  readonly folder?: string;
  /** Where the encryption key is. Default: the keychain of the operating system if there is one, otherwise a file. */
  readonly place?: 'keychain' | 'file';
  /** Receives sentences for the user, such as that there is no keychain. Default: ignored. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Logins in encrypted files, which several processes may share. Nothing is created before the first login.
 *
 * @throws OptionError if there is no folder, and the environment names no home
 */
export async function openTokenStore({ folder, ...options }: OpenTokenStoreOptions = {}): Promise<TokenStore> {
  const [module, { tokenFolder }] = await Promise.all([
    import('../login/open-token-store.ts'),
    import('../login/token-folder.ts'),
  ]);
  const place = folder ?? tokenFolder(process.env, process.platform);
  if (place === undefined) throw new OptionError('openTokenStore() needs a folder: the environment names no home.');
  return module.openTokenStore({ folder: place, ...options });
}
