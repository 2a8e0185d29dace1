import type { JSONWebKeySet } from 'jose';
import { isRecord } from '../runtime/is-record.ts';
import { OAuthError } from '../runtime/serve/pages/http.ts';
import type { Client } from './client.ts';
import type { Settings } from './options.ts';
import { openPublicDocuments } from './public-documents.ts';
import { redirectFault } from './redirect-uri.ts';

/**
 * Finds clients by the URL of their metadata (draft-ietf-oauth-client-id-metadata-document). It throws an OAuthError if the
 * document is not valid, or cannot be fetched now.
 */
export function openClientDocuments(settings: Settings): (url: string) => Promise<Client> {
  const documents = openPublicDocuments(settings, { name: 'metadata document', maxBytes: 5 * 1024 });
  return async (url) => {
    const fault = httpsUrlFault(url);
    if (fault !== undefined) throw invalidClient(`The client_id ${fault}.`);
    return clientOf(url, await documents(url), settings.redirectPatterns);
  };
}

/** Whether a client id is a URL. Other ids are never taken for one, nor fetched. */
export function isDocumentUrl(id: string): boolean {
  return /^https?:/i.test(id);
}

/** The draft, §3: an https URL with a path, in the only spelling that every reader takes for the same. */
function httpsUrlFault(id: string): string | undefined {
  const url = URL.canParse(id) && id.length <= 500 ? new URL(id) : undefined;
  if (!url) return 'is not a URL of at most 500 characters';
  if (url.protocol !== 'https:') return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return 'contains a user name';
  if (id.includes('#')) return 'contains a fragment';
  if (url.pathname === '/') return 'has no path';
  return url.href === id ? undefined : `is not normalised: ${url.href}`;
}

function clientOf(url: string, document: unknown, patterns: Settings['redirectPatterns']): Client {
  if (!isRecord(document) || document.client_id !== url) throw invalidClient(`${DOCUMENT} has another client_id.`);
  const { redirect_uris: uris, client_name: name } = document;
  const redirectUris = Array.isArray(uris)
    ? uris.filter((uri): uri is string => typeof uri === 'string' && redirectFault(uri, patterns) === undefined)
    : [];
  if (redirectUris.length === 0) throw invalidClient(`${DOCUMENT} has no redirect URI that this server allows.`);
  const keys = keysOf(document);
  return {
    id: url,
    name: typeof name === 'string' ? name : undefined,
    redirectUris,
    host: new URL(url).host,
    ...(keys !== undefined && { keys }),
  };
}

/** The draft, §4.1: a public document cannot contain a secret, so clients have keys or do not authenticate. */
function keysOf(document: Readonly<Record<string, unknown>>): JSONWebKeySet | string | undefined {
  const { token_endpoint_auth_method: method = 'none', jwks, jwks_uri: uri } = document;
  if ('client_secret' in document || String(method).startsWith('client_secret')) {
    throw invalidClient(`${DOCUMENT} uses a client secret.`);
  }
  if (method === 'none') return undefined;
  if (method !== 'private_key_jwt') {
    throw invalidClient(`${DOCUMENT} names an authentication method that this server does not support.`);
  }
  if (isRecord(jwks) && Array.isArray(jwks.keys) && jwks.keys.every(isRecord)) return { keys: jwks.keys };
  if (typeof uri === 'string' && httpsUrlFault(uri) === undefined) return uri;
  throw invalidClient(`${DOCUMENT} has no keys: private_key_jwt requires jwks or jwks_uri.`);
}

const DOCUMENT = 'The metadata document of this client';

const invalidClient = (message: string) => new OAuthError('invalid_client', message);
