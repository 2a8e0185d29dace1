import { type AuthRequirement, type AuthScheme, getOwn, setOwn, variablePart } from '../model/index.ts';
import { segmentsOf } from '../parse/references.ts';
import { settleFlows } from './auth-flows.ts';
import { describe, isObject, joinPointer, type Located, type Node, prose, type Reader, text } from './reader.ts';

export interface SettledAuth {
  readonly schemes: Readonly<Record<string, AuthScheme>>;
  /** The security of an operation: its own `security`, otherwise that of the document. */
  requirements(operation: Located): readonly AuthRequirement[];
}

/** Security schemes and requirements (OpenAPI 3.1.1 §4.8.27, §4.8.30). */
export function settleAuth(reader: Reader): SettledAuth {
  const { root } = reader.document;
  const schemes: Record<string, AuthScheme> = {};
  const components = isObject(root.components) ? root.components : {};
  const written = isObject(components.securitySchemes) ? components.securitySchemes : {};
  for (const [name, value] of Object.entries(written)) {
    const found = reader.object(value, joinPointer('#', 'components', 'securitySchemes', name));
    const scheme = found && settleScheme(name, found, reader);
    if (scheme) setOwn(schemes, name, scheme);
  }
  reportCollisions(Object.keys(schemes), reader);
  const byDefault = requirementsOf(root.security, '#/security', schemes, reader);
  return {
    schemes,
    requirements: ({ value, pointer }) =>
      value.security === undefined
        ? byDefault
        : requirementsOf(value.security, joinPointer(pointer, 'security'), schemes, reader),
  };
}

/**
 * The parameters of an operation that credentials fill in, by {@link parameterIdentity}. They are never arguments, even
 * if another requirement or none would also do, because a model must not be asked for a secret.
 */
export function suppliedParameters(
  requirements: readonly AuthRequirement[],
  schemes: Readonly<Record<string, AuthScheme>>,
): ReadonlySet<string> {
  const names = requirements.flatMap(({ schemes: needed }) => needed.map(({ scheme }) => scheme));
  return new Set(
    names.flatMap((name) => {
      const scheme = getOwn(schemes, name);
      if (scheme === undefined || scheme.kind === 'mutualTls') return [];
      if (scheme.kind === 'awsSigV4')
        return ['header authorization', ...AWS_HEADERS.map((header) => `header ${header}`)];
      return [scheme.kind === 'apiKey' ? parameterIdentity(scheme) : 'header authorization'];
    }),
  );
}

/** What a signature adds, and documents of AWS list as parameters. */
const AWS_HEADERS = [
  'date',
  'security-token',
  'content-sha256',
  'algorithm',
  'credential',
  'signature',
  'signedheaders',
].map((name) => `x-amz-${name}`);

/** A parameter is identified by its location and name (OpenAPI 3.1.1 §4.8.12); names of headers are case-insensitive. */
export const parameterIdentity = ({ in: place, name }: { readonly in?: unknown; readonly name?: unknown }): string =>
  `${place} ${place === 'header' ? String(name).toLowerCase() : name}`;

function settleScheme(name: string, { value, pointer }: Located, reader: Reader): AuthScheme | undefined {
  const written = prose(value, 'description');
  const description = written === undefined ? {} : { description: written };
  const bad = (message: string) => {
    reader.report('BAD_SECURITY_SCHEME', pointer, `Security scheme "${name}": ${message}`);
    return undefined;
  };
  switch (typeof value.type === 'string' ? value.type.toLowerCase() : undefined) {
    case 'apikey': {
      const place = (['header', 'query', 'cookie'] as const).find((known) => known === value.in);
      const key = text(value, 'name');
      if (!place || key === undefined) return bad('an API key needs "name" and "in" (header, query or cookie).');
      if (isAwsSignature(value, { place, key })) return { kind: 'awsSigV4', ...description };
      return { kind: 'apiKey', in: place, name: key, ...description };
    }
    case 'http': {
      // RFC 9110 §11.1: names of schemes are case-insensitive.
      const scheme = text(value, 'scheme')?.toLowerCase();
      if (scheme === undefined) return bad('"http" needs "scheme" (basic, bearer …).');
      if (scheme === 'basic' || scheme === 'bearer' || scheme === 'digest') return { kind: scheme, ...description };
      if (AWS_SCHEME.test(scheme)) return { kind: 'awsSigV4', ...description };
      const message = `Security scheme "${name}": HTTP authentication "${scheme}" is not supported. Pass the header yourself (--header 'Authorization: …'), or an auth handler.`;
      reader.report('UNSUPPORTED_SECURITY_SCHEME', pointer, message);
      return { kind: 'otherHttp', scheme, ...description };
    }
    case 'basic':
      return { kind: 'basic', ...description };
    case 'oauth2':
      return { kind: 'oauth2', ...settleFlows(name, { value, pointer }, reader), ...description };
    case 'openidconnect': {
      const discoveryUrl = text(value, 'openIdConnectUrl');
      if (discoveryUrl === undefined) return bad('"openIdConnect" needs "openIdConnectUrl".');
      return { kind: 'openIdConnect', discoveryUrl, ...description };
    }
    case 'mutualtls':
      return { kind: 'mutualTls', ...description };
    default:
      return bad(
        `"type" must be apiKey, http, oauth2, openIdConnect or mutualTLS, not ${JSON.stringify(value.type) ?? 'nothing'}.`,
      );
  }
}

const AWS_SCHEME = /^(?:aws4-hmac-sha256|aws-?sig(?:nature)?-?v4|sigv4)$/;

/**
 * API Gateway and AWS describe signatures as API keys, because OpenAPI has no type for them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
 */
function isAwsSignature(value: Node, { place, key }: { readonly place: string; readonly key: string }): boolean {
  const type = value['x-amazon-apigateway-authtype'];
  if (typeof type !== 'string' || type.toLowerCase() !== 'awssigv4') return false;
  return place === 'header' && key.toLowerCase() === 'authorization';
}

function requirementsOf(
  value: unknown,
  pointer: string,
  schemes: Readonly<Record<string, AuthScheme>>,
  reader: Reader,
): readonly AuthRequirement[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    reader.report('NOT_AN_OBJECT', pointer, `"security" must be a list, not ${describe(value)}. It is ignored.`);
    return [];
  }
  return value.flatMap((entry, index): AuthRequirement[] => {
    if (!isObject(entry)) {
      const message = `A security requirement must be an object, not ${describe(entry)}. It is ignored.`;
      reader.report('NOT_AN_OBJECT', `${pointer}/${index}`, message);
      return [];
    }
    const needed: AuthRequirement['schemes'][number][] = [];
    for (const [written, scopes] of Object.entries(entry)) {
      // OpenAPI 3.2: a scheme may be named by its URI.
      const name = Object.hasOwn(schemes, written) ? written : (segmentsOf(written)?.[2] ?? written);
      if (!Object.hasOwn(schemes, name)) {
        const message = `"${written}" is not one of the document's security schemes. This requirement is ignored.`;
        reader.report('UNKNOWN_SECURITY_SCHEME', joinPointer(`${pointer}/${index}`, written), message);
        return [];
      }
      needed.push({
        scheme: name,
        scopes: Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [],
      });
    }
    return [{ schemes: needed }];
  });
}

function reportCollisions(names: readonly string[], reader: Reader): void {
  const byVariable = new Map<string, string>();
  for (const name of names) {
    const part = variablePart(name);
    const other = byVariable.get(part);
    if (other !== undefined) {
      const message = `The security schemes "${other}" and "${name}" read their credentials from the same variables (…_${part}).`;
      reader.report('CREDENTIAL_NAME_COLLISION', joinPointer('#', 'components', 'securitySchemes', name), message);
    }
    byVariable.set(part, name);
  }
}
