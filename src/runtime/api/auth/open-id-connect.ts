import { CallError } from '../../call-error.ts';
import type { HttpSender } from '../http.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import { readJson } from './read-json.ts';

/** A token endpoint. */
export interface TokenEndpoint {
  readonly url: string;
  /** For clients that authenticate by certificate, if it is another one (RFC 8705 §5). */
  readonly mtlsUrl?: string;
  /** The client authentication methods that it supports; `undefined` if unknown. */
  readonly methods?: readonly string[];
}

/**
 * The token endpoint in the metadata of an authorization server (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). A
 * document fetched over https cannot name an http endpoint, which would send the secret in plain text.
 *
 * @throws CallError `CREDENTIAL_REFUSED`, `FORBIDDEN_ADDRESS`, and those of the sender
 */
export async function discoverTokenEndpoint(
  discoveryUrl: string,
  { allowPrivate, send, signal }: { allowPrivate: boolean; send: HttpSender; signal: AbortSignal },
): Promise<TokenEndpoint> {
  const { host, protocol } = new URL(discoveryUrl);
  if (!allowPrivate && isPrivateUrl(discoveryUrl)) {
    throw new CallError('FORBIDDEN_ADDRESS', `${host} is at a private address, which this API may not access.`);
  }
  const refuse = (why: string) => new CallError('CREDENTIAL_REFUSED', `The discovery document at ${host} ${why}.`);
  const response = await send({ method: 'GET', url: discoveryUrl, headers: [['Accept', 'application/json']], signal });
  const metadata = await readJson(response.body);
  if (response.status !== 200) throw refuse(`cannot be read: status ${response.status}`);
  const checked = (url: unknown) => {
    if (typeof url !== 'string' || !URL.canParse(url)) throw refuse('has no token endpoint');
    const endpoint = new URL(url);
    if (endpoint.protocol !== 'https:' && (endpoint.protocol !== 'http:' || protocol === 'https:')) {
      throw refuse('has a token endpoint that is not https');
    }
    return url;
  };
  const { token_endpoint: url, token_endpoint_auth_methods_supported: methods, mtls_endpoint_aliases } = metadata;
  const alias = (mtls_endpoint_aliases as { readonly token_endpoint?: unknown } | null | undefined)?.token_endpoint;
  return {
    url: checked(url),
    ...(alias !== undefined && { mtlsUrl: checked(alias) }),
    ...(Array.isArray(methods) && { methods: methods.filter((method) => typeof method === 'string') }),
  };
}
