import { CallError } from '../../call-error.ts';
import type { HttpSender } from '../http.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import type { TokenEndpoint } from './oauth2.ts';
import { readJson } from './read-json.ts';

/**
 * The token endpoint in a discovery document (OpenID Connect Discovery 1.0 §3). A document fetched over https cannot
 * name an http endpoint, which would send the secret in plain text.
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
  const { token_endpoint: url, token_endpoint_auth_methods_supported: methods } = await readJson(response.body);
  if (response.status !== 200) throw refuse(`cannot be read: status ${response.status}`);
  if (typeof url !== 'string' || !URL.canParse(url)) throw refuse('has no token endpoint');
  const endpoint = new URL(url);
  if (endpoint.protocol !== 'https:' && (endpoint.protocol !== 'http:' || protocol === 'https:')) {
    throw refuse('has a token endpoint that is not https');
  }
  // §3: client_secret_basic if the list is missing.
  const onlyBody =
    Array.isArray(methods) && !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
  return { url, authentication: onlyBody ? 'body' : 'basic' };
}
