/** Hosts add a prefix to a name, and model providers reject longer names. */
export const MAX_NAME_LENGTH = 64;

/**
 * The name, or if it is longer than 64 characters, its beginning with a hash of the full name. Depends only on the
 * name, so it is stable when other names come and go.
 */
export function shortName(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  const hash = fnv1a(name).toString(36).padStart(HASH_LENGTH, '0');
  return `${name.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

/** Digits of a 32-bit number in base 36. */
const HASH_LENGTH = 7;

/** FNV-1a, 32 bits, over UTF-16 units. A collision is reported as a name conflict. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
