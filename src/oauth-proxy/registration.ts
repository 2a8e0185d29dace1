import { visibleText } from '../model/hidden-text.ts';
import { readText } from '../runtime/api/auth/read-json.ts';
import { isRecord } from '../runtime/is-record.ts';
import { json, OAuthError } from '../runtime/serve/pages/http.ts';
import { cutText } from '../runtime/text/cut-text.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';
import { redirectFault } from './redirect-uri.ts';

const MAX_BODY_BYTES = 16 * 1024;
const MAX_REDIRECT_URIS = 10;
/** The id contains them, and is sent in URLs. */
const MAX_REDIRECT_CHARACTERS = 1500;
const MAX_NAME_BYTES = 100;

/**
 * Dynamic client registration (RFC 7591). Every client is a public one, authenticated by PKCE and its redirect URI, and
 * has an id of its own: nothing of the upstream's client is given out.
 */
export async function register(request: Request, settings: Settings, clients: Clients): Promise<Response> {
  const metadata = await metadataOf(request);
  const redirectUris = redirectUrisOf(metadata.redirect_uris, settings.redirectPatterns);
  const name =
    typeof metadata.client_name === 'string' ? cutText(visibleText(metadata.client_name), MAX_NAME_BYTES) : '';
  const issuedAt = Math.floor(settings.now() / 1000);
  const id = await clients.register({ ...(name !== '' && { name }), redirectUris, issuedAt });
  const registered = {
    client_id: id,
    client_id_issued_at: issuedAt,
    ...(name !== '' && { client_name: name }),
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // Whatever was asked for (RFC 7591 §3.2.1).
    token_endpoint_auth_method: 'none',
  };
  return json(registered, { status: 201 });
}

async function metadataOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request.body, MAX_BODY_BYTES);
  if (text === undefined) throw refused('invalid_client_metadata', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  const value = parsedJson(text);
  if (isRecord(value)) return value;
  throw refused('invalid_client_metadata', 'The body must be a JSON object.');
}

function redirectUrisOf(value: unknown, patterns: Settings['redirectPatterns']): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((uri) => typeof uri === 'string')) {
    throw refused('invalid_redirect_uri', 'redirect_uris must be a list of one or more URIs.');
  }
  const uris: readonly string[] = value;
  if (uris.length > MAX_REDIRECT_URIS || uris.join('').length > MAX_REDIRECT_CHARACTERS) {
    const most = `${MAX_REDIRECT_URIS} URIs with ${MAX_REDIRECT_CHARACTERS} characters in total`;
    throw refused('invalid_redirect_uri', `redirect_uris may have at most ${most}.`);
  }
  for (const uri of uris) {
    const fault = redirectFault(uri, patterns);
    if (fault !== undefined) throw refused('invalid_redirect_uri', `The redirect URI ${uri} ${fault}.`);
  }
  return [...new Set(uris)];
}

const refused = (code: string, message: string) => new OAuthError(code, message);
