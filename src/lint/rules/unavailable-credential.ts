import type { AuthScheme } from '../../model/index.ts';
import { joinPointer, pointerOf, userPointer } from '../../parse/references.ts';
import type { Rule, Subject } from '../subject.ts';

/** A server has no browser and no user: what only a person can consent to must be given ready-made. */
export const unavailableCredential: Rule = {
  id: 'unavailable-credential',
  severity: 'warning',
  summary: 'A credential cannot be obtained by the server itself.',
  fix: 'Offer an API key, a bearer token or the OAuth 2.0 client credentials flow; or pass a token that is renewed elsewhere.',
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
      return scheme.clientCredentials
        ? undefined
        : 'has no flow without a person (client credentials); a token has to be passed and renewed by hand.';
    case 'otherHttp':
      return `is HTTP authentication "${scheme.scheme}", which is not built in.`;
    case 'openIdConnect':
    case 'apiKey':
    case 'basic':
    case 'bearer':
    case 'mutualTls':
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
