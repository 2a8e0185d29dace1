import { base64url } from 'jose';

/** What only the holder of the proxy's secret can do. */
export interface Keys {
  /**
   * Encrypts with AES-256-GCM: base64url of version (1 byte), IV (12 bytes), ciphertext and tag (16 bytes). Opens only
   * with the same `context` (additional authenticated data).
   */
  seal(text: string, context: string): Promise<string>;
  /** `undefined` if it was sealed with another secret or context, or changed. */
  open(sealed: string, context: string): Promise<string | undefined>;
  /** HMAC-SHA-256 in base64url; `purpose` keeps the uses apart. */
  mac(purpose: string, text: string): Promise<string>;
  /** In constant time. */
  isMac(purpose: string, text: string, mac: string): Promise<boolean>;
  /** Signs access tokens (HS256). */
  signingKey(): Promise<Uint8Array>;
}

/**
 * Derives a key for each use from one secret (HKDF-SHA-256, RFC 5869). The issuer is part of the derivation: two
 * servers with the same secret cannot use each other's tokens or stored values.
 */
export function openKeys(secret: string | Uint8Array, issuer: string): Keys {
  const derived = derive(typeof secret === 'string' ? encode(secret) : Uint8Array.from(secret), issuer);
  // Reported where it is used.
  derived.catch(() => {});
  return {
    async seal(text, context) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encode(context) };
      const ciphertext = await crypto.subtle.encrypt(algorithm, (await derived).sealing, encode(text));
      return base64url.encode(joined(Uint8Array.of(VERSION), iv, new Uint8Array(ciphertext)));
    },
    async open(sealed, context) {
      const bytes = decoded(sealed);
      if (bytes?.[0] !== VERSION) return undefined;
      const algorithm = { name: 'AES-GCM', iv: bytes.slice(1, 1 + IV_BYTES), additionalData: encode(context) };
      try {
        const text = await crypto.subtle.decrypt(algorithm, (await derived).sealing, bytes.slice(1 + IV_BYTES));
        return new TextDecoder().decode(text);
      } catch {
        return undefined;
      }
    },
    async mac(purpose, text) {
      return base64url.encode(
        new Uint8Array(await crypto.subtle.sign('HMAC', (await derived).checking, encode(`${purpose}\0${text}`))),
      );
    },
    async isMac(purpose, text, mac) {
      const bytes = decoded(mac);
      if (!bytes) return false;
      return crypto.subtle.verify('HMAC', (await derived).checking, bytes, encode(`${purpose}\0${text}`));
    },
    async signingKey() {
      return (await derived).signing;
    },
  };
}

const VERSION = 1;
const IV_BYTES = 12;

async function derive(secret: Uint8Array<ArrayBuffer>, issuer: string) {
  const root = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const bits = async (use: string) => {
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: encode(issuer), info: encode(`oauth-proxy ${use}`) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, root, 256));
  };
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    sealing: await crypto.subtle.importKey('raw', await bits('seal'), 'AES-GCM', false, ['encrypt', 'decrypt']),
    checking: await crypto.subtle.importKey('raw', await bits('mac'), hmac, false, ['sign', 'verify']),
    signing: await bits('sign'),
  };
}

function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(base64url.decode(text));
  } catch {
    return undefined;
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
