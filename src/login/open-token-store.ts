import { tokenFileStore } from '../runtime/node/token-file.ts';
import { memoryTokenStore, type TokenStore } from '../runtime/secrets/token-store.ts';
import { encryptionKey } from './encryption-key.ts';
import { type Keychain, openKeychain } from './keychain.ts';

export interface TokenStoreOptions {
  readonly folder: string;
  /** `memory`: forgotten at the end of the process. Default: the keychain if there is one, otherwise a file. */
  readonly place?: 'keychain' | 'file' | 'memory' | undefined;
  /** Default: that of the operating system. */
  readonly keychain?: Keychain;
  /** Receives sentences for the user. Default: ignored. */
  readonly onWarning?: (text: string) => void;
}

/** The store of logins. Nothing is read or created until it is used. */
export function openTokenStore({
  folder,
  place,
  keychain = openKeychain(folder),
  onWarning = () => {},
}: TokenStoreOptions): TokenStore {
  if (place === 'memory') return memoryTokenStore();
  return tokenFileStore({ folder, encryptionKey: encryptionKey({ folder, place, keychain, onWarning }) });
}
