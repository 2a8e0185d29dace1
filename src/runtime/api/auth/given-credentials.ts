import { type ApiModel, type AuthScheme, takesClient } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { OptionError } from '../../options/option-error.ts';
import {
  byName,
  choice,
  either,
  type OptionKind,
  type OptionKinds,
  recordOf,
  required,
  shape,
  text,
  texts,
} from '../../options/option-kinds.ts';
import { suggestion } from '../../text/nearest.ts';
import { canBeHeaderValue } from '../header-syntax.ts';
import { type AuthHandler, isAuthHandler } from './auth-handler.ts';
import { CLIENT_AUTH, checkedClient, type GivenClient } from './client-credentials.ts';
import type { AwsCredential, Credential, Credentials } from './credentials.ts';
import { CALLER_KINDS, callerCredential, type GivenCallerCredential } from './given-caller-credentials.ts';

interface BasicPair {
  readonly username: string;
  readonly password: string;
}

/** An access key of AWS, also as `accessKeyId:secretAccessKey`. */
type AwsKeys = Omit<AwsCredential, 'kind'>;

/**
 * A credential from a program or config file: an API key or access token; a user name and password, also as
 * `username:password`; OAuth 2 client credentials; an access key of AWS; code that authenticates each request; or how the
 * credential of each caller is found.
 */
export type GivenCredential = FixedCredential | GivenCallerCredential;

/** The same for all callers. */
export type FixedCredential = string | BasicPair | GivenClient | AwsKeys | AuthHandler;

/** By security scheme name. */
export type GivenCredentials = Readonly<Record<string, GivenCredential>>;

const CLIENT_KINDS: OptionKinds<GivenClient> = {
  clientId: required(text),
  clientSecret: text,
  scopes: texts,
  clientAuth: choice(CLIENT_AUTH),
  privateKey: text,
  keyId: text,
  algorithm: text,
  assertionAudience: text,
  audience: text,
  resource: text,
  tokenParameters: byName,
};

const AWS_KINDS: OptionKinds<AwsKeys> = {
  accessKeyId: required(text),
  secretAccessKey: required(text),
  sessionToken: text,
  region: text,
  service: text,
};

/** The option `auth`. */
export const AUTH_OPTION = recordOf(
  'credentials by security scheme',
  either(
    'a string, { username, password }, { clientId, clientSecret }, { accessKeyId, secretAccessKey }, { authorize }, { exchange }, { onBehalfOf }, { connect } or { perCaller }',
    text,
    { ...shape<BasicPair>({ username: required(text), password: required(text) }), fits: hasName('username') },
    { ...shape<GivenClient>(CLIENT_KINDS), fits: hasName('clientId') },
    { ...shape<AwsKeys>(AWS_KINDS), fits: hasName('accessKeyId') },
    ...CALLER_KINDS,
    { expected: 'an object with the method "authorize"', fits: isAuthHandler },
  ),
);

function hasName(name: string): OptionKind['fits'] {
  return (value) => isRecord(value) && name in value;
}

/**
 * Converts the given credentials to what satisfies each scheme.
 *
 * @throws OptionError if a scheme does not exist or needs another kind of credential, or the value cannot be sent. It
 *   never shows the credential.
 */
export function givenCredentials(auth: ApiModel['auth'], given: GivenCredentials): Credentials {
  return Object.fromEntries(
    Object.entries(given).map(([name, credential]) => {
      const scheme = Object.hasOwn(auth, name) ? auth[name] : undefined;
      if (scheme) return [name, credentialFor(name, scheme, credential)];
      throw new OptionError(`is not a security scheme of the document. ${suggestion(name, Object.keys(auth))}`, {
        option: `auth.${name}`,
      });
    }),
  );
}

function credentialFor(name: string, scheme: AuthScheme, given: GivenCredential): Credential {
  const ofCaller = callerCredential(name, { scheme, given }, (own) => credentialOf(name, scheme, own));
  // What is not of a caller is the same for all.
  return ofCaller ?? credentialOf(name, scheme, given as FixedCredential);
}

function credentialOf(name: string, scheme: AuthScheme, given: FixedCredential): Credential {
  const wrong = (message: string) => new OptionError(message, { option: `auth.${name}` });
  if (isAuthHandler(given)) return { kind: 'handler', handler: given };
  switch (scheme.kind) {
    case 'apiKey':
      if (typeof given !== 'string') throw wrong('is an API key: pass a string.');
      checkText(wrong, given, scheme.in === 'header');
      return { kind: 'apiKey', value: given };
    case 'basic':
    case 'digest':
      return basicPair(wrong, given, scheme.kind);
    case 'awsSigV4':
      return awsKeys(wrong, given);
    case 'bearer':
      if (typeof given !== 'string') throw wrong('is a bearer token: pass a string.');
      checkText(wrong, given, true);
      return { kind: 'bearer', token: given };
    case 'oauth2':
    case 'openIdConnect':
      if (typeof given === 'string') {
        checkText(wrong, given, true);
        return { kind: 'bearer', token: given };
      }
      if ('clientId' in given) return clientOf(wrong, scheme, given);
      throw wrong('takes an access token as a string, or { clientId, clientSecret }.');
    case 'mutualTls':
      throw wrong('is mutual TLS: pass a certificate and its key with cert and key.');
    case 'otherHttp':
      throw wrong(
        'is not supported: pass the credential as a header, or an auth handler: { authorize(request) { … } }.',
      );
  }
}

type Wrong = (message: string) => OptionError;

function basicPair(wrong: Wrong, given: FixedCredential, kind: 'basic' | 'digest'): Credential {
  const [, username, password] = typeof given === 'string' ? (/^([^:]*):(.*)$/s.exec(given) ?? []) : [];
  const pair = username !== undefined && password !== undefined ? { username, password } : given;
  if (typeof pair === 'string' || !('username' in pair)) {
    throw wrong(`is HTTP ${kind}: pass { username, password }, or "username:password".`);
  }
  // RFC 7617 §2: the first colon ends the user name.
  if (pair.username.includes(':')) throw wrong('contains a colon in the user name.');
  checkText(wrong, pair.username + pair.password, false);
  return { kind: 'basic', username: pair.username, password: pair.password };
}

/** Neither part of a string contains a colon. */
function awsKeys(wrong: Wrong, given: GivenCredential): Credential {
  const [accessKeyId, secretAccessKey, sessionToken] = typeof given === 'string' ? given.split(':') : [];
  const isWritten = accessKeyId !== undefined && secretAccessKey !== undefined;
  const keys = isWritten ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } : given;
  if (typeof keys === 'string' || !('accessKeyId' in keys)) {
    throw wrong('is signed for AWS: pass { accessKeyId, secretAccessKey }, or "accessKeyId:secretAccessKey".');
  }
  for (const text of [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken ?? '-']) checkText(wrong, text, true);
  return { kind: 'aws', ...keys };
}

function clientOf(wrong: Wrong, scheme: AuthScheme, given: GivenClient): Credential {
  if (!takesClient(scheme)) throw wrong('has no client credentials flow: pass an access token as a string.');
  return checkedClient(given, wrong);
}

function checkText(wrong: Wrong, secret: string, inHeader: boolean): void {
  if (secret.trim() === '') throw wrong('is empty.');
  if (/[\r\n\0]/.test(secret)) throw wrong('contains a line break or NUL.');
  if (inHeader && !canBeHeaderValue(secret)) throw wrong('contains a character that HTTP headers cannot contain.');
}
