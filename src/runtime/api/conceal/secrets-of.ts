import { type Secrets, SHORTEST } from '../../secrets/secret-pattern.ts';
import { basicAuthorization, formEncoded } from '../auth/basic.ts';
import type { Credential, Credentials } from '../auth/credentials.ts';

export interface SecretSources {
  readonly credentials: Credentials;
  /** The owner's own headers, values complete. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What the owner has filled in from the environment, wherever. */
  readonly secrets: readonly string[];
}

/**
 * The values that are sent and must not be seen in what comes back.
 *
 * Of credentials: keys, tokens, passwords, client secrets, and the pair that Basic sends; a user name only where the
 * password is empty, for then it is the key. Of headers: those whose names say that they carry a credential (see
 * {@link CREDENTIAL_HEADER}) and values that look like one; any other value only as a whole, and none of
 * {@link HARMLESS_HEADER}. What is shorter than {@link SHORTEST} characters is a secret as a whole value only.
 */
export function secretsOf({ credentials, headers, secrets }: SecretSources): Secrets {
  const sent = headers.map(([name, value]) => ofHeader(name, value));
  const certain = [
    ...Object.values(credentials).flatMap(ofCredential),
    // A variable may hold the scheme of a header, too.
    ...secrets.flatMap((secret) => [secret, withoutScheme(secret)]),
    ...sent.flatMap((one) => one.certain),
  ]
    .flatMap(decoded)
    .map((secret) => secret.trim());
  return {
    anywhere: unique(certain.filter(({ length }) => length >= SHORTEST)),
    whole: unique([...certain.filter(({ length }) => length < SHORTEST), ...sent.flatMap(({ whole }) => whole)]),
  };
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].filter((value) => value !== '');

/** The values of headers that are known to carry a credential. */
export function secretHeaderValues(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => ofHeader(name, value).certain);
}

function ofCredential(credential: Credential): readonly string[] {
  switch (credential.kind) {
    case 'apiKey':
      return [credential.value, credential.value.replace(/^"(.*)"$/, '$1')];
    case 'bearer':
      return [credential.token];
    case 'basic': {
      const { username, password } = credential;
      return [...ofPair(username, password), password.trim() === '' ? username : password];
    }
    case 'clientCredentials': {
      const { clientId, clientSecret } = credential;
      return [clientSecret, ...ofPair(formEncoded(clientId), formEncoded(clientSecret))];
    }
  }
}

/** As it is, and as it is sent: a short one is found in base64 only as a whole. */
const ofPair = (username: string, password: string): readonly string[] => [
  `${username}:${password}`,
  basicAuthorization(username, password).slice('Basic '.length),
];

/** A cookie or a pair that is sent as it is given may be encoded already; the API then echoes what it has decoded. */
function decoded(secret: string): readonly string[] {
  if (!secret.includes('%')) return [secret];
  try {
    return [secret, decodeURIComponent(secret)];
  } catch {
    return [secret];
  }
}

interface HeaderSecrets {
  readonly certain: readonly string[];
  readonly whole: readonly string[];
}

function ofHeader(name: string, value: string): HeaderSecrets {
  if (HARMLESS_HEADER.test(name)) return NONE;
  const bare = withoutScheme(value);
  if (CREDENTIAL_HEADER.test(name)) return { certain: [value, bare, ...partsOf(name, bare)], whole: [] };
  if (LOOKS_LIKE_ONE.test(bare)) return { certain: [bare], whole: [] };
  return value.length < SHORTEST ? NONE : { certain: [], whole: [value] };
}

const NONE: HeaderSecrets = { certain: [], whole: [] };

/** `Bearer abc` → `abc` (RFC 9110 §11.4). */
const withoutScheme = (value: string): string => value.replace(/^[A-Za-z][\w-]{0,30}[ \t]+(?=\S)/, '');

function partsOf(name: string, value: string): readonly string[] {
  // RFC 6265 §5.4: pairs. Of the parameters of Digest and its like (RFC 9110 §11.2) those that hold more than a word.
  const pairs = /cookie/i.test(name) ? value.split(/;\s*/) : value.includes('="') ? value.split(/,\s*/) : [];
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1).replace(/^"(.*)"$/, '$1'));
  return [...values.filter(({ length }) => length >= SHORTEST), ...basicParts(value)];
}

/** The pair that a value of Basic holds, where it is one. */
function basicParts(value: string): readonly string[] {
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(value) || value.length % 4 !== 0) return [];
  const pair = atob(value);
  const colon = pair.indexOf(':');
  if (colon < 0 || /[^\x20-\x7e\x80-\xff]/.test(pair)) return [];
  const password = pair.slice(colon + 1);
  return [pair, password === '' ? pair.slice(0, colon) : password];
}

/** Names of headers whose values are credentials, or may be. */
const CREDENTIAL_HEADER =
  /auth(?!ors?\b)|cookie|key|token|secret|passw|passphrase|credential|session|signature|jwt|bearer|csrf|xsrf/i;

/** Headers that say what is wanted, or who asks, and whose values stand in many answers. */
const HARMLESS_HEADER =
  /^(?:accept(?:-.+)?|content-.+|user-agent|host|origin|referer|from|date|via|te|connection|cache-control|pragma|prefer|range|expect|if-.+|traceparent|tracestate|(?:.+-)?(?:api-)?version)$/i;

/** No name, type or phrase: 16 characters or more, digits among the letters, no space. */
const LOOKS_LIKE_ONE = /^(?=.*\d)(?=.*[A-Za-z])(?!.*(?:\/\/|\.\w+$))[\w+/=.~-]{16,}$/;
