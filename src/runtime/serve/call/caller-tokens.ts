import type { AuthInfo } from '@modelcontextprotocol/server';
import type { CallerAccess, CallerChallenge, Connection } from '../../caller-access.ts';
import type { CallerTokenStore } from '../../secrets/token-store.ts';

/** The token of an admitted caller. */
export interface CallerToken {
  /** Seconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** As `CallerAccess.token`. */
  read(): Promise<string | undefined>;
  /** Absent if nobody can prove in a browser to be this caller. */
  readonly inviter?: Inviter;
}

/** Invites one caller to pages of this server. */
export interface Inviter {
  /** The same invitation again while it is open. */
  invite(connection: Connection): Promise<Invitation>;
  /** Resolves when the invitation with this key has been accepted or declined, or after a while, or at once if there is none. */
  settled(key: string, signal: AbortSignal): Promise<void>;
  /** Where the tokens of connected accounts are, if the processes of the server share them. */
  readonly tokens?: CallerTokenStore | undefined;
}

export interface Invitation {
  /** Of the connection: the same for each invitation to it. */
  readonly key: string;
  /** Of this invitation. */
  readonly id: string;
  readonly url: string;
  /** For the user, in one sentence. */
  readonly message: string;
}

/** Outside `AuthInfo`, which everything behind the gate may read, log and pass on. */
const tokens = new WeakMap<AuthInfo, CallerToken>();
const challenges = new WeakMap<AuthInfo, CallerChallenge>();

/** Remembers an admitted caller's token, for the duration of its request. */
export function withCallerToken(authInfo: AuthInfo, token: CallerToken): AuthInfo {
  tokens.set(authInfo, token);
  return authInfo;
}

/** What one call may do for its caller, and what it has done. */
export interface OpenedAccess {
  readonly access: CallerAccess;
  /** Those that the call has led to. */
  readonly invitations: readonly Invitation[];
  /** Takes the access back: nobody who keeps the context can use the token later. */
  end(): void;
}

export function openAccess(authInfo: AuthInfo): OpenedAccess {
  let known = tokens.get(authInfo) ?? givenToken(authInfo);
  const hasToken = known !== undefined;
  const inviter = known?.inviter;
  const invitations: Invitation[] = [];
  return {
    invitations,
    access: {
      expiresAt: known?.expiresAt === undefined ? undefined : known.expiresAt * 1000,
      token: async () => known?.read(),
      challenge(reason) {
        // Without a token of an identity provider, there is nowhere to authenticate again.
        if (hasToken && !challenges.has(authInfo)) challenges.set(authInfo, reason);
      },
      ...(inviter?.tokens && { tokens: inviter.tokens }),
      ...(inviter && {
        async invite(connection: Connection) {
          const invitation = await inviter.invite(connection);
          invitations.push(invitation);
          return invitation.url;
        },
      }),
    },
    end() {
      known = undefined;
    },
  };
}

/** Who invites the caller of this request to pages; `undefined` if nobody does. */
export const inviterOf = (authInfo: AuthInfo | undefined): Inviter | undefined =>
  authInfo && tokens.get(authInfo)?.inviter;

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
