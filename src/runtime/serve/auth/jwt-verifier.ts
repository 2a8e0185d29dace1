import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type FlattenedJWSInput,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { messageOf } from '../../errors.ts';
import { type AuthFetch, globalFetch } from './auth-fetch.ts';
import { scopesOf } from './scopes-of.ts';
import { InvalidTokenError, type TokenVerifier, VerifierUnavailableError } from './token-verifier.ts';

export interface JwtVerifierOptions {
  /** `iss` must be this text. */
  readonly issuer: string;
  /** `https://…`; keys come from here only, never from a token's header. */
  readonly jwksUri: string;
  /** One of them must be in `aud`. */
  readonly audience: readonly string[];
  /** Default {@link ASYMMETRIC}. */
  readonly algorithms?: readonly string[] | undefined;
  /** The claim with the audience. Default `aud`. */
  readonly audienceClaim?: 'aud' | 'client_id';
  /** Claims with a fixed value: `{ token_use: 'access' }`. */
  readonly fixedClaims?: Readonly<Record<string, string>>;
  /** At least one of these claims must be present: what distinguishes access tokens from ID tokens. */
  readonly anyOfClaims?: readonly string[];
  /** Claims with scopes, besides `scope` and `scp`. */
  readonly scopeClaims?: readonly string[];
  /** By how much clocks may differ, in seconds. Default 30. */
  readonly clockTolerance?: number;
  readonly fetch?: AuthFetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Never `none`, never a shared secret: with HS256, the public key would be the secret (RFC 8725 §3.1). */
export const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** In seconds. */
export const CLOCK_TOLERANCE = 30;
/** After a fetch of the key set, an unknown key waits this long for the next one. */
const COOLDOWN_MS = 30_000;
const PAUSE_MS = 5_000;

/**
 * Verifies JWT access tokens (RFC 9068, and providers that predate it): signature, `iss`, `aud`, `exp`, `nbf`, `iat`.
 */
export function jwtVerifier(options: JwtVerifierOptions): TokenVerifier {
  const { issuer, jwksUri, audience, algorithms = ASYMMETRIC, audienceClaim = 'aud' } = options;
  const { clockTolerance = CLOCK_TOLERANCE, fetch = globalFetch, now = Date.now } = options;
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: 5_000,
    // jose sends plain GET requests and reads nothing but status and body.
    [customFetch]: (url, { headers, signal }) =>
      fetch(url, { headers: Object.fromEntries(headers), signal, redirect: 'manual' }),
  });
  let pausedUntil = 0;
  /** While the key set cannot be fetched, it is asked for every five seconds, and the last known keys stay valid. */
  const keyOf = async (header: JWTHeaderParameters, token: FlattenedJWSInput) => {
    const known = keys.jwks();
    const isPaused = now() < pausedUntil;
    if (!isPaused) {
      try {
        return await keys(header, token);
      } catch (error) {
        if (!isOurFailure(error)) throw error;
        pausedUntil = now() + PAUSE_MS;
        if (!known) throw error;
      }
    }
    if (!known) throw new Error('the last attempt failed less than five seconds ago');
    return createLocalJWKSet(known)(header, token).catch((error: unknown) => {
      // It may be a new key.
      if (error instanceof errors.JWKSNoMatchingKey) throw new Error('the key is not among the last known ones');
      throw error;
    });
  };
  return {
    authorizationServers: [issuer],
    claims: (token) => issuerOf(token) === issuer,
    async verify(token) {
      const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
        algorithms: [...algorithms],
        issuer,
        ...(audienceClaim === 'aud' && { audience: [...audience] }),
        requiredClaims: ['exp', 'sub'],
        clockTolerance,
        currentDate: new Date(now()),
      }).catch((error: unknown) => {
        throw asVerifierError(error, jwksUri);
      });
      checkKind(payload, protectedHeader.typ, options);
      if (audienceClaim === 'client_id' && !audience.includes(String(payload.client_id))) throw otherAudience();
      if (payload.iat !== undefined && payload.iat > now() / 1000 + clockTolerance) {
        throw new InvalidTokenError('The token was issued in the future ("iat").');
      }
      return verified(payload, options);
    },
  };
}

function verified(payload: JWTPayload, { issuer, scopeClaims = [] }: JwtVerifierOptions) {
  const clientId = payload.client_id ?? payload.azp;
  return {
    issuer,
    subject: payload.sub ?? '',
    ...(typeof clientId === 'string' && { clientId }),
    scopes: scopesOf(payload, scopeClaims),
    ...(payload.exp !== undefined && { expiresAt: payload.exp }),
    claims: payload,
  };
}

/** `iss` of a JWT, unverified; `undefined` for other tokens. */
export function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/**
 * Refuses tokens that were issued for another purpose, such as ID tokens, even where the provider gives them the same
 * audience (RFC 8725 §3.11, §3.12).
 */
function checkKind(payload: JWTPayload, type: string | undefined, options: JwtVerifierOptions): void {
  const { fixedClaims = {}, anyOfClaims = [] } = options;
  const kind = type?.toLowerCase().replace(/^application\//, '');
  if (kind?.endsWith('+jwt') && kind !== 'at+jwt') throw notAccess(`its type is "${kind}"`);
  // OpenID Connect Core 1.0 §3.1.3.6 and §3.3.2.11; Keycloak's `typ`; Cognito's `token_use`.
  const idClaim = ['at_hash', 'c_hash', 's_hash'].find((claim) => payload[claim] !== undefined);
  if (idClaim !== undefined) throw notAccess(`it has the claim "${idClaim}" of ID tokens`);
  if (['ID', 'Refresh', 'Logout'].includes(String(payload.typ))) throw notAccess(`its "typ" is "${payload.typ}"`);
  if (payload.token_use !== undefined && payload.token_use !== 'access') throw notAccess('of its "token_use"');
  const wrong = Object.entries(fixedClaims).find(([claim, value]) => payload[claim] !== value);
  if (wrong) throw notAccess(`its "${wrong[0]}" is not "${wrong[1]}"`);
  if (anyOfClaims.length > 0 && !anyOfClaims.some((claim) => payload[claim] !== undefined)) {
    throw notAccess(`it has none of the claims ${anyOfClaims.join(', ')}`);
  }
  // RFC 9449 §7.1, RFC 8705 §3: such a token is worth nothing without proof of its key.
  if (payload.cnf !== undefined) throw new InvalidTokenError('The token is bound to a key, which is not supported.');
}

const notAccess = (why: string) => new InvalidTokenError(`The token is not an access token: ${why}.`);
export const otherAudience = () => new InvalidTokenError('The token was issued for another audience.');

const isOurFailure = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  error.code === 'ERR_JOSE_GENERIC';

/** Failures to fetch the keys are ours, everything else is wrong with the token. */
function asVerifierError(error: unknown, jwksUri: string): Error {
  if (isOurFailure(error)) {
    const message = `The keys at ${jwksUri} could not be fetched: ${messageOf(error)}`;
    return new VerifierUnavailableError(message, { cause: error });
  }
  if (error instanceof errors.JWTExpired) return new InvalidTokenError('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return otherAudience();
    return new InvalidTokenError(`The claim "${error.claim}" of the token is missing or not valid.`);
  }
  return new InvalidTokenError('The token could not be verified.');
}
