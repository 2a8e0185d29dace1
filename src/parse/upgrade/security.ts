import { isObject, type JsonObject } from '../json.ts';
import { extensions, pick } from './context.ts';

/** Names of the OAuth 2.0 flows in 2.0 ("Security Scheme Object") and 3.x ("OAuth Flows Object"). */
const FLOWS: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
};

/** Converts a 2.0 security scheme; a 3.x or unknown one is returned unchanged. */
export function upgradeSecurityScheme(scheme: unknown): unknown {
  if (!isObject(scheme)) return scheme;
  if (scheme.type === 'basic') return { ...scheme, type: 'http', scheme: 'basic' };
  if (scheme.type === 'oauth2' && !isObject(scheme.flows)) return oauth2(scheme);
  return { ...scheme };
}

function oauth2(scheme: JsonObject): JsonObject {
  const flow =
    typeof scheme.flow === 'string'
      ? (Object.hasOwn(FLOWS, scheme.flow) && FLOWS[scheme.flow]) || scheme.flow
      : undefined;
  const details = { scopes: {}, ...pick(scheme, ['authorizationUrl', 'tokenUrl', 'scopes']) };
  return {
    type: 'oauth2',
    ...pick(scheme, ['description']),
    flows: flow === undefined ? {} : { [flow]: details },
    ...extensions(scheme),
  };
}
