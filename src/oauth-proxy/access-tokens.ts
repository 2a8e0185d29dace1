import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { InvalidTokenError, type VerifiedToken } from '../runtime/serve/auth/token-verifier.ts';
import type { Keys } from './keys.ts';
import type { Settings } from './options.ts';
import type { Grant } from './records.ts';

/** Access tokens of the proxy: JWTs (RFC 9068), signed with HS256, because only the proxy itself verifies them. */
export interface AccessTokens {
  issue(grantId: string, grant: Grant, scopes: readonly string[]): Promise<IssuedToken>;
  /** Whether the token says that this proxy issued it. Nothing is verified. */
  claims(token: string): boolean;
  /**
   * What the token says, and the id of its grant.
   *
   * @throws InvalidTokenError
   */
  verify(token: string): Promise<{ readonly grantId: string; readonly token: VerifiedToken }>;
}

export interface IssuedToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** One hour, in seconds. */
export const ACCESS_TOKEN_TTL = 3600;

export function openAccessTokens({ issuer, resource, now }: Settings, keys: Keys): AccessTokens {
  const payloadOf = async (token: string) => {
    const { payload } = await jwtVerify(token, await keys.signingKey(), {
      algorithms: ['HS256'],
      typ: TYPE,
      issuer,
      audience: resource,
      requiredClaims: ['sub', 'exp', 'iat', 'sid', 'client_id', 'upstream_iss'],
      currentDate: new Date(now()),
    });
    return payload as Payload;
  };
  return {
    async issue(grantId, grant, scopes) {
      const issuedAt = Math.floor(now() / 1000);
      const expiresIn = Math.max(
        1,
        Math.min(ACCESS_TOKEN_TTL, (grant.accessExpiresAt ?? Number.POSITIVE_INFINITY) - issuedAt),
      );
      const token = await new SignJWT({
        upstream_iss: grant.issuer,
        client_id: grant.clientId,
        scope: scopes.join(' '),
        sid: grantId,
      })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setIssuer(issuer)
        .setAudience(resource)
        .setSubject(grant.subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + expiresIn)
        .setJti(crypto.randomUUID())
        .sign(await keys.signingKey());
      return { token, expiresIn };
    },
    claims(token) {
      try {
        return decodeJwt(token).iss === issuer;
      } catch {
        return false;
      }
    },
    async verify(token) {
      try {
        const payload = await payloadOf(token);
        return { grantId: payload.sid, token: verified(payload) };
      } catch (cause) {
        const expired = cause instanceof errors.JWTExpired;
        throw new InvalidTokenError(expired ? 'The access token has expired.' : 'The access token is not valid.');
      }
    },
  };
}

const TYPE = 'at+jwt';

/** Signed by us, so the claims have the types that we gave them. */
interface Payload extends Record<string, unknown> {
  readonly sub: string;
  readonly exp: number;
  readonly sid: string;
  readonly client_id: string;
  readonly scope: string;
  readonly upstream_iss: string;
}

function verified(payload: Payload): VerifiedToken {
  return {
    issuer: payload.upstream_iss,
    subject: payload.sub,
    clientId: payload.client_id,
    scopes: payload.scope.split(' ').filter((scope) => scope !== ''),
    expiresAt: payload.exp,
    claims: payload,
  };
}
