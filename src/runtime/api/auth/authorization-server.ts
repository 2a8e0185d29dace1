import type { AuthScheme } from '../../../model/index.ts';
import { LoginError } from './login-error.ts';
import { issuerOf, metadataUrlOf, resolved } from './login-key.ts';
import {
  type AuthorizationServer,
  checkedEndpoint,
  facts,
  fetchMetadata,
  fromMetadata,
  type IssuerAccess,
  invalidMetadata,
  named,
  WITHOUT_METADATA,
} from './server-metadata.ts';

/**
 * The authorization server of a scheme: from its metadata (RFC 8414, OpenID Connect Discovery 1.0), whose issuer must be
 * the one that the metadata URL stands for, otherwise from the document's flows.
 *
 * @throws LoginError
 */
export async function authorizationServer(
  scheme: AuthScheme,
  { serverUrl, ...access }: IssuerAccess & { readonly serverUrl: string },
): Promise<AuthorizationServer> {
  const issuer = issuerOf(scheme, serverUrl);
  if (issuer === undefined) throw unsupported('The scheme has no flow or metadata for a login.');
  const metadataUrl = metadataUrlOf(scheme, serverUrl);
  if (metadataUrl !== undefined) {
    const metadata = await fetchMetadata(metadataUrl, access);
    if (metadata === undefined) throw invalidMetadata(metadataUrl, 'cannot be read');
    return fromMetadata(metadata, { issuer, metadataUrl, access, allowSlash: true });
  }
  const described = fromDocument(scheme, { issuer, serverUrl, access });
  // Nobody promised that it is there: it counts only if it says the same as the document.
  const guess = `${issuer}/.well-known/oauth-authorization-server`;
  const metadata = await fetchMetadata(guess, access).catch(() => undefined);
  if (metadata?.issuer !== issuer || metadata.token_endpoint !== described.tokenEndpoint) return described;
  return { ...fromMetadata(metadata, { issuer, metadataUrl: guess, access }), ...described, ...facts(metadata) };
}

function fromDocument(
  scheme: AuthScheme,
  { issuer, serverUrl, access }: { issuer: string; serverUrl: string; access: IssuerAccess },
): AuthorizationServer {
  const { authorizationCode, deviceAuthorization } = scheme.kind === 'oauth2' ? scheme : {};
  const flow = authorizationCode ?? deviceAuthorization;
  const endpoint = (url: string | undefined, name: string) =>
    url === undefined ? undefined : checkedEndpoint(resolved(url, serverUrl) ?? url, { name, access });
  const tokenEndpoint = endpoint(flow?.tokenUrl, 'tokenUrl');
  if (tokenEndpoint === undefined) throw unsupported('The scheme has no token URL.');
  return {
    ...WITHOUT_METADATA,
    issuer,
    tokenEndpoint,
    ...named('refreshEndpoint', endpoint(flow?.refreshUrl, 'refreshUrl')),
    ...named('authorizationEndpoint', endpoint(authorizationCode?.authorizationUrl, 'authorizationUrl')),
    ...named(
      'deviceAuthorizationEndpoint',
      endpoint(deviceAuthorization?.deviceAuthorizationUrl, 'deviceAuthorizationUrl'),
    ),
    scopes: flow?.scopes ?? [],
  };
}

const unsupported = (message: string): LoginError => new LoginError('LOGIN_UNSUPPORTED', message);
