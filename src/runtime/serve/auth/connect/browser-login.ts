import { codeFlowProblem, finishCode, type StartedCode, startCode } from '../../../api/auth/code-grant.ts';
import {
  type AuthorizationServer,
  clientAt,
  serverOfIssuer,
  WITHOUT_METADATA,
} from '../../../api/auth/server-metadata.ts';
import { messageOf } from '../../../errors.ts';
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
  begin(state: string): Promise<StartedCode>;
  /**
   * Who it is. The token is used for nothing else, and not kept.
   *
   * @throws LoginError, CallError, InvalidTokenError, VerifierUnavailableError
   */
  finish(response: URLSearchParams, verifier: string): Promise<VerifiedToken>;
}

const TIMEOUT_MS = 10_000;

/** @throws AuthError if the provider cannot be reached, or nobody can log in there in this way */
export async function openBrowserLogin(options: BrowserLoginParts): Promise<BrowserLogin> {
  const { preset, redirectUri, verifier, fetch } = options;
  const send = fetchSender(fetch);
  const access = () => ({ send, allowPrivate: true, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const server = await serverOf(preset, access());
  const problem = codeFlowProblem(server);
  if (problem) throw new AuthError('AUTH_OPTIONS_INVALID', `auth.login: ${problem.message}`);
  const client = clientAt(server, options.client);
  const { clientId } = client;
  const { upstream } = preset;
  const sendsResource = options.resource !== undefined && (upstream === undefined || upstream.forwardResource === true);
  const target = sendsResource && options.resource !== undefined ? { resource: options.resource } : {};
  const scopes = options.scopes ?? upstream?.scopes ?? ['openid'];
  return {
    begin(state) {
      const parameters = { ...upstream?.authorizeParameters, ...target };
      return startCode(server, { clientId, redirectUri, state, scopes, parameters });
    },
    async finish(response, codeVerifier) {
      const returned = { response, redirectUri, verifier: codeVerifier, parameters: target };
      const { token } = await finishCode(returned, { server, client, access: access() });
      return verifier.verify(token.value);
    },
  };
}

async function serverOf(
  { issuer, upstream }: AuthPreset,
  access: Parameters<typeof serverOfIssuer>[1],
): Promise<AuthorizationServer> {
  if (upstream) {
    const { authorizationEndpoint, tokenEndpoint, clientAuthentication } = upstream;
    return {
      ...WITHOUT_METADATA,
      issuer,
      authorizationEndpoint,
      tokenEndpoint,
      ...(clientAuthentication === 'post' && { authMethods: ['client_secret_post'] }),
    };
  }
  try {
    return await serverOfIssuer(issuer, access);
  } catch (error) {
    throw new AuthError('AUTH_PROVIDER_UNREACHABLE', `auth.login: ${messageOf(error)}`, { cause: error });
  }
}
