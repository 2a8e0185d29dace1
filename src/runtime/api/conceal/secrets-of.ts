import { type Secrets, SHORTEST } from '../../secrets/secret-pattern.ts';
import { basicAuthorization, formEncoded } from '../auth/basic.ts';
import type { Credential, Credentials } from '../auth/credentials.ts';

export interface SecretSources {
  readonly credentials: Credentials;
  /** The owner's own headers, with complete values. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Values that the owner filled in from the environment, anywhere. */
  readonly secrets: readonly string[];
}

/**
 * The values that are sent and must not appear in responses.
 *
 * Credentials: keys, tokens, passwords, client secrets, and the Basic pair; a user name only if the password is empty,
 * because then it is the key. Headers: those whose names indicate a credential (see {@link CREDENTIAL_HEADER}) and
 * values that look like one; other values only where they are the entire value, and never those of {@link
 * HARMLESS_HEADER}. Secrets shorter than {@link SHORTEST} characters are hidden only where they are the entire value.
 */
export function secretsOf({ credentials, headers, secrets }: SecretSources): Secrets {
  const sent = headers.map(([name, value]) => ofHeader(name, value));
  const certain = [
    ...Object.values(credentials).flatMap(ofCredential),
    // A variable may also contain the auth scheme of a header.
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

/** The values to hide in logs. Shorter ones match by chance. */
export function secretsToHide(sources: SecretSources): readonly string[] {
  const { anywhere, whole } = secretsOf(sources);
  return [...anywhere, ...whole].filter(({ length }) => length >= 4);
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].filter((value) => value !== '');

/** The values of headers that carry a credential. */
export function secretHeaderValues(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => ofHeader(name, value).certain);
}

function ofCredential(credential: Credential): readonly string[] {
  switch (credential.kind) {
    case 'apiKey':
      return [credential.value, credential.value.replace(/^"(.*)"$/, '$1')];
    case 'bearer':
      return [credential.token];
    // Its token changes: those of a call are hidden in that call.
    case 'login':
      return [];
    // So is what it adds.
    case 'handler':
      return credential.handler.secrets ?? [];
    case 'caller': {
      if (credential.way.kind === 'perCaller') return [];
      const { clientId, clientSecret } = credential.way;
      if (clientSecret === undefined) return [];
      const { actor_token: token } = credential.way.kind === 'exchange' ? credential.way.grant : {};
      const actor = token === undefined ? [] : [token];
      return [clientSecret, ...ofPair(formEncoded(clientId), formEncoded(clientSecret)), ...actor];
    }
    case 'basic': {
      const { username, password } = credential;
      return [...ofPair(username, password), password.trim() === '' ? username : password];
    }
    case 'aws':
      return [credential.secretAccessKey, credential.sessionToken ?? ''];
    case 'clientCredentials': {
      const { clientId, clientSecret, privateKey } = credential;
      const key = privateKey === undefined ? [] : ofKey(privateKey.text);
      if (clientSecret === undefined) return key;
      return [clientSecret, ...ofPair(formEncoded(clientId), formEncoded(clientSecret)), ...key];
    }
  }
}

/** The lines of a PEM file (RFC 7468 §2), or the private parameters of a JWK (RFC 7518 §6). They are never sent. */
function ofKey(text: string): readonly string[] {
  if (!text.startsWith('{')) return text.split(/\s*\n\s*/).filter((line) => line !== '' && !line.startsWith('-----'));
  const jwk: Readonly<Record<string, unknown>> = JSON.parse(text);
  return ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => (typeof jwk[name] === 'string' ? [jwk[name]] : []));
}

/** Plain and as sent: short secrets are found in base64 only as the entire value. */
const ofPair = (username: string, password: string): readonly string[] => [
  `${username}:${password}`,
  basicAuthorization(username, password).slice('Basic '.length),
];

/** A cookie or pair that is sent unchanged may already be encoded; the API then echoes the decoded value. */
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
  // RFC 6265 §5.4: pairs. For the parameters of Digest and the like (RFC 9110 §11.2), those longer than a word.
  const pairs = /cookie/i.test(name) ? value.split(/;\s*/) : value.includes('="') ? value.split(/,\s*/) : [];
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1).replace(/^"(.*)"$/, '$1'));
  return [...values.filter(({ length }) => length >= SHORTEST), ...basicParts(value)];
}

/** The decoded pair of a Basic value. */
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

/** Headers that describe the request or the client, and whose values occur in many responses. */
const HARMLESS_HEADER =
  /^(?:accept(?:-.+)?|content-.+|user-agent|host|origin|referer|from|date|via|te|connection|cache-control|pragma|prefer|range|expect|if-.+|traceparent|tracestate|(?:.+-)?(?:api-)?version)$/i;

/** Not a name, type or phrase: at least 16 characters, with letters and digits and no space. */
const LOOKS_LIKE_ONE = /^(?=.*\d)(?=.*[A-Za-z])(?!.*(?:\/\/|\.\w+$))[\w+/=.~-]{16,}$/;
