import { authorizationUrl, codeFlowProblem, codeOf, exchange } from '../../../api/auth/code-grant.ts';
import { type AuthorizationServer, authenticationAt, serverOfIssuer } from '../../../api/auth/server-metadata.ts';
import type { TokenClient } from '../../../api/auth/token-request.ts';
import { messageOf } from '../../../errors.ts';
import { digestText, randomText } from '../../../text/random-text.ts';
import { AuthError } from '../auth-error.ts';
import { type AuthFetch, fetchSender } from '../auth-fetch.ts';
import type { AuthPreset } from '../presets/preset.ts';
import type { TokenVerifier, VerifiedToken } from '../token-verifier.ts';

export interface BrowserLoginParts {
  readonly preset: AuthPreset;
  /** Judges the token that the login gives, by the rules for tokens of callers: so it names the same person. */
  readonly verifier: TokenVerifier;
  readonly client: { readonly clientId: string; readonly clientSecret?: string | undefined };
  /** Default: those of the preset, otherwise `openid`. */
  readonly scopes: readonly string[] | undefined;
  /** The MCP endpoint, for which the token is requested (RFC 8707); `undefined`: the provider issues it for the client. */
  readonly resource: string | undefined;
  readonly redirectUri: string;
  readonly fetch: AuthFetch;
}

/** Logs the person at a browser in at the provider of the callers. */
export interface BrowserLogin {
  begin(state: string): Promise<{ readonly url: string; readonly verifier: string }>;
  /**
   * Who it is. The token is used for nothing else, and not kept.
   *
   * @throws LoginError, CallError, InvalidTokenError, VerifierUnavailableError
   */
  finish(parameters: URLSearchParams, verifier: string): Promise<VerifiedToken>;
}

const TIMEOUT_MS = 10_000;

/** @throws AuthError if the provider cannot be reached, or nobody can log in there in this way */
export async function openBrowserLogin(options: BrowserLoginParts): Promise<BrowserLogin> {
  const { preset, client: own, redirectUri, verifier, fetch } = options;
  const send = fetchSender(fetch);
  const access = () => ({ send, allowPrivate: true, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const server = await serverOf(preset, access());
  const endpoint = server.authorizationEndpoint;
  const problem = codeFlowProblem(server);
  if (endpoint === undefined || problem) throw new AuthError('AUTH_OPTIONS_INVALID', `auth.login: ${problem?.message}`);
  const { clientId, clientSecret } = own;
  const client: TokenClient =
    clientSecret === undefined
      ? { clientId, authentication: 'none' }
      : { clientId, clientSecret, authentication: authenticationAt(server) };
  const { upstream } = preset;
  const sendsResource = options.resource !== undefined && (upstream === undefined || upstream.forwardResource === true);
  const target = sendsResource && options.resource !== undefined ? { resource: options.resource } : {};
  const scopes = options.scopes ?? upstream?.scopes ?? ['openid'];
  return {
    async begin(state) {
      const codeVerifier = randomText();
      const challenge = await digestText(codeVerifier);
      const parameters = { ...upstream?.authorizeParameters, ...target };
      const url = authorizationUrl(endpoint, { clientId, redirectUri, state, challenge, scopes, parameters });
      return { url, verifier: codeVerifier };
    },
    async finish(parameters, codeVerifier) {
      const code = codeOf(parameters, server);
      const grant = {
        ...target,
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      };
      const { token } = await exchange(grant, { server, client, access: access() });
      return verifier.verify(token.value);
    },
  };
}

async function serverOf(
  { issuer, upstream }: AuthPreset,
  access: Parameters<typeof serverOfIssuer>[1],
): Promise<AuthorizationServer> {
  if (upstream) {
    return {
      issuer,
      authorizationEndpoint: upstream.authorizationEndpoint,
      tokenEndpoint: upstream.tokenEndpoint,
      codeChallengeMethods: undefined,
      sendsIssuer: false,
      authMethods: [upstream.clientAuthentication === 'post' ? 'client_secret_post' : 'client_secret_basic'],
      scopes: [],
      readsClientMetadata: false,
    };
  }
  try {
    return await serverOfIssuer(issuer, access);
  } catch (error) {
    throw new AuthError('AUTH_PROVIDER_UNREACHABLE', `auth.login: ${messageOf(error)}`, { cause: error });
  }
}
