import type { AuthInfo } from '@modelcontextprotocol/server';
import type { CallerAccess, CallerChallenge } from '../../caller-access.ts';

/** The token of an admitted caller. */
export interface CallerToken {
  /** Seconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** As `CallerAccess.token`. */
  read(): Promise<string | undefined>;
}

/** Outside `AuthInfo`, which everything behind the gate may read, log and pass on. */
const tokens = new WeakMap<AuthInfo, CallerToken>();
const challenges = new WeakMap<AuthInfo, CallerChallenge>();

/** Remembers an admitted caller's token, for the duration of its request. */
export function withCallerToken(authInfo: AuthInfo, token: CallerToken): AuthInfo {
  tokens.set(authInfo, token);
  return authInfo;
}

/** The access of one call. `end` takes it back: nobody who keeps the context can use the token later. */
export function openAccess(authInfo: AuthInfo): { readonly access: CallerAccess; end(): void } {
  let known = tokens.get(authInfo) ?? givenToken(authInfo);
  const hasToken = known !== undefined;
  return {
    access: {
      expiresAt: known?.expiresAt === undefined ? undefined : known.expiresAt * 1000,
      token: async () => known?.read(),
      challenge(reason) {
        // Without a token of an identity provider, there is nowhere to authenticate again.
        if (hasToken && !challenges.has(authInfo)) challenges.set(authInfo, reason);
      },
    },
    end() {
      known = undefined;
    },
  };
}

/** The challenge that a call of this request has led to. */
export const challengeOf = (authInfo: AuthInfo | undefined): CallerChallenge | undefined =>
  authInfo && challenges.get(authInfo);

/** The same, for the response. It is then forgotten: an environment may use the same `AuthInfo` for several requests. */
export function takeChallenge(authInfo: AuthInfo | undefined): CallerChallenge | undefined {
  const challenge = challengeOf(authInfo);
  if (authInfo) challenges.delete(authInfo);
  return challenge;
}

/** An environment that verifies tokens itself hands them over in `AuthInfo`. */
function givenToken({ token, expiresAt }: AuthInfo): CallerToken | undefined {
  return token === '' ? undefined : { expiresAt, read: async () => token };
}
