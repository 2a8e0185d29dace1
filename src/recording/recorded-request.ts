import { createHash } from 'node:crypto';
import type { Concealer } from '../runtime/api/conceal/index.ts';
import type { Exchange } from '../runtime/api/exchange.ts';
import { requestUrl } from '../runtime/api/http.ts';
import { concealIssuedInForm, concealIssuedInJson } from './issued-secrets.ts';
import { isJson, recordedBody, utf8 } from './recorded-body.ts';
import type { RecordedRequest } from './recording.ts';

/**
 * A request as it is recorded, and looked up: without credentials, and relative to the server, so that it is the same
 * when it is replayed without them, and with another base URL.
 */
export function recordedRequest({ built, request, serverUrl, redirects, conceal }: Exchange): RecordedRequest {
  const { method } = request;
  const whole = requestUrl(built);
  const own = whole.startsWith(serverUrl) ? whole.slice(serverUrl.length) : whole;
  const url = concealIssuedInForm(conceal.text(redirects === 0 ? own : request.url));
  const { body } = request;
  if (body === undefined) return { method, url };
  const contentType = built.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const text = utf8(bytes);
  const shown = text === undefined ? conceal.bytes(bytes) : new TextEncoder().encode(withoutSecrets(text, conceal));
  const [, boundary] = /boundary="?([^";]+)/i.exec(contentType ?? '') ?? [];
  return {
    method,
    url,
    // The boundary of a multipart body is another one each time.
    ...(contentType !== undefined && { contentType: boundary ? contentType.replace(boundary, BOUNDARY) : contentType }),
    bodyHash: createHash('sha256').update(withoutBoundary(shown, boundary)).digest('hex'),
    body: recordedBody(shown),
  };
}

function withoutSecrets(text: string, conceal: Concealer): string {
  const shown = conceal.text(text);
  return isJson(shown) ? concealIssuedInJson(shown) : concealIssuedInForm(shown);
}

const BOUNDARY = 'boundary';

function withoutBoundary(bytes: Uint8Array, boundary: string | undefined): Uint8Array {
  if (boundary === undefined) return bytes;
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(boundary, BOUNDARY), 'latin1');
}
