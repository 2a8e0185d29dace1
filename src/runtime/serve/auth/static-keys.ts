import { AuthError } from './auth-error.ts';
import type { StaticKey } from './auth-options.ts';
import { type Digest, equalDigests, webDigest } from './sha256.ts';
import { InvalidTokenError, type TokenVerifier } from './token-verifier.ts';

/** The issuer of callers with a key. Not a URL, so it cannot be that of a provider. */
export const STATIC_KEYS = 'static-keys';
const SHORTEST_KEY = 16;

/**
 * Callers with fixed keys.
 *
 * @throws AuthError if a key is short, or two callers have the same name or key
 */
export function staticKeys(keys: readonly StaticKey[], digest: Digest = webDigest): TokenVerifier {
  check(keys);
  const known = Promise.all(keys.map(async ({ key, ...caller }) => ({ digest: await digest(key), ...caller })));
  const callerWith = async (token: string) => {
    const given = await digest(token);
    return (await known).find((each) => equalDigests(each.digest, given));
  };
  return {
    authorizationServers: [],
    cached: false,
    claims: async (token) => (await callerWith(token)) !== undefined,
    async verify(token) {
      const caller = await callerWith(token);
      if (!caller) throw new InvalidTokenError('The key is unknown.');
      const { name, scopes = [] } = caller;
      return { issuer: STATIC_KEYS, subject: name, clientId: name, scopes, claims: {} };
    },
  };
}

function check(keys: readonly StaticKey[]): void {
  const short = keys.find(({ key }) => key.length < SHORTEST_KEY);
  if (short) {
    throw new AuthError(
      'AUTH_OPTIONS_INVALID',
      `The key of "${short.name}" is shorter than ${SHORTEST_KEY} characters. Use a random one: openssl rand -hex 32.`,
    );
  }
  for (const field of ['name', 'key'] as const) {
    if (new Set(keys.map((each) => each[field])).size === keys.length) continue;
    throw new AuthError('AUTH_OPTIONS_INVALID', `Two keys have the same ${field}. Each caller needs its own.`);
  }
}
