import { toBase64 } from './base64.ts';

/** Random bytes in base64url. The default are 256 bits, 43 characters, also as a PKCE verifier (RFC 7636 §4.1). */
export const randomText = (bytes = 32): string => base64Url(crypto.getRandomValues(new Uint8Array(bytes)));

/** SHA-256 in base64url, also as a PKCE challenge (RFC 7636 §4.2). */
export const digestText = async (text: string): Promise<string> =>
  base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));

/** Base64url without padding (RFC 4648 §5). */
export const base64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
