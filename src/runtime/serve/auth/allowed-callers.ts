import { globPattern } from '../../filter-rule.ts';
import { isRecord } from '../../is-record.ts';
import { at } from './scopes-of.ts';
import { STATIC_KEYS } from './static-keys.ts';
import type { VerifiedToken } from './token-verifier.ts';

/** Whether a caller is one of those that `auth.allow` describes. Claims of an OAuth proxy's provider count as well. */
export function allowedCallers(
  allow: Readonly<Record<string, readonly string[]>> | undefined,
): (caller: VerifiedToken) => boolean {
  if (!allow) return () => true;
  const rules = Object.entries(allow).map(([claim, values]) => ({ claim, patterns: values.map(globPattern) }));
  return ({ issuer, claims }) => {
    // The operator has named these callers already.
    if (issuer === STATIC_KEYS) return true;
    return rules.every(({ claim, patterns }) => {
      // Auth0 and others name claims by URLs, whose dots do not separate members (OpenID Connect Core 1.0 §5.1.2).
      const own = (from: unknown) => (isRecord(from) && Object.hasOwn(from, claim) ? from[claim] : at(from, claim));
      const value = own(claims) ?? own(claims.upstream);
      const values = Array.isArray(value) ? value : [value];
      return values.some((each) => patterns.some((pattern) => each !== undefined && pattern.test(String(each))));
    });
  };
}
