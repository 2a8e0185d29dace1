import { fromBase64Url } from '../text/base64.ts';
import { base64Url } from '../text/random-text.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Seal {
  seal(text: string, context: string): Promise<string>;
  /** `undefined` if it was sealed with another key or context, or changed. */
  open(sealed: string, context: string): Promise<string | undefined>;
}

/** 256 bits for each use, from one secret (HKDF-SHA-256, RFC 5869). */
export async function derivedBits(secret: Bytes, salt: string): Promise<(use: string) => Promise<Bytes>> {
  const root = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return async (use) => {
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: encode(salt), info: encode(use) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, root, 256));
  };
}

const IV_BYTES = 12;

/**
 * Encrypts with AES-256-GCM: base64url of the prefix, IV (12 bytes), ciphertext and tag (16 bytes). Opens only with the
 * same prefix and `context` (additional authenticated data).
 */
export async function openSeal(bits: Bytes, prefix: readonly number[] = []): Promise<Seal> {
  const key = await crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    async seal(text, context) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encode(context) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encode(text)));
      const head = [...prefix, ...iv];
      const bytes = new Uint8Array(head.length + sealed.length);
      bytes.set(head);
      bytes.set(sealed, head.length);
      return base64Url(bytes);
    },
    async open(sealed, context) {
      const bytes = fromBase64Url(sealed);
      if (!bytes || prefix.some((byte, at) => bytes[at] !== byte)) return undefined;
      const rest = bytes.slice(prefix.length);
      const algorithm = { name: 'AES-GCM', iv: rest.slice(0, IV_BYTES), additionalData: encode(context) };
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, rest.slice(IV_BYTES)));
      } catch {
        return undefined;
      }
    },
  };
}

export const encode = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text));
