import type { AuthScheme } from '../../model/index.ts';
import { joinPointer, pointerOf, userPointer } from '../../parse/references.ts';
import type { Rule, Subject } from '../subject.ts';

/** A person can log in beforehand (`openapi-mcp auth login`), but not by an obsolete flow. */
export const unavailableCredential: Rule = {
  id: 'unavailable-credential',
  severity: 'warning',
  summary: 'The server cannot obtain a credential by itself.',
  fix: 'Offer an API key, a bearer token, or the OAuth 2.0 flow authorizationCode, deviceAuthorization or clientCredentials; or pass a token that you renew elsewhere.',
  *check(subject) {
    const { model, operations } = subject;
    for (const [name, scheme] of Object.entries(model.auth)) {
      const why = obstacle(scheme);
      if (why === undefined) continue;
      const needing = operations.filter(
        ({ auth }) => auth.length > 0 && auth.every(({ schemes }) => schemes.some((need) => need.scheme === name)),
      ).length;
      if (needing > 0)
        yield { pointer: pointerOfScheme(subject, name), message: `"${name}" ${why} ${counted(needing)} it.` };
    }
  },
};

function obstacle(scheme: AuthScheme): string | undefined {
  switch (scheme.kind) {
    case 'oauth2':
      return scheme.clientCredentials || scheme.authorizationCode || scheme.deviceAuthorization || scheme.metadataUrl
        ? undefined
        : 'has no supported flow (authorizationCode, deviceAuthorization, clientCredentials); a token must be passed and renewed manually.';
    case 'otherHttp':
      return `uses HTTP authentication "${scheme.scheme}", which needs an auth handler, or a header that is renewed manually.`;
    case 'openIdConnect':
    case 'apiKey':
    case 'basic':
    case 'bearer':
    case 'mutualTls':
    case 'digest':
    case 'awsSigV4':
      return undefined;
  }
}

const counted = (count: number): string => (count === 1 ? '1 operation needs' : `${count} operations need`);

function pointerOfScheme({ document }: Subject, name: string): string {
  const components = document.root.components as { securitySchemes?: Record<string, unknown> } | undefined;
  const schemes = components?.securitySchemes ?? {};
  const pointer = joinPointer(pointerOf('components', 'securitySchemes'), name);
  return userPointer(document, Object.hasOwn(schemes, name) ? schemes[name] : undefined, pointer);
}
