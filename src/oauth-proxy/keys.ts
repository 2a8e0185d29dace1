import { derivedBits, encode, openSeal, type Seal } from '../runtime/secrets/seal.ts';
import { fromBase64Url } from '../runtime/text/base64.ts';
import { base64Url } from '../runtime/text/random-text.ts';

/** What only the holder of the proxy's secret can do. */
export interface Keys extends Seal {
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
    seal: async (text, context) => (await derived).sealing.seal(text, context),
    open: async (sealed, context) => (await derived).sealing.open(sealed, context),
    async mac(purpose, text) {
      return base64Url(
        new Uint8Array(await crypto.subtle.sign('HMAC', (await derived).checking, encode(`${purpose}\0${text}`))),
      );
    },
    async isMac(purpose, text, mac) {
      const bytes = fromBase64Url(mac);
      if (!bytes) return false;
      return crypto.subtle.verify('HMAC', (await derived).checking, bytes, encode(`${purpose}\0${text}`));
    },
    async signingKey() {
      return (await derived).signing;
    },
  };
}

const VERSION = 1;

async function derive(secret: Uint8Array<ArrayBuffer>, issuer: string) {
  const bits = await derivedBits(secret, issuer);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    sealing: await openSeal(await bits('oauth-proxy seal'), [VERSION]),
    checking: await crypto.subtle.importKey('raw', await bits('oauth-proxy mac'), hmac, false, ['sign', 'verify']),
    signing: await bits('oauth-proxy sign'),
  };
}
