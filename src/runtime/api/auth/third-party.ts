import type { AuthScheme } from '../../../model/index.ts';
import { authorizationServer } from './authorization-server.ts';
import type { ConnectWay } from './caller-credential.ts';
import { issuerOf } from './login-key.ts';
import { isWithheld, type SchemeEndpointMeans, withheld } from './scheme-endpoint.ts';
import { type AuthorizationServer, serverOfIssuer, WITHOUT_METADATA } from './server-metadata.ts';

interface Place {
  readonly scheme: AuthScheme;
  readonly way: ConnectWay;
  readonly serverUrl: string;
}

/** The issuer that tokens of callers are stored under, known without a request; `undefined` if nothing names one. */
export function thirdPartyIssuer({ scheme, way: { server }, serverUrl }: Place): string | undefined {
  if (server === undefined) return issuerOf(scheme, serverUrl);
  return server.kind === 'issuer' ? server.issuer : new URL(server.tokenUrl).origin;
}

/**
 * The authorization server where callers consent. What the operator names may be in the operator's own network; what the
 * document names only if the API may be.
 *
 * @throws LoginError; CallError `MISSING_CREDENTIAL` if the document's endpoints are at origins that get no credentials
 */
export async function thirdParty(
  { scheme, way: { server }, serverUrl }: Place,
  { send, allowPrivate, credentialOrigins }: SchemeEndpointMeans,
  signal: AbortSignal,
): Promise<AuthorizationServer> {
  if (server?.kind === 'issuer') return serverOfIssuer(server.issuer, { send, allowPrivate: true, signal });
  if (server) return withoutMetadata(server);
  const found = await authorizationServer(scheme, { send, allowPrivate, signal, serverUrl });
  for (const url of [found.tokenEndpoint, found.refreshEndpoint ?? found.tokenEndpoint]) {
    const { origin } = new URL(url);
    if (isWithheld(origin, { credentialOrigins })) throw withheld(origin);
  }
  return found;
}

const withoutMetadata = ({
  authorizationUrl,
  tokenUrl,
}: Extract<ConnectWay['server'], { kind: 'endpoints' }>): AuthorizationServer => ({
  ...WITHOUT_METADATA,
  issuer: new URL(tokenUrl).origin,
  authorizationEndpoint: authorizationUrl,
  tokenEndpoint: tokenUrl,
});
