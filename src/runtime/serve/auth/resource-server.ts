import type { AuthInfo } from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import { callerId } from '../call/caller.ts';
import { type Inviter, withCallerToken } from '../call/caller-tokens.ts';
import { withRequiredScopes } from '../call/required-scopes.ts';
import { type Admission, refused } from '../http/admission.ts';
import { bearerToken } from './bearer-token.ts';
import { type Challenge, challengeHeader } from './challenge.ts';
import type { InboundAuth } from './inbound-auth.ts';
import { metadataPaths, metadataResponse, metadataUrl } from './resource-metadata.ts';
import type { Digest } from './sha256.ts';
import { STATIC_KEYS } from './static-keys.ts';
import {
  InvalidTokenError,
  type TokenVerifier,
  type VerifiedToken,
  VerifierUnavailableError,
} from './token-verifier.ts';
import { type Verification, VerifiedTokens } from './verified-tokens.ts';

export interface ResourceServerOptions {
  /** The canonical URL of the MCP endpoint (RFC 8707 §2). */
  readonly resource: string;
  /** For people, in the metadata. */
  readonly name: string;
  readonly verifiers: readonly TokenVerifier[];
  /** Every call needs all of them. */
  readonly requiredScopes: readonly string[];
  /** What clients may ask for, besides `requiredScopes`. */
  readonly scopesSupported: readonly string[];
  /** Whether this caller may call at all. */
  readonly allowed: (caller: VerifiedToken) => boolean;
  /** How long a verified token is trusted. */
  readonly cacheSeconds: number;
  /** Serves further paths: the pages of an OAuth proxy, and of consents. */
  readonly pages?: InboundAuth['handler'];
  /** Invites callers that this verifier has verified to pages: a browser can prove to be theirs. */
  readonly inviting?: { readonly verifier: TokenVerifier | undefined; inviterFor(callerId: string): Inviter };
  readonly onError: (error: Error) => void;
  readonly digest?: Digest;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * An OAuth 2.0 protected resource as MCP requires (2025-06-18, 2025-11-25 and 2026-07-28, authorization): bearer tokens
 * in the header only (RFC 6750), metadata (RFC 9728), challenges that name both metadata and scopes.
 */
export function createResourceServer(options: ResourceServerOptions): Omit<InboundAuth, 'close'> {
  const { resource, requiredScopes, scopesSupported, onError, pages, inviting } = options;
  const resourceMetadata = metadataUrl(resource);
  const paths = new Set(metadataPaths(resource));
  const tokens = new VerifiedTokens(options);
  const described = {
    resource,
    name: options.name,
    authorizationServers: [...new Set(options.verifiers.flatMap(({ authorizationServers }) => authorizationServers))],
    scopesSupported: [...new Set([...requiredScopes, ...scopesSupported])],
  };
  const challenged = (status: number, challenge: Challenge, message: string): Admission => {
    const body = { error: challenge.error ?? 'unauthorized', error_description: message };
    return refused(status, JSON.stringify(body), {
      'Content-Type': 'application/json',
      'WWW-Authenticate': challengeHeader({ ...challenge, resourceMetadata, scopes: requiredScopes }),
    });
  };
  const invalid = (description: string): Admission =>
    challenged(401, { error: 'invalid_token', description }, description);

  const verifiedBy = new WeakMap<VerifiedToken, TokenVerifier>();

  const verify = async (token: string): Promise<Verification> => {
    for (const verifier of options.verifiers) {
      // No fall-through: what the verifier of its issuer rejects is rejected.
      if (!(await verifier.claims(token))) continue;
      const caller = await verifier.verify(token);
      verifiedBy.set(caller, verifier);
      return { caller, isKept: verifier.cached !== false };
    }
    throw new InvalidTokenError('The token was not issued by an authorization server of this resource.');
  };

  return {
    async authenticate(head) {
      const given = bearerToken(head);
      if (given.kind === 'none') {
        return challenged(401, {}, 'This server requires an access token: Authorization: Bearer <token>.');
      }
      if (given.kind === 'malformed') return invalid('The Authorization header is not "Bearer <token>".');
      try {
        const caller = await tokens.verified(given.token, () => verify(given.token));
        // No challenge: another token of the same user would not help.
        if (!options.allowed(caller)) return refused(403, 'This user may not call this server.');
        const lacks = requiredScopes.some((scope) => !caller.scopes.includes(scope));
        if (!lacks) {
          const authInfo = withRequiredScopes(authInfoFor(caller, resourceMetadata), requiredScopes);
          const verifier = verifiedBy.get(caller);
          const read = async () => (verifier?.tokenFor ? verifier.tokenFor(caller) : given.token);
          // A key is for this server alone.
          if (caller.issuer !== STATIC_KEYS) {
            const isInvited = inviting && verifier === inviting.verifier;
            const inviter = isInvited && { inviter: inviting.inviterFor(callerId(caller.issuer, caller.subject)) };
            withCallerToken(authInfo, { expiresAt: caller.expiresAt, read, ...inviter });
          }
          return { kind: 'admitted', authInfo, headers: {} };
        }
        const description = `Every call needs the scopes ${requiredScopes.join(' ')}.`;
        return challenged(403, { error: 'insufficient_scope', description }, description);
      } catch (error) {
        if (error instanceof InvalidTokenError) return invalid(error.message);
        // 401 would make clients discard a token that may be valid.
        onError(asError(error));
        const retryAfter = error instanceof VerifierUnavailableError ? error.retryAfter : 10;
        return refused(503, 'The access token cannot be verified at the moment. Try again later.', {
          'Retry-After': String(retryAfter),
        });
      }
    },
    handler(path) {
      if (paths.has(path)) return async (request) => metadataResponse(described, request);
      return pages?.(path);
    },
  };
}

/** Without the token: nothing behind the gate may pass it on (MCP, access token privilege restriction). */
function authInfoFor(caller: VerifiedToken, resourceMetadataUrl: string): AuthInfo {
  const { issuer, subject, clientId = subject, scopes, expiresAt, claims } = caller;
  return {
    token: '',
    clientId,
    scopes: [...scopes],
    ...(expiresAt !== undefined && { expiresAt }),
    resourceMetadataUrl,
    // The verifier's word, whatever the claims are called.
    extra: { ...claims, iss: issuer, sub: subject },
  };
}
