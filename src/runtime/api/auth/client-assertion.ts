import type { CryptoKey } from 'jose';
import { CallError } from '../../call-error.ts';
import type { ClientKey } from './client-credentials.ts';

export interface AssertionOptions {
  readonly clientId: string;
  readonly key: ClientKey;
  readonly tokenUrl: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The shortest that all servers accept, because clocks differ. In seconds. */
const LIFETIME = 60;

/**
 * The parameters of a token request that authenticate a client by a signed JWT (RFC 7523 §2.2, OpenID Connect Core 1.0
 * §9). `jose` is loaded with the first one.
 *
 * @throws Error if the key cannot be used; it never contains the key
 */
export async function clientAssertion({ clientId, key, tokenUrl, now }: AssertionOptions) {
  const { SignJWT } = await import('jose');
  const { imported, algorithm, keyId } = await importKey(key);
  const issuedAt = Math.floor(now / 1000);
  const jwt = new SignJWT()
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(key.audience ?? tokenUrl)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await jwt.sign(imported).catch(() => Promise.reject(unusable(algorithm))),
  };
}

interface ImportedKey {
  readonly imported: CryptoKey | Uint8Array;
  readonly algorithm: string;
  readonly keyId: string | undefined;
}

async function importKey({ text, algorithm, keyId }: ClientKey): Promise<ImportedKey> {
  if (!text.startsWith('{')) return { ...(await importPem(text, algorithm)), keyId };
  const { importJWK } = await import('jose');
  // Checked when the credentials were read.
  const jwk: { readonly kty?: string; readonly crv?: string; readonly alg?: string; readonly kid?: string } =
    JSON.parse(text);
  const chosen = algorithm ?? jwk.alg ?? JWK_ALGORITHMS[jwk.crv ?? jwk.kty ?? ''];
  if (chosen === undefined) throw unusable(algorithm);
  try {
    return { imported: await importJWK(jwk, chosen), algorithm: chosen, keyId: keyId ?? jwk.kid };
  } catch {
    throw unusable(chosen);
  }
}

/** By `crv`, for RSA by `kty` (RFC 7518 §3.1, RFC 8037 §3.1). */
const JWK_ALGORITHMS: Readonly<Record<string, string>> = {
  RSA: 'RS256',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

/** The encoding says which type of key it is: only the right algorithm can import it. */
async function importPem(pem: string, algorithm: string | undefined) {
  const { importPKCS8 } = await import('jose');
  for (const candidate of algorithm === undefined ? Object.values(JWK_ALGORITHMS) : [algorithm]) {
    const imported = await importPKCS8(pem, candidate).catch(() => undefined);
    if (imported) return { imported, algorithm: candidate };
  }
  throw unusable(algorithm);
}

const unusable = (algorithm: string | undefined): CallError =>
  new CallError(
    'CREDENTIAL_REFUSED',
    algorithm === undefined
      ? 'The private key of the client cannot be used: it is damaged, or of an unknown type.'
      : `The private key of the client cannot be used with ${algorithm}.`,
    { hint: 'Use an RSA, EC (P-256, P-384, P-521) or Ed25519 key, and an algorithm of its type.' },
  );
