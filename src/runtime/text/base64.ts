/** Encodes bytes as base64 (RFC 4648 §4) with web standards. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A multiple of three, so that only the last part is padded; small enough for the argument list of one call.
  for (let start = 0; start < bytes.length; start += CHUNK) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + CHUNK))));
  }
  return parts.join('');
}
const CHUNK = 3 * 4096;

/** The bytes of base64url without padding (RFC 4648 §5); `undefined` if it is empty or something else. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text === '' || !/^[\w-]+$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return undefined;
  }
}
