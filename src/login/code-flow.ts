import { codeFlowProblem, finishCode, startCode } from '../runtime/api/auth/code-grant.ts';
import type { AuthorizationServer, IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import type { Token, TokenClient } from '../runtime/api/auth/token-request.ts';
import { randomText } from '../runtime/text/random-text.ts';
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
  const { server, access, scopes, parameters, timeoutMs, onUrl } = flow;
  // Before a port is opened and a client is registered.
  const problem = codeFlowProblem(server);
  if (problem !== undefined) throw problem;
  const state = randomText();
  const listener = await listenForCallback({ state, timeoutMs, signal: access.signal });
  try {
    const { redirectUri } = listener;
    const client = await flow.client(redirectUri);
    const { url, verifier } = await startCode(server, {
      clientId: client.clientId,
      redirectUri,
      state,
      scopes,
      parameters,
    });
    onUrl(url);
    const response = await listener.wait();
    return await finishCode({ response, redirectUri, verifier, parameters }, { server, client, access });
  } finally {
    await listener.close();
  }
}
