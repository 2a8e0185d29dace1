import { MAX_BYTES, readText } from '../../api/auth/read-json.ts';
import type { HttpSender } from '../../api/http.ts';
import { isRecord } from '../../is-record.ts';
import { parsedJson } from '../../text/parsed-json.ts';

/** `fetch`, as far as authentication uses it: the global one, or one with proxies and address rules of its own. */
export type AuthFetch = (url: string, init: AuthRequest) => Promise<Response>;

export interface AuthRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** A credential or a key set must not come from elsewhere, or go there (RFC 9700 §4.12). */
  readonly redirect: 'manual';
}

const TIMEOUT_MS = 10_000;

/** The one of the moment: tests and instrumentation replace it. */
export const globalFetch: AuthFetch = (url, init) => fetch(url, init);

/** A sender as `fetch`, so that proxies, certificates and address rules apply. */
export function senderFetch(send: HttpSender): AuthFetch {
  return async (url, { method = 'GET', headers = {}, body, signal }) => {
    const response = await send({
      method,
      url,
      headers: Object.entries({ ...headers, 'Accept-Encoding': 'identity' }),
      ...(body !== undefined && { body }),
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await boundedText(response.body);
    const hasBody = ![204, 205, 304].includes(response.status);
    return new Response(hasBody ? answer : null, {
      status: response.status,
      headers: response.headers.map(([name, value]) => [name, value]),
    });
  };
}

/** `fetch` as a sender: for what is also used with senders. */
export function fetchSender(fetch: AuthFetch): HttpSender {
  return async ({ method, url, headers, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers: Object.fromEntries(headers),
      // Requests of logins are forms.
      ...(typeof body === 'string' && { body }),
      signal,
      redirect: 'manual',
    });
    const text = await boundedText(response.body);
    return { status: response.status, headers: [...response.headers], body: once(new TextEncoder().encode(text)) };
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A JSON object from the provider. @throws Error that says what came instead */
export async function fetchJson(
  fetch: AuthFetch,
  url: string,
  init: Omit<AuthRequest, 'redirect'> = {},
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> | undefined }> {
  const headers = { Accept: 'application/json', ...init.headers };
  const signal = init.signal ?? AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' });
  const text = await boundedText(response.body);
  const body = parsedJson(text);
  return { status: response.status, body: isRecord(body) ? body : undefined };
}

async function boundedText(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const text = await readText(body, MAX_BYTES);
  if (text === undefined) throw new Error(`the response is larger than ${MAX_BYTES} bytes`);
  return text;
}
