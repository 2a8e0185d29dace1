import { toBase64 } from '../../text/base64.ts';

/** Why a request was refused (RFC 6750 §3.1). */
export interface Challenge {
  /** URL of the protected resource's metadata (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
  /** Absent if the request had no token at all (RFC 6750 §3.1). */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly description?: string;
  /** The scopes that the request needs. */
  readonly scopes?: readonly string[];
  /** What the next token must contain, in JSON: Entra ID's claims challenge. */
  readonly claims?: string;
}

/** The value of a `WWW-Authenticate` header. */
export function challengeHeader({ resourceMetadata, error, description, scopes = [], claims }: Challenge): string {
  const parameters = [
    ...(error === undefined ? [] : [['error', error]]),
    ...(description === undefined ? [] : [['error_description', description]]),
    ...(scopes.length === 0 ? [] : [['scope', scopes.join(' ')]]),
    ...(claims === undefined ? [] : [['claims', toBase64(new TextEncoder().encode(claims))]]),
    ...(resourceMetadata === undefined ? [] : [['resource_metadata', resourceMetadata]]),
  ];
  const written = parameters.map(([name, value = '']) => `${name}="${quotable(value)}"`);
  return written.length === 0 ? 'Bearer' : `Bearer ${written.join(', ')}`;
}

/** RFC 6750 §3 allows no quotes, backslashes or characters outside ASCII in these values. */
const quotable = (value: string) => value.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
