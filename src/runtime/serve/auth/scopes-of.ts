/**
 * The scopes of a token: `scope` (RFC 9068 §2.2.3, RFC 7662 §2.2), otherwise `scp`, each as a text with spaces or as a
 * list; and the values of further claims, such as `permissions`.
 */
export function scopesOf(claims: Readonly<Record<string, unknown>>, further: readonly string[] = []): string[] {
  const own = listOf(claims.scope ?? claims.scp);
  return [...new Set([...own, ...further.flatMap((claim) => listOf(at(claims, claim)))])];
}

/** A member by its path: `realm_access.roles`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    const isObject = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name);
    return isObject ? (inner as Readonly<Record<string, unknown>>)[name] : undefined;
  }, value);
}

/** Some providers separate scopes by commas (GitHub). */
function listOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((scope) => scope !== '');
  return Array.isArray(value) ? value.filter((scope): scope is string => typeof scope === 'string') : [];
}
