import { readText } from '../runtime/api/auth/read-json.ts';
import { codeOf } from '../runtime/errors.ts';
import { Expiring } from '../runtime/expiring.ts';
import { OAuthError, unavailable } from '../runtime/serve/pages/http.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import type { Settings } from './options.ts';

export interface DocumentKind {
  /** What messages call it. */
  readonly name: string;
  readonly maxBytes: number;
}

/** How long a document is used, in milliseconds. */
const CACHE_MS = 300_000;
const COOLDOWN_MS = 30_000;
const MAX_CACHED = 500;
const TIMEOUT_MS = 10_000;
/** Anybody can make the server fetch documents. */
const MAX_FLIGHTS = 64;

/**
 * JSON that clients publish, fetched from public addresses only. The function that is returned throws an OAuthError:
 * `invalid_client` if the document cannot be used, `temporarily_unavailable` if it cannot be fetched now. With `fresh`, it
 * fetches it again, unless that was done in the last 30 seconds.
 */
export function openPublicDocuments(
  settings: Settings,
  kind: DocumentKind,
): (url: string, options?: { readonly fresh?: boolean }) => Promise<unknown> {
  const { now } = settings;
  const cached = new Expiring<{ readonly value: unknown; readonly fetchedAt: number }>({
    ttlMs: CACHE_MS,
    most: MAX_CACHED,
    now,
  });
  const flights = new Map<string, Promise<unknown>>();
  const load = async (url: string) => {
    const value = await fetchJson(settings, kind, url);
    cached.put(url, { value, fetchedAt: now() });
    return value;
  };
  return async (url, { fresh = false } = {}) => {
    const known = cached.get(url);
    if (known && (!fresh || now() - known.fetchedAt < COOLDOWN_MS)) return known.value;
    const flight = flights.get(url);
    if (flight) return flight;
    if (flights.size >= MAX_FLIGHTS) throw unavailable('This server is busy. Try again.');
    const started = load(url).finally(() => flights.delete(url));
    flights.set(url, started);
    return started;
  };
}

async function fetchJson(settings: Settings, { name, maxBytes }: DocumentKind, url: string): Promise<unknown> {
  const refused = (fault: string) => new OAuthError('invalid_client', `The ${name} of this client ${fault}.`);
  const { status, type, text } = await fetchText(settings, url, maxBytes).catch((cause) => {
    // The client learns nothing about the network of this server.
    settings.onError(new Error(`The ${name} of a client could not be fetched: ${url}`, { cause }));
    if (codeOf(cause) === 'FORBIDDEN_ADDRESS') throw refused('could not be fetched');
    throw unavailable(`The ${name} of this client could not be fetched. Try again.`);
  });
  if (status >= 500 || status === 429) throw unavailable(`The ${name} of this client could not be fetched. Try again.`);
  if (status !== 200) throw refused('is not there');
  if (text === undefined) throw refused(`is larger than ${maxBytes} bytes`);
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) throw refused('is not served as application/json');
  const value = parsedJson(text);
  if (value === undefined) throw refused('is not JSON');
  return value;
}

async function fetchText({ publicFetch = noFetch }: Settings, url: string, maxBytes: number) {
  const response = await publicFetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    // Also for a server that sends the document slowly.
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { status, headers, body } = response;
  if (status !== 200) await body?.cancel();
  const text = status === 200 ? await readText(body, maxBytes) : '';
  return { status, type: headers.get('content-type') ?? '', text };
}

/** Documents are opened only with a `publicFetch`. */
const noFetch = () => Promise.reject(new Error('There is no publicFetch.'));
