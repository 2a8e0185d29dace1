import { importPKCS8, SignJWT } from 'jose';
import { OptionError } from '../../../options/option-error.ts';

export interface AssertionOptions {
  readonly clientId: string;
  /** PKCS#8, PEM. */
  readonly privateKey: string;
  readonly keyId?: string | undefined;
  /** The issuer of the authorization server. */
  readonly audience: string;
}

/** Seconds. One request is sent with it. */
const LIFETIME = 60;

/**
 * Parameters of a token request that authenticate a client by its private key (RFC 7523 §2.2, RFC 7521 §4.2).
 *
 * @throws OptionError if the key cannot be read; it contains nothing of the key
 */
export async function clientAssertion(options: AssertionOptions): Promise<Readonly<Record<string, string>>> {
  const { clientId, keyId, audience } = options;
  const { key, alg } = await keyOf(options.privateKey);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`)
    .sign(key);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

/** The usual algorithm of each kind of key (RFC 7518 §3.1, RFC 8037 §3.1). */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'ES384', 'ES512'];

async function keyOf(pem: string) {
  for (const alg of ALGORITHMS) {
    const key = await importPKCS8(pem.trim(), alg).catch(() => undefined);
    if (key !== undefined) return { key, alg };
  }
  throw new OptionError('auth: "privateKey" is not an RSA, EC or Ed25519 key in PKCS#8 (PEM, "BEGIN PRIVATE KEY").');
}
