import { type AuthScheme, defined } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { OptionError } from '../../options/option-error.ts';
import {
  byName,
  func,
  type OptionKind,
  type OptionKinds,
  type OptionTable,
  pattern,
  required,
  shape,
  text,
  texts,
} from '../../options/option-kinds.ts';
import { canBeHeaderValue, HEADER_NAME_SYNTAX } from '../header-syntax.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import type { AskedCredential, CallerSecret, ConnectWay, ExchangeWay } from './caller-credential.ts';
import type { Credential } from './credentials.ts';

/** How the credential of each caller is found. */
export type GivenCallerCredential = PerCaller | Exchange | OnBehalfOf | Connect;

/** The caller's token is exchanged for one for the API (RFC 8693). */
export interface Exchange {
  readonly exchange: ExchangeOptions;
}

export interface ExchangeOptions extends ExchangeClient {
  /** The token endpoint. Default: that of the scheme in the document. */
  readonly tokenUrl?: string;
  /** The logical name of the API at the authorization server. */
  readonly audience?: string;
  /** The URL of the API (RFC 8707). */
  readonly resource?: string;
  /** Requested instead of the operation's scopes. */
  readonly scopes?: readonly string[];
  /** What the caller's token is. Default: an access token, `urn:ietf:params:oauth:token-type:access_token`. */
  readonly subjectTokenType?: string;
  /** What the issued token must be. Default: the authorization server decides. */
  readonly requestedTokenType?: string;
  /** A token of this server itself, for delegation: the issued token then names it in `act`. Default: none. */
  readonly actorToken?: string;
  /** Default: an access token. */
  readonly actorTokenType?: string;
}

/** Entra ID's on-behalf-of flow: `tenant` or `tokenUrl`; by default, the token endpoint of the scheme. */
export interface OnBehalfOf {
  readonly onBehalfOf: OnBehalfOfOptions;
}

export interface OnBehalfOfOptions extends ExchangeClient {
  /** The id or a domain of the tenant. */
  readonly tenant?: string;
  readonly tokenUrl?: string;
  /** Of the API: `api://<its client id>/.default`. */
  readonly scopes: readonly string[];
}

/**
 * Each caller connects an account at another authorization server, such as GitHub's: a call without its tokens asks the
 * caller to consent in a browser, once. Needs `auth.login` of the HTTP server, which proves who consents.
 */
export interface Connect {
  readonly connect: ConnectOptions;
}

/** Where the caller consents: `issuer`, or `authorizationUrl` and `tokenUrl`; by default, what the scheme says. */
export interface ConnectOptions {
  /** The registration of this server there, with the redirect URI `<origin of the public URL>/connect/callback`. */
  readonly clientId: string;
  /** Default: none, a public client. */
  readonly clientSecret?: string;
  /** Default: what the operations need. */
  readonly scopes?: readonly string[];
  /** Issuer identifier of an authorization server that publishes metadata (RFC 8414, OpenID Connect Discovery). */
  readonly issuer?: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  /** The URL of the API (RFC 8707). Default: not sent. */
  readonly resource?: string;
  /** Further parameters of the authorization request, such as `access_type: 'offline'`. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
}

/** The registration of this server at the authorization server. */
interface ExchangeClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A function that returns the credential of a caller: what `auth` takes for a scheme, or headers; `undefined` if this
 * caller has none. Called for every request to the API, so it should remember what is expensive. An error named
 * `InvalidTokenError` makes the client authenticate again.
 */
export interface PerCaller {
  readonly perCaller: (asked: AskedCredential) => CallersOwn | undefined | Promise<CallersOwn | undefined>;
}

/** The credential of one caller. */
export type CallersOwn =
  | string
  | { readonly username: string; readonly password: string }
  | { readonly headers: Readonly<Record<string, string>> };

const url = {
  ...pattern('a URL such as https://login.example.com/token', /^https?:\/\//),
  // What is not a URL here may be the secret that belongs next to it.
  isOpen: false,
};
const CLIENT = { clientId: required(text), clientSecret: required(text) };

/** Of {@link GivenCallerCredential}, for the option `auth`. */
export const CALLER_KINDS: readonly OptionKind[] = [
  { ...shape<PerCaller>({ perCaller: required(func) }), fits: hasName('perCaller') },
  within<ExchangeOptions>(
    'exchange',
    {
      ...CLIENT,
      tokenUrl: url,
      audience: text,
      resource: text,
      scopes: texts,
      subjectTokenType: text,
      requestedTokenType: text,
      actorToken: text,
      actorTokenType: text,
    },
    { tokenEndpoint: 'Write "tokenUrl".', scope: 'Write "scopes".' },
  ),
  within<OnBehalfOfOptions>(
    'onBehalfOf',
    {
      ...CLIENT,
      tenant: pattern('the id or domain of a tenant, such as contoso.onmicrosoft.com', /^[\w.-]+$/),
      tokenUrl: url,
      scopes: required(texts),
    },
    { tenantId: 'Write "tenant".', scope: 'Write "scopes".' },
  ),
  within<ConnectOptions>(
    'connect',
    {
      clientId: required(text),
      clientSecret: text,
      scopes: texts,
      issuer: url,
      authorizationUrl: url,
      tokenUrl: url,
      resource: text,
      authorizationParameters: byName,
    },
    {
      scope: 'Write "scopes".',
      authorizationEndpoint: 'Write "authorizationUrl".',
      tokenEndpoint: 'Write "tokenUrl".',
      provider: 'Write "issuer".',
    },
  ),
];

/** An object whose only field has the options. */
function within<Options>(name: string, kinds: OptionKinds<Options>, hints: OptionTable['hints']): OptionKind {
  const field = { [name]: required(shape(kinds, { hints })) };
  return { expected: 'an object', fits: hasName(name), options: { kinds: field, hints: {} } };
}

function hasName(name: string): OptionKind['fits'] {
  return (value) => isRecord(value) && Object.hasOwn(value, name);
}

/**
 * @param fixed what a credential of the option `auth` is for the scheme @throws OptionError
 * @returns `undefined` if it is not one of a caller
 */
export function callerCredential(
  name: string,
  { scheme, given }: { readonly scheme: AuthScheme; readonly given: object | string },
  fixed: (own: string | { readonly username: string; readonly password: string }) => Credential,
): Credential | undefined {
  if (typeof given === 'string') return undefined;
  if ('perCaller' in given) {
    const { perCaller } = given as PerCaller;
    return {
      kind: 'caller',
      way: {
        kind: 'perCaller',
        async provide(asked) {
          const own = await perCaller(asked);
          return own === undefined ? undefined : secretOf(name, own, fixed);
        },
      },
    };
  }
  if ('exchange' in given) return { kind: 'caller', way: exchangeWay(name, scheme, given as Exchange) };
  if ('connect' in given) return { kind: 'caller', way: connectWay(name, scheme, given as Connect) };
  return 'onBehalfOf' in given ? { kind: 'caller', way: onBehalfOfWay(name, scheme, given as OnBehalfOf) } : undefined;
}

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** RFC 8693 §2.1. */
function exchangeWay(name: string, scheme: AuthScheme, { exchange }: Exchange): ExchangeWay {
  const { clientId, clientSecret, tokenUrl, scopes, audience, resource, ...rest } = exchange;
  const { subjectTokenType = ACCESS_TOKEN, requestedTokenType, actorToken, actorTokenType = ACCESS_TOKEN } = rest;
  assertExchangeable(scheme, tokenUrl, wrongIn(`auth.${name}.exchange`));
  return {
    kind: 'exchange',
    clientId,
    clientSecret,
    ...defined({ tokenUrl, scopes }),
    token: 'subject_token',
    grant: {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: subjectTokenType,
      ...defined({ requested_token_type: requestedTokenType, audience, resource }),
      ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: actorTokenType }),
    },
  };
}

/** Microsoft identity platform, OAuth 2.0 on-behalf-of flow; the grant is that of RFC 7523 §2.1. */
function onBehalfOfWay(name: string, scheme: AuthScheme, { onBehalfOf }: OnBehalfOf): ExchangeWay {
  const { clientId, clientSecret, tenant, scopes } = onBehalfOf;
  const wrong = wrongIn(`auth.${name}.onBehalfOf`);
  if (tenant !== undefined && onBehalfOf.tokenUrl !== undefined) throw wrong('has both tenant and tokenUrl.');
  if (scopes.length === 0) throw wrong('needs scopes of the API, such as api://<its client id>/.default.');
  const ofTenant = tenant && `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`;
  const tokenUrl = onBehalfOf.tokenUrl ?? ofTenant;
  assertExchangeable(scheme, tokenUrl, wrong);
  return {
    kind: 'exchange',
    clientId,
    clientSecret,
    ...(tokenUrl !== undefined && { tokenUrl }),
    scopes,
    token: 'assertion',
    grant: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', requested_token_use: 'on_behalf_of' },
  };
}

function assertExchangeable(scheme: AuthScheme, tokenUrl: string | undefined, wrong: Wrong): void {
  assertTakesToken(scheme, wrong);
  if (tokenUrl === undefined) {
    if (!namesEndpoint(scheme)) throw wrong('needs tokenUrl: the document has no token endpoint for this scheme.');
  } else if (!isSecureUrl(tokenUrl)) {
    throw wrong('must have an https URL as tokenUrl: it gets the client secret and the tokens of callers.');
  }
}

function assertTakesToken({ kind }: AuthScheme, wrong: Wrong): void {
  if (kind === 'bearer' || kind === 'oauth2' || kind === 'openIdConnect') return;
  throw wrong('gets an access token, which this scheme does not take.');
}

function namesEndpoint(scheme: AuthScheme): boolean {
  if (scheme.kind === 'openIdConnect') return true;
  if (scheme.kind !== 'oauth2') return false;
  const { authorizationCode, clientCredentials, deviceAuthorization, metadataUrl } = scheme;
  return [authorizationCode, clientCredentials, deviceAuthorization, metadataUrl].some((each) => each !== undefined);
}

function connectWay(name: string, scheme: AuthScheme, { connect }: Connect): ConnectWay {
  const { clientId, clientSecret, scopes, resource, authorizationParameters: parameters = {} } = connect;
  const wrong = wrongIn(`auth.${name}.connect`);
  assertTakesToken(scheme, wrong);
  const reserved = Object.keys(parameters).find((parameter) => RESERVED.has(parameter));
  if (reserved !== undefined) throw wrong(`sets ${reserved} itself: leave it out of authorizationParameters.`);
  const server = connectServer(connect, wrong);
  if (server === undefined && !canConsent(scheme)) {
    throw wrong('needs issuer, or authorizationUrl and tokenUrl: the document does not say where a person consents.');
  }
  return { kind: 'connect', clientId, parameters, ...defined({ clientSecret, scopes, server, resource }) };
}

/** Overriding them would switch the protections of the code grant off. */
const RESERVED = new Set([
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'redirect_uri',
  'response_mode',
  'response_type',
  'state',
]);

function connectServer({ issuer, authorizationUrl, tokenUrl }: ConnectOptions, wrong: Wrong): ConnectWay['server'] {
  for (const [option, given] of Object.entries({ issuer, authorizationUrl, tokenUrl })) {
    if (given === undefined || isSecureUrl(given)) continue;
    throw wrong(`must have an https URL as ${option}: tokens of callers come from there.`);
  }
  if (issuer !== undefined) {
    if (authorizationUrl === undefined && tokenUrl === undefined) return { kind: 'issuer', issuer };
    throw wrong('has both issuer and endpoints: the metadata of the issuer names its endpoints.');
  }
  if (authorizationUrl === undefined && tokenUrl === undefined) return undefined;
  if (authorizationUrl !== undefined && tokenUrl !== undefined)
    return { kind: 'endpoints', authorizationUrl, tokenUrl };
  throw wrong('needs both authorizationUrl and tokenUrl.');
}

const isSecureUrl = (url: string): boolean => URL.canParse(url) && (url.startsWith('https:') || isPrivateUrl(url));

function canConsent(scheme: AuthScheme): boolean {
  if (scheme.kind === 'openIdConnect') return true;
  return scheme.kind === 'oauth2' && (scheme.authorizationCode !== undefined || scheme.metadataUrl !== undefined);
}

/** @throws OptionError that says what was returned instead, never the value */
function secretOf(name: string, own: CallersOwn, fixed: Parameters<typeof callerCredential>[2]): CallerSecret {
  const wrong = wrongIn(`auth.${name}.perCaller`);
  if (typeof own === 'string') return ownSecret(fixed(own), wrong);
  if (!isRecord(own)) throw wrong(EXPECTED);
  if ('headers' in own) return { kind: 'headers', headers: headersOf(own.headers, wrong) };
  if (typeof own.username !== 'string' || typeof own.password !== 'string') throw wrong(EXPECTED);
  return ownSecret(fixed({ username: own.username, password: own.password }), wrong);
}

const EXPECTED = 'returned something else than a string, { username, password } or { headers }.';

type Wrong = (message: string) => OptionError;

const wrongIn =
  (option: string): Wrong =>
  (message) =>
    new OptionError(message, { option });

function ownSecret(credential: Credential, wrong: Wrong): CallerSecret {
  switch (credential.kind) {
    case 'apiKey':
    case 'bearer':
    case 'basic':
      return credential;
    default:
      throw wrong(EXPECTED);
  }
}

function headersOf(headers: unknown, wrong: Wrong): (readonly [string, string])[] {
  if (!isRecord(headers)) throw wrong(EXPECTED);
  return Object.entries(headers).map(([name, value]) => {
    if (!HEADER_NAME_SYNTAX.test(name)) throw wrong('returned a header whose name is not valid.');
    if (typeof value !== 'string' || !canBeHeaderValue(value)) {
      throw wrong(`returned a header ${name} with a value that HTTP headers cannot contain.`);
    }
    return [name, value] as const;
  });
}
