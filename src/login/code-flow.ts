import { authorizationUrl, codeFlowProblem, codeOf, exchange } from '../runtime/api/auth/code-grant.ts';
import type { AuthorizationServer, IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import type { Token, TokenClient } from '../runtime/api/auth/token-request.ts';
import { digestText, randomText } from '../runtime/text/random-text.ts';
import { listenForCallback } from './callback-listener.ts';

export interface CodeFlow {
  readonly server: AuthorizationServer;
  readonly access: IssuerAccess;
  /** The client, for this redirect URI. */
  readonly client: (redirectUri: string) => Promise<TokenClient>;
  readonly scopes: readonly string[];
  /** Further parameters of both requests, such as `resource`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Shows the URL to the person, and opens it. */
  readonly onUrl: (url: string) => void;
}

/**
 * Authorization code with PKCE (RFC 6749 §4.1, RFC 7636) and a loopback redirect (RFC 8252 §7.3).
 *
 * @throws LoginError, and the reason of the signal
 */
export async function codeFlow(flow: CodeFlow): Promise<{ readonly token: Token; readonly client: TokenClient }> {
  const { server, access, timeoutMs, onUrl } = flow;
  const endpoint = server.authorizationEndpoint;
  const problem = codeFlowProblem(server);
  if (endpoint === undefined || problem !== undefined) throw problem;
  const state = randomText();
  const verifier = randomText();
  const listener = await listenForCallback({ state, timeoutMs, signal: access.signal });
  try {
    const { redirectUri } = listener;
    const client = await flow.client(redirectUri);
    const { clientId } = client;
    const challenge = await digestText(verifier);
    onUrl(authorizationUrl(endpoint, { ...flow, clientId, redirectUri, state, challenge }));
    const code = codeOf(await listener.wait(), server);
    const grant = {
      ...flow.parameters,
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    return await exchange(grant, { server, client, access });
  } finally {
    await listener.close();
  }
}
