/**
 * Keys and names that every model provider accepts: `^[A-Za-z_][A-Za-z0-9_]{0,63}$`. Gemini on Vertex is the strictest;
 * for one bad key Claude rejects the entire tool list.
 */
const SAFE_KEY = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const LONGEST = 64;

/** `__proto__` is lost whenever objects are copied key by key, which MCP libraries do too. */
export const isSafeKey = (key: string): boolean => SAFE_KEY.test(key) && key !== '__proto__';

/** `filter[x]` → `filter_x`, `$top` → `top`, `X-Request-ID` → `X_Request_ID`, `日本` → `key_1c3f9a`. */
export function safeKey(name: string): string {
  if (isSafeKey(name)) return name;
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])_+$/g, '');
  if (plain === '' || /^_+$/.test(plain)) return `key_${shortHash(name)}`;
  const started = /^[0-9]/.test(plain) ? `_${plain}` : plain;
  return started.length <= LONGEST ? started : `${started.slice(0, LONGEST - 7)}_${shortHash(name)}`;
}

/** A safe key for every name, unique among them. A name that is already safe is kept. */
export function safeKeys(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter(isSafeKey));
  const keys = new Map<string, string>();
  for (const name of names) {
    if (isSafeKey(name)) {
      keys.set(name, name);
      continue;
    }
    const wanted = safeKey(name);
    const key = taken.has(wanted) ? `${wanted.slice(0, LONGEST - 7)}_${shortHash(name)}` : wanted;
    taken.add(key);
    keys.set(name, key);
  }
  return keys;
}

/** Six hexadecimal digits of FNV-1a (32 bit): distinguishes names, is the same everywhere, and protects no secret. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0').slice(0, 6);
}
