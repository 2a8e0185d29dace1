import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import {
  oneAtATime,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
  tokenKeyText,
} from '../secrets/token-store.ts';
import { parsedJson } from '../text/parsed-json.ts';
import { withFileLock } from './file-lock.ts';
import { NotPrivateError, readPrivateFile } from './private-file.ts';
import { makePrivateFolder } from './private-folder.ts';
import { replaceFile } from './replace-file.ts';

export interface TokenFileOptions {
  /** Created for the first record; only this user may have access. */
  readonly folder: string;
  /** The 32-byte key. Called when a record is decrypted (`read`) or encrypted (`write`), not for `list`. */
  readonly encryptionKey: (purpose: KeyPurpose) => Promise<Uint8Array>;
}

/** `write` may create a key, `read` must not: what is to be decrypted had one. */
export type KeyPurpose = 'read' | 'write';

/**
 * Tokens in a folder, one file for each key: AES-256-GCM (NIST SP 800-38D) with a new IV for each write and the key of
 * the record as additional data, so that a file is of no use without the encryption key or under another name. Writes
 * replace the file atomically, under a lock that all processes respect.
 */
export function tokenFileStore({ folder, encryptionKey }: TokenFileOptions): TokenStore {
  const inTurn = oneAtATime();
  const pathOf = (key: TokenKey) => join(folder, `${sha256(tokenKeyText(key))}${RECORD}`);
  const read = async (key: TokenKey) => {
    const text = await contentOf(pathOf(key));
    return text === undefined
      ? undefined
      : decrypted(text, { key, path: pathOf(key), secret: await encryptionKey('read') });
  };
  const locked = <T>(key: TokenKey, work: () => Promise<T>): Promise<T> =>
    inTurn(key, async () => {
      await failing(folder, async () => makePrivateFolder(folder));
      return withFileLock(`${pathOf(key)}.lock`, work);
    });
  return {
    get: read,
    async list() {
      const names = await failing(folder, () => readdir(folder), []);
      const texts = await Promise.all(
        names.filter((name) => name.endsWith(RECORD)).map((name) => contentOf(join(folder, name))),
      );
      return texts.flatMap((text) => (text === undefined ? [] : (envelopeOf(text) ?? []))).map(({ key }) => key);
    },
    delete: (key) =>
      locked(key, async () => {
        // Even if it cannot be decrypted: that is how an unusable login is replaced.
        const path = pathOf(key);
        const found = await failing(path, () => readdir(folder));
        if (!found.some((name) => join(folder, name) === path)) return false;
        await failing(path, () => rm(path, { force: true }));
        return true;
      }),
    update: (key, change) =>
      locked(key, async () => {
        const current = await read(key);
        const record = await change(current);
        if (record === current) return record;
        const text = encrypted(record, { key, secret: await encryptionKey('write') });
        await failing(pathOf(key), async () => replaceFile(pathOf(key), text, 0o600));
        return record;
      }),
  };
}

const RECORD = '.token.json';
const FORMAT = 'openapi-mcp-token/1';
const CIPHER = 'aes-256-gcm';
/** Bytes: NIST SP 800-38D §8.2. */
const IV_LENGTH = 12;

/** What is stored in plain text: whose tokens they are, and which key they are encrypted with. */
interface Envelope {
  readonly key: TokenKey;
  readonly keyId: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

function encrypted(record: TokenRecord, { key, secret }: { key: TokenKey; secret: Uint8Array }): string {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv(CIPHER, secret, iv).setAAD(Buffer.from(tokenKeyText(key)));
  const data = Buffer.concat([cipher.update(JSON.stringify(record), 'utf8'), cipher.final()]);
  const { issuer, audience, account } = key;
  const envelope = { format: FORMAT, issuer, audience, account, keyId: keyIdOf(secret) };
  const sealed = { iv: base64(iv), tag: base64(cipher.getAuthTag()), data: base64(data) };
  return `${JSON.stringify({ ...envelope, ...sealed })}\n`;
}

/** @throws TokenStoreError if it was encrypted with another key, or changed, or belongs to another key of the store */
function decrypted(
  text: string,
  { key, path, secret }: { key: TokenKey; path: string; secret: Uint8Array },
): TokenRecord {
  const envelope = envelopeOf(text);
  if (envelope === undefined || tokenKeyText(envelope.key) !== tokenKeyText(key)) throw damaged(path);
  if (envelope.keyId !== keyIdOf(secret)) {
    throw new TokenStoreError('TOKEN_KEY_WRONG', `The login in ${path} was encrypted with another key.`, {
      hint: 'Use the --token-store and OPENAPI_MCP_TOKENS of that login. If its key is lost: openapi-mcp auth logout, then auth login.',
    });
  }
  try {
    const decipher = createDecipheriv(CIPHER, secret, Buffer.from(envelope.iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(tokenKeyText(key))).setAuthTag(Buffer.from(envelope.tag, 'base64'));
    const plain = Buffer.concat([decipher.update(Buffer.from(envelope.data, 'base64')), decipher.final()]);
    // Authenticated: this program wrote it.
    return JSON.parse(plain.toString('utf8')) as TokenRecord;
  } catch (error) {
    throw damaged(path, error);
  }
}

const damaged = (path: string, cause?: unknown): TokenStoreError =>
  new TokenStoreError('TOKEN_RECORD_DAMAGED', `The login in ${path} was changed, or copied from elsewhere.`, {
    hint: 'It is not used. Find out who changed it; then openapi-mcp auth logout, and auth login.',
    cause,
  });

function envelopeOf(text: string): Envelope | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { format, issuer, audience, account, keyId, iv, tag, data } = value;
  const texts = [issuer, audience, account, keyId, iv, tag, data];
  if (format !== FORMAT || !texts.every((one) => typeof one === 'string')) return undefined;
  // All are strings.
  return { key: { issuer, audience, account }, keyId, iv, tag, data } as Envelope;
}

/** Tells a wrong key from a changed record, without giving the key away. */
const keyIdOf = (secret: Uint8Array): string => sha256(Buffer.concat([Buffer.from(FORMAT), secret])).slice(0, 16);

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const base64 = (bytes: Buffer): string => bytes.toString('base64');

const contentOf = (path: string) => failing(path, () => readPrivateFile(path));

/** Errors of the file system as errors of the store. `absent`: the result if nothing is there. */
async function failing<T>(path: string, work: () => Promise<T>, absent?: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (absent !== undefined && codeOf(error) === 'ENOENT') return absent;
    if (error instanceof NotPrivateError) {
      const hint = `If nobody else could have read or changed it: chmod 600 '${path}'. Otherwise openapi-mcp auth logout, then auth login.`;
      throw new TokenStoreError('TOKEN_FILE_NOT_PRIVATE', `Other users can access ${path}.`, { hint, cause: error });
    }
    const reason = String(codeOf(error) ?? (error instanceof Error ? error.message : error));
    const hint = 'Check its owner and permissions, or choose another folder with OPENAPI_MCP_TOKENS.';
    throw new TokenStoreError('TOKEN_FILE_UNREADABLE', `${path} cannot be used (${reason}).`, { hint, cause: error });
  }
}
