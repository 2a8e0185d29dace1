import { readText } from '../runtime/api/auth/read-json.ts';
import { isRecord } from '../runtime/is-record.ts';
import { VerifierUnavailableError } from '../runtime/serve/auth/token-verifier.ts';
import { withParameters } from '../runtime/serve/pages/http.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import type { Settings, UpstreamOptions } from './options.ts';

/** What the upstream's token endpoint gives. */
export interface UpstreamTokens {
  readonly access: string;
  readonly refresh?: string;
  /** Seconds since 1970; absent if the upstream does not say. */
  readonly expiresAt?: number;
  /** Granted scopes, if they differ from the requested ones. */
  readonly scopes?: readonly string[];
}

/**
 * The upstream responded with an error of RFC 6749 §5.2. The message is for the operator: code and description, without
 * what was sent.
 */
export class UpstreamRefusedError extends Error {
  override readonly name = 'UpstreamRefusedError';
  readonly code: string;
  constructor(code: string, description: string) {
    const known = /^[\w.-]{1,64}$/.test(code) ? code : 'unknown_error';
    super(description === '' ? known : `${known}: ${description}`);
    this.code = known;
  }
}

/**
 * The provider behind the proxy. Every method throws `UpstreamRefusedError`, or `VerifierUnavailableError` if the
 * provider cannot be reached or its response cannot be used.
 */
export interface Upstream {
  authorizationUrl(state: string, challenge: string | undefined): string;
  exchange(code: string, verifier: string | undefined): Promise<UpstreamTokens>;
  refresh(token: string): Promise<UpstreamTokens>;
  revoke(token: string, hint: 'access_token' | 'refresh_token'): Promise<void>;
}

export function openUpstream(settings: Settings): Upstream {
  const { upstream, resource, callbackUrl, now } = settings;
  const target = upstream.forwardResource ? { resource } : {};
  const tokens = async (fields: Record<string, string>) => {
    const asked = { ...upstream.tokenParameters, ...fields, ...target };
    return tokensOf(await post(settings, upstream.tokenEndpoint, asked), now());
  };
  return {
    authorizationUrl: (state, challenge) =>
      withParameters(upstream.authorizationEndpoint, {
        ...upstream.authorizeParameters,
        response_type: 'code',
        client_id: upstream.clientId,
        redirect_uri: callbackUrl,
        scope: upstream.scopes.join(' ') || undefined,
        state,
        code_challenge: challenge,
        code_challenge_method: challenge && 'S256',
        ...target,
      }),
    exchange: (code, verifier) =>
      tokens({
        grant_type: 'authorization_code',
        code,
        redirect_uri: callbackUrl,
        ...(verifier !== undefined && { code_verifier: verifier }),
      }),
    refresh: (token) => tokens({ grant_type: 'refresh_token', refresh_token: token }),
    async revoke(token, hint) {
      if (upstream.revocationEndpoint === undefined) return;
      await post(settings, upstream.revocationEndpoint, { token, token_type_hint: hint });
    },
  };
}

const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 64 * 1024;

/** The JSON of a successful response. */
async function post(settings: Settings, url: string, fields: Record<string, string>): Promise<unknown> {
  const { headers, body } = authenticated(settings.upstream, fields);
  let response: Response;
  let text: string | undefined;
  try {
    response = await settings.fetch(url, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      // A redirect would send the code and the client's secret elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await readText(response.body, MAX_RESPONSE_BYTES);
  } catch (cause) {
    throw new VerifierUnavailableError(`${url} cannot be reached.`, { cause });
  }
  const { status } = response;
  const value = parsedJson(text);
  // Some providers respond with 200 to what failed.
  if (isRecord(value) && typeof value.error === 'string' && status < 500 && status !== 429) {
    throw new UpstreamRefusedError(value.error, masked(value.error_description, [...body.values()], settings.upstream));
  }
  if (status < 200 || status > 299) {
    const redirects = status > 299 && status < 400 ? ', which is not followed: configure its final address' : '';
    throw new VerifierUnavailableError(`${url} responded with status ${status}${redirects}.`);
  }
  return value;
}

/** A description that repeats a token, the code or the secret shows it nowhere. */
function masked(description: unknown, sent: readonly string[], { clientSecret = '' }: UpstreamOptions): string {
  const hidden = [...sent, clientSecret].filter((value) => value.length >= 8);
  const text = typeof description === 'string' ? description.slice(0, 1000) : '';
  return hidden.reduce((shown, value) => shown.replaceAll(value, '…'), text);
}

/** RFC 6749 §2.3.1 */
function authenticated({ clientId, clientSecret = '', clientAuthentication }: Settings['upstream'], fields: object) {
  const body = new URLSearchParams({ ...fields });
  const headers: Record<string, string> = {};
  if (clientAuthentication === 'basic') {
    // Both are form-encoded first, so that neither can contain a colon.
    headers.authorization = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`;
  } else {
    body.set('client_id', clientId);
    if (clientAuthentication === 'post') body.set('client_secret', clientSecret);
  }
  return { headers, body };
}

const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

function tokensOf(value: unknown, now: number): UpstreamTokens {
  if (!isRecord(value) || typeof value.access_token !== 'string' || value.access_token === '') {
    throw new VerifierUnavailableError('The token endpoint of the identity provider gave no access token.');
  }
  const { access_token: access, token_type: type, refresh_token: refresh, expires_in: lifetime, scope } = value;
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw new VerifierUnavailableError('The identity provider gave a token that is not a bearer token.');
  }
  // Some send numbers as text; 0 means "does not expire".
  const seconds = Number(lifetime);
  return {
    access,
    ...(typeof refresh === 'string' && refresh !== '' && { refresh }),
    ...(seconds > 0 && Number.isFinite(seconds) && { expiresAt: Math.floor(now / 1000 + seconds) }),
    // GitHub separates them with commas.
    ...(typeof scope === 'string' && scope !== '' && { scopes: scope.split(/[\s,]+/) }),
  };
}
