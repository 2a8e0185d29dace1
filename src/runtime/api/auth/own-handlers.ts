import type { AuthScheme } from '../../../model/index.ts';
import type { AuthHandler } from './auth-handler.ts';
import { type Credential, credentialVariables } from './credentials.ts';
import type { Means } from './satisfied.ts';

/**
 * The handlers of schemes that this runtime signs requests for: one for each scheme, because it may remember a challenge;
 * `undefined` for a scheme that needs none.
 */
export function openOwnHandlers(means: Means) {
  const opened = new Map<string, Promise<AuthHandler | undefined>>();
  return (scheme: string, definition: AuthScheme, credential: Credential): Promise<AuthHandler | undefined> => {
    const handler = opened.get(scheme) ?? ownHandler(scheme, { definition, credential, means });
    opened.set(scheme, handler);
    return handler;
  };
}

async function ownHandler(
  scheme: string,
  { definition, credential, means }: { definition: AuthScheme; credential: Credential; means: Means },
): Promise<AuthHandler | undefined> {
  if (definition.kind === 'digest' && credential.kind === 'basic') {
    const { digestHandler } = await import('./digest/digest-handler.ts');
    return digestHandler(credential);
  }
  if (credential.kind !== 'aws') return undefined;
  const { awsHandler } = await import('./aws/aws-handler.ts');
  return awsHandler(credential, namesOf(scheme, definition, means));
}

/** Where the user sets what the host of the API does not say. */
function namesOf(scheme: string, definition: AuthScheme, { given, prefix }: Means) {
  if (given?.has(scheme)) return { region: `auth.${scheme}.region`, service: `auth.${scheme}.service` };
  const [, region = '', service = ''] = credentialVariables(scheme, definition, prefix).optional;
  return { region, service };
}
