import { challengesIn } from '../../../api/challenges.ts';

/** What a server says about the token that it requires (RFC 6750 §3, RFC 9728 §5.1). */
export interface BearerChallenge {
  readonly error?: string;
  /** Empty if the challenge names none. */
  readonly scopes: readonly string[];
  /** URL of the metadata of the protected resource. */
  readonly resourceMetadata?: string;
}

/** The Bearer challenge in a `WWW-Authenticate` header; empty if there is none. */
export function bearerChallenge(header: string | undefined): BearerChallenge {
  const found = challengesIn([['www-authenticate', header ?? '']]).find(
    ({ scheme }) => scheme.toLowerCase() === 'bearer',
  );
  const given = found?.parameters ?? new Map<string, string>();
  const error = given.get('error');
  const resourceMetadata = given.get('resource_metadata');
  return {
    ...(error !== undefined && { error }),
    scopes: scopesIn(given.get('scope') ?? ''),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  };
}

/** RFC 6749 §3.3. Messages and commands show scopes, so anything else, or more, is left out. */
const scopesIn = (text: string): readonly string[] =>
  [...new Set(text.split(' '))].filter((scope) => SCOPE.test(scope)).slice(0, MOST);

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const MOST = 50;
