import { isRecord } from '../runtime/is-record.ts';
import type { Client } from './client.ts';
import { OAuthError, readText, unavailable } from './http.ts';
import type { Settings } from './options.ts';
import { redirectFault } from './redirect-uri.ts';

/** Clients that are identified by the URL of their metadata (draft-ietf-oauth-client-id-metadata-document). */
export interface ClientDocuments {
  /** @throws OAuthError if the document is not valid, or cannot be fetched now */
  find(url: string): Promise<Client>;
}

/** How long a document is used, in seconds. */
const CACHE_TTL = 300;
const MAX_CACHED = 500;
const MAX_BYTES = 5 * 1024;
const TIMEOUT_MS = 10_000;
/** Anybody can make the server fetch documents. */
const MAX_FLIGHTS = 16;

export function openClientDocuments(settings: Settings): ClientDocuments {
  const { now } = settings;
  const cached = new Map<string, { readonly client: Client; readonly until: number }>();
  const flights = new Map<string, Promise<Client>>();
  const fetchClient = async (url: string) => {
    const client = clientOf(url, await fetchDocument(settings, url), settings.redirectPatterns);
    const [oldest] = cached.keys();
    if (cached.size >= MAX_CACHED && oldest !== undefined) cached.delete(oldest);
    cached.set(url, { client, until: now() + CACHE_TTL * 1000 });
    return client;
  };
  return {
    async find(url) {
      const fault = documentUrlFault(url);
      if (fault !== undefined) throw invalidClient(`The client_id ${fault}.`);
      const known = cached.get(url);
      if (known && known.until > now()) return known.client;
      cached.delete(url);
      const flight = flights.get(url);
      if (flight) return flight;
      if (flights.size >= MAX_FLIGHTS) throw unavailable('This server is busy. Try again.');
      const started = fetchClient(url).finally(() => flights.delete(url));
      flights.set(url, started);
      return started;
    },
  };
}

/** Whether a client id is a URL. Other ids are never taken for one, nor fetched. */
export function isDocumentUrl(id: string): boolean {
  return /^https?:/i.test(id);
}

function documentUrlFault(id: string): string | undefined {
  const url = URL.canParse(id) && id.length <= 500 ? new URL(id) : undefined;
  if (!url) return 'is not a URL of at most 500 characters';
  if (url.protocol !== 'https:') return 'must be an https URL';
  if (url.username !== '' || url.password !== '') return 'contains a user name';
  if (id.includes('#')) return 'contains a fragment';
  // The draft, §3: a path is required, without dot segments.
  if (url.pathname === '/') return 'has no path';
  return url.href === id ? undefined : `is not normalised: ${url.href}`;
}

async function fetchDocument({ publicFetch, onError }: Settings, url: string): Promise<unknown> {
  let response: Response | undefined;
  let text: string | undefined;
  try {
    // With a signal, for a server that sends the document slowly.
    response = await publicFetch?.(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = response?.status === 200 ? await readText(response.body, MAX_BYTES) : '';
  } catch (cause) {
    // The client learns nothing about the network of this server.
    onError(new Error(`The metadata document of the client ${url} could not be fetched.`, { cause }));
    throw invalidClient('The metadata document of this client could not be fetched.');
  }
  if (response?.status !== 200) throw invalidClient('The metadata document of this client is not there.');
  if (text === undefined)
    throw invalidClient(`The metadata document of this client is larger than ${MAX_BYTES} bytes.`);
  const type = response.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    throw invalidClient('The metadata document of this client is not served as application/json.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalidClient('The metadata document of this client is not JSON.');
  }
}

function clientOf(url: string, document: unknown, patterns: Settings['redirectPatterns']): Client {
  if (!isRecord(document) || document.client_id !== url) {
    throw invalidClient('The metadata document of this client has another client_id.');
  }
  // The draft, §4.1: a public document cannot contain a secret.
  if ('client_secret' in document || /^client_secret/.test(String(document.token_endpoint_auth_method))) {
    throw invalidClient('The metadata document of this client uses a client secret.');
  }
  const { redirect_uris: uris, client_name: name } = document;
  const redirectUris = Array.isArray(uris)
    ? uris.filter((uri): uri is string => typeof uri === 'string' && redirectFault(uri, patterns) === undefined)
    : [];
  if (redirectUris.length === 0) {
    throw invalidClient('The metadata document of this client has no redirect URI that this server allows.');
  }
  return { id: url, name: typeof name === 'string' ? name : undefined, redirectUris, host: new URL(url).host };
}

const invalidClient = (message: string) => new OAuthError('invalid_client', message);
