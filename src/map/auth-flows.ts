import { type AuthScheme, defined, type OAuthFlow } from '../model/index.ts';
import { isObject, joinPointer, type Located, type Node, type Reader, text } from './reader.ts';

type OAuth2 = Extract<AuthScheme, { kind: 'oauth2' }>;

/**
 * The flows of an OAuth 2.0 scheme (OpenAPI 3.1.1 §4.8.28, §4.8.29), and what OpenAPI 3.2 adds: `deviceAuthorization`
 * and `oauth2MetadataUrl`. URLs are kept as written, because relative ones resolve against the server (§4.6), which the
 * user may choose. A flow without its URLs is ignored.
 */
export function settleFlows(name: string, { value, pointer }: Located, reader: Reader): Omit<OAuth2, 'kind'> {
  const flows = isObject(value.flows) ? value.flows : {};
  const clientCredentials = flowOf(flows.clientCredentials, [] as const);
  const authorizationCode = flowOf(flows.authorizationCode, ['authorizationUrl'] as const);
  const deviceAuthorization = flowOf(flows.deviceAuthorization, ['deviceAuthorizationUrl'] as const);
  const metadataUrl = text(value, 'oauth2MetadataUrl');
  const settled = defined({ clientCredentials, authorizationCode, deviceAuthorization, metadataUrl });
  if (Object.keys(settled).length === 0) reportObsolete(name, flows, { pointer, reader });
  return settled;
}

/** Flows that OAuth 2.1 (draft-ietf-oauth-v2-1 §10) and RFC 9700 §2.1.2, §2.4 advise against. */
const OBSOLETE = ['implicit', 'password'];

function reportObsolete(name: string, flows: Node, { pointer, reader }: { pointer: string; reader: Reader }): void {
  for (const flow of OBSOLETE.filter((one) => isObject(flows[one]))) {
    const message = `Security scheme "${name}": the OAuth 2.0 flow "${flow}" is not supported. Pass an access token.`;
    reader.report('UNSUPPORTED_OAUTH_FLOW', joinPointer(pointer, 'flows', flow), message);
  }
}

/** With the URLs that the flow needs besides `tokenUrl`. */
function flowOf<Url extends string>(flow: unknown, urls: readonly Url[]): Flow<Url> | undefined {
  if (!isObject(flow)) return undefined;
  const needed = [...urls, 'tokenUrl'].map((url) => [url, text(flow, url)] as const);
  if (needed.some(([, written]) => written === undefined)) return undefined;
  const refreshUrl = text(flow, 'refreshUrl');
  const scopes = isObject(flow.scopes) ? Object.keys(flow.scopes) : [];
  // Every one of them is there.
  const found = Object.fromEntries(needed) as Record<Url | 'tokenUrl', string>;
  return Object.assign(found, { ...(refreshUrl !== undefined && { refreshUrl }), scopes });
}

type Flow<Url extends string> = OAuthFlow & Readonly<Record<Url, string>>;
