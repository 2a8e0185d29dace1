import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../runtime/node/file-lock.ts';
import { NotPrivateError, readPrivateFile } from '../runtime/node/private-file.ts';
import { replaceFile } from '../runtime/node/replace-file.ts';
import type { KeyPurpose } from '../runtime/node/token-file.ts';
import { TokenStoreError } from '../runtime/secrets/token-store.ts';
import type { Keychain } from './keychain.ts';

export interface EncryptionKeyOptions {
  /** The folder of the logins, which exists when a key is created. */
  readonly folder: string;
  /** Where the key is. `undefined`: in the file if there is one, otherwise in the keychain if there is one. */
  readonly place: 'keychain' | 'file' | undefined;
  readonly keychain: Keychain;
  /** Receives a sentence for the user when a key is created in a file because there is no keychain. */
  readonly onWarning: (text: string) => void;
}

/**
 * The key of a folder of logins, created for the first login. It is read once.
 *
 * The function throws TokenStoreError: `TOKEN_KEY_MISSING` if something is to be decrypted and there is no key,
 * `TOKEN_KEYCHAIN_UNAVAILABLE`, `TOKEN_FILE_NOT_PRIVATE`, `TOKEN_KEY_WRONG` if the file holds no key.
 */
export function encryptionKey(options: EncryptionKeyOptions): (purpose: KeyPurpose) => Promise<Uint8Array> {
  let known: Promise<Uint8Array> | undefined;
  return async (purpose) => {
    const finding = known ?? findKey(options, purpose);
    known = finding;
    try {
      return await finding;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}

const FILE = 'encryption.key';
const KEY_LENGTH = 32;

async function findKey(options: EncryptionKeyOptions, purpose: KeyPurpose): Promise<Uint8Array> {
  const found = await existingKey(options, purpose);
  if (found) return found;
  if (purpose === 'read') throw keyMissing(options.folder);
  // Another process may be creating one at this moment.
  return withFileLock(join(options.folder, `${FILE}.lock`), async () => {
    return (await existingKey(options, purpose)) ?? createKey(options);
  });
}

async function existingKey(
  { folder, place, keychain }: EncryptionKeyOptions,
  purpose: KeyPurpose,
): Promise<Uint8Array | undefined> {
  const path = join(folder, FILE);
  if (place === 'file' || (place === undefined && existsSync(path))) return keyInFile(path);
  try {
    return await keychain.get();
  } catch (error) {
    // A new key can be created in a file.
    if (place === undefined && purpose === 'write') return undefined;
    throw error;
  }
}

async function createKey({ folder, place, keychain, onWarning }: EncryptionKeyOptions): Promise<Uint8Array> {
  const key = randomBytes(KEY_LENGTH);
  if (place !== 'file') {
    try {
      await keychain.set(key);
      return key;
    } catch (error) {
      if (place === 'keychain' || !(error instanceof TokenStoreError)) throw error;
      onWarning(
        `${error.message} The logins are encrypted with a key in ${join(folder, FILE)}: whoever can read your files can use them.`,
      );
    }
  }
  replaceFile(join(folder, FILE), `${key.toString('base64')}\n`, 0o600);
  return key;
}

async function keyInFile(path: string): Promise<Uint8Array | undefined> {
  let text: string | undefined;
  try {
    text = await readPrivateFile(path);
  } catch (error) {
    const isShared = error instanceof NotPrivateError;
    const code = isShared ? 'TOKEN_FILE_NOT_PRIVATE' : 'TOKEN_FILE_UNREADABLE';
    const message = isShared ? `Other users can access ${path}.` : `${path} cannot be read.`;
    const hint = isShared
      ? `If nobody else could have read it: chmod 600 '${path}'. Otherwise delete it and log in again.`
      : 'Check its owner and permissions.';
    throw new TokenStoreError(code, message, { hint, cause: error });
  }
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_LENGTH) return key;
  throw new TokenStoreError('TOKEN_KEY_WRONG', `${path} holds no 32-byte key.`, {
    hint: 'Restore the file, or delete it and log in again.',
  });
}

const keyMissing = (folder: string): TokenStoreError =>
  new TokenStoreError('TOKEN_KEY_MISSING', `The key that the logins in ${folder} are encrypted with is not there.`, {
    hint: 'Use the --token-store of the login. If the key is lost: openapi-mcp auth logout, then auth login.',
  });
