import { TokenStoreError } from '../runtime/secrets/token-store.ts';

/** One secret in the keychain of the operating system. */
export interface Keychain {
  /** @throws TokenStoreError `TOKEN_KEYCHAIN_UNAVAILABLE` */
  get(): Promise<Uint8Array | undefined>;
  /** @throws TokenStoreError `TOKEN_KEYCHAIN_UNAVAILABLE` */
  set(secret: Uint8Array): Promise<void>;
}

/**
 * The entry for a folder of logins: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux. Never
 * the kernel keyring of Linux, which forgets at a restart and is not shared by sessions.
 */
export function openKeychain(folder: string): Keychain {
  const entry = async () => {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return new AsyncEntry('openapi-mcp', folder, { linux: { store: 'secret-service' } });
  };
  return {
    get: () =>
      orUnavailable(async () => {
        const text = await (await entry()).getPassword();
        return text ? Buffer.from(text, 'base64') : undefined;
      }),
    set: (secret) => orUnavailable(async () => (await entry()).setPassword(Buffer.from(secret).toString('base64'))),
  };
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    const reason = isMissing ? 'the optional package @napi-rs/keyring is not installed' : firstLine(error);
    const hint = 'Unlock or start the keychain of your desktop, or pass --token-store file.';
    const message = `The keychain of this computer cannot be used: ${reason}.`;
    throw new TokenStoreError('TOKEN_KEYCHAIN_UNAVAILABLE', message, { hint, cause: error });
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1).join('').replace(/\.$/, '');
