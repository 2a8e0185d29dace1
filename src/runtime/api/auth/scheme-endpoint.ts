import type { AuthScheme } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import type { HttpSender } from '../http.ts';
import { discoverTokenEndpoint, type TokenEndpoint } from './open-id-connect.ts';

export interface SchemeEndpointMeans {
  /**
   * Origins that the user allows for credentials, including token endpoints; `undefined`: all origins in the document.
   */
  readonly credentialOrigins: readonly string[] | undefined;
  /** Whether token endpoints may be at private addresses. */
  readonly allowPrivate: boolean;
  /** The base of relative token URLs: the default server (OpenAPI 3.1.1 §4.6). */
  readonly serverUrl?: string | undefined;
  readonly send: HttpSender;
}

/**
 * Finds the token endpoint that the document names for a scheme.
 *
 * @param flow.tokenUrl of the scheme's flow
 * @param flow.isSettled the client authentication method is known, so that metadata has nothing to add
 * @returns a function that throws CallError `CREDENTIAL_REFUSED`, `MISSING_CREDENTIAL` (not an allowed origin),
 *   `FORBIDDEN_ADDRESS`, and those of the sender
 */
export function schemeEndpoint(
  name: string,
  scheme: AuthScheme,
  { tokenUrl, isSettled }: { readonly tokenUrl: string | undefined; readonly isSettled: boolean },
  { credentialOrigins, allowPrivate, serverUrl, send }: SchemeEndpointMeans,
): (signal: AbortSignal) => Promise<TokenEndpoint> {
  const find = async (signal: AbortSignal): Promise<TokenEndpoint> => {
    const metadataUrl = metadataUrlOf(scheme);
    const discover = (written: string) =>
      discoverTokenEndpoint(absolute(written, name, serverUrl), { allowPrivate, send, signal });
    if (tokenUrl === undefined) return discover(metadataUrl ?? '');
    const url = absolute(tokenUrl, name, serverUrl);
    // The document already names the endpoint, so the metadata is only asked where it decides something.
    if (metadataUrl === undefined || isSettled) return { url };
    const found = await discover(metadataUrl).catch(() => undefined);
    return found?.url === url ? found : { url };
  };
  return async (signal) => {
    const found = await find(signal);
    for (const url of [found.url, found.mtlsUrl ?? found.url]) {
      const { origin } = new URL(url);
      if (isWithheld(origin, { credentialOrigins })) throw withheld(origin);
    }
    return found;
  };
}

/** OpenID Connect Discovery 1.0 §3, RFC 8414 §2. */
function metadataUrlOf(scheme: AuthScheme): string | undefined {
  if (scheme.kind === 'openIdConnect') return scheme.discoveryUrl;
  return scheme.kind === 'oauth2' ? scheme.metadataUrl : undefined;
}

export const isWithheld = (
  origin: string,
  { credentialOrigins }: Pick<SchemeEndpointMeans, 'credentialOrigins'>,
): boolean => credentialOrigins !== undefined && !credentialOrigins.includes(origin);

export const withheld = (origin: string): CallError =>
  new CallError('MISSING_CREDENTIAL', `No credentials are sent to ${origin}.`, {
    hint: `If you trust that host, start the server with --credentials-for ${origin}.`,
  });

function absolute(url: string, scheme: string, serverUrl: string | undefined): string {
  if (URL.canParse(url, serverUrl) && /^https?:$/.test(new URL(url, serverUrl).protocol))
    return new URL(url, serverUrl).href;
  throw new CallError('CREDENTIAL_REFUSED', `The document has no http(s) token URL for "${scheme}".`, {
    hint: `Set BEARER_TOKEN for "${scheme}" instead, or correct the document.`,
  });
}
