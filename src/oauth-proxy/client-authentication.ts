import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { Expiring } from '../runtime/expiring.ts';
import { isRecord } from '../runtime/is-record.ts';
import { ASYMMETRIC, CLOCK_TOLERANCE } from '../runtime/serve/auth/jwt-verifier.ts';
import { OAuthError } from '../runtime/serve/pages/http.ts';
import { digestText } from '../runtime/text/random-text.ts';
import type { Client } from './client.ts';
import { isDocumentUrl } from './client-documents.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';
import { openPublicDocuments } from './public-documents.ts';

/** The id of the client that sends a form. @throws OAuthError `invalid_client` if it is missing or not proven */
export type ClientAuthentication = (form: ReadonlyMap<string, string>) => Promise<string>;

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds. */
const MAX_LIFETIME = 3600;
const MAX_ASSERTIONS = 10_000;

/**
 * Who sends a request to the token or revocation endpoint. Registered clients are public ones; a client with a metadata
 * document may have keys, and then proves that it has them (`private_key_jwt`, RFC 7523 §2.2).
 */
export function openClientAuthentication(settings: Settings, clients: Clients): ClientAuthentication {
  const { now } = settings;
  const keySets = openPublicDocuments(settings, { name: 'key set', maxBytes: 64 * 1024 });
  /** Assertions that were used, and until when they are valid (seconds since 1970). */
  const used = new Expiring<true>({ most: MAX_ASSERTIONS, now });
  const useOnce = async (client: string, jti: string, until: number) => {
    const key = await digestText(`${client}\0${jti}`);
    if (used.get(key)) throw invalidClient('The client assertion was used before.');
    // If there are too many, the oldest one could be used again, but alone it gives access to nothing.
    used.put(key, true, until * 1000);
  };
  const verify = async (client: Client, assertion: string, keys: JSONWebKeySet) => {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: ASYMMETRIC,
      issuer: client.id,
      subject: client.id,
      // RFC 7523 §3: the token endpoint or the issuer; revocation requests use one of them, too.
      audience: [settings.issuer, `${settings.issuer}/token`, `${settings.issuer}/revoke`],
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now()),
    });
    return payload;
  };
  const prove = async (client: Client, assertion: string, keys: JSONWebKeySet | string) => {
    const set = async (fresh: boolean) => (typeof keys === 'string' ? keySet(await keySets(keys, { fresh })) : keys);
    try {
      const payload = await verify(client, assertion, await set(false)).catch(async (error) => {
        // The client may have a new key.
        if (typeof keys === 'string' && error instanceof errors.JWKSNoMatchingKey) {
          return verify(client, assertion, await set(true));
        }
        throw error;
      });
      const { jti, exp = 0 } = payload;
      if (exp > now() / 1000 + MAX_LIFETIME) throw invalidClient('The client assertion is valid for too long.');
      await useOnce(client.id, String(jti), exp + CLOCK_TOLERANCE);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      throw invalidClient('The client assertion is not valid.');
    }
  };
  return async (form) => {
    const assertion = form.get('client_assertion');
    const id = form.get('client_id') ?? subjectOf(assertion);
    if (id === undefined) throw invalidClient('The parameter client_id is missing.');
    const client = isDocumentUrl(id) ? await known(clients, id) : undefined;
    if (client?.keys === undefined) {
      if (assertion !== undefined) throw invalidClient('This client has no keys, so it cannot send an assertion.');
      return id;
    }
    if (assertion === undefined || form.get('client_assertion_type') !== ASSERTION_TYPE) {
      throw invalidClient('This client must authenticate with private_key_jwt.');
    }
    await prove(client, assertion, client.keys);
    return id;
  };
}

async function known(clients: Clients, id: string): Promise<Client> {
  const client = await clients.find(id);
  if (!client) throw invalidClient('This server does not know the client.');
  return client;
}

/** RFC 7523 §3: `client_id` is optional with an assertion. Verified later, against the document of this very id. */
function subjectOf(assertion: string | undefined): string | undefined {
  try {
    return assertion === undefined ? undefined : decodeJwt(assertion).sub;
  } catch {
    return undefined;
  }
}

function keySet(document: unknown): JSONWebKeySet {
  if (isRecord(document) && Array.isArray(document.keys) && document.keys.every(isRecord)) {
    return { keys: document.keys };
  }
  throw invalidClient('The key set of this client is not one.');
}

const invalidClient = (message: string) => new OAuthError('invalid_client', message, 401);
