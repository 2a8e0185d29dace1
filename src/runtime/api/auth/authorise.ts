import { type AuthRequirement, type AuthScheme, getOwn, type Operation } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import type { CallContext } from '../../provider.ts';
import type { BuiltRequest } from '../http.ts';
import { originOfUrl } from '../split-url.ts';
import { cookiePair, queryPair, withCookie, withHeader, withQuery } from './apply.ts';
import { basicAuthorization } from './basic.ts';
import { callerAuthoriser } from './caller-authoriser.ts';
import type { CallerHolding, CallerSecret } from './caller-credential.ts';
import type { ConnectMeans } from './connect-source.ts';
import type { ClientCredentials, Credential } from './credentials.ts';
import { tokenSource } from './oauth2.ts';
import { openOwnHandlers } from './own-handlers.ts';
import { chooseRequirement, isGivenByUser, type Means, needsInWords, sourcesOf } from './satisfied.ts';
import { isWithheld, schemeEndpoint, withheld } from './scheme-endpoint.ts';
import type { Signer } from './signing.ts';
import type { TokenCache } from './token-cache.ts';

export interface AuthoriserOptions extends Means, ConnectMeans {
  /** The only origins that receive credentials: those of the API's servers. */
  readonly allowedOrigins: readonly string[];
}

export interface Authoriser {
  /**
   * Adds the user's own headers, and the credentials of the first requirement that can be satisfied.
   *
   * @throws CallError `MISSING_CREDENTIAL`, `CREDENTIAL_REFUSED` (no token), `FORBIDDEN_ADDRESS` (another origin)
   */
  authorise(operation: Pick<Operation, 'auth'>, request: BuiltRequest, call: AuthorisedCall): Promise<Authorised>;
  /** What each requirement is missing, in words; `undefined` if one of them can be satisfied. */
  missing(requirements: readonly AuthRequirement[]): readonly string[] | undefined;
  /**
   * After a 401: drops the tokens that this request was sent with. Returns true if there were any, so that a retry
   * makes sense.
   */
  onUnauthorized(authorised: Authorised): boolean;
  /** After a 401 to the retry: tells the server if the caller has to authenticate again. */
  onRejected(authorised: Authorised): void;
  /**
   * Gets the credentials of the caller before a call starts, and tells the server if the caller has to authenticate
   * again. Does not throw: the call itself reports what is wrong.
   */
  prepare(operation: Pick<Operation, 'auth'>, call: AuthorisedCall): Promise<void>;
}

/** On whose behalf a request is sent. */
export type AuthorisedCall = Pick<CallContext, 'signal' | 'caller' | 'preview'>;

export interface Authorised {
  readonly request: BuiltRequest;
  /** Encoded query pairs that are credentials: for `sendFollowing`, and to be hidden from messages. */
  readonly secretQuery: readonly string[];
  /** What still has to authenticate the request, after everything else of it is final. */
  readonly signers: readonly Signer[];
  /** The OAuth tokens that were added, by scheme. */
  readonly tokens: Readonly<Record<string, string>>;
  /** The credentials of the caller that were added, by scheme. */
  readonly ofCaller: Readonly<Record<string, CallerHolding>>;
  /** The source of the added credentials, for messages: `BEARER_TOKEN_GITHUB`, `the header Authorization`. */
  readonly sources: readonly string[];
  /** What to do if the API rejects the credentials. */
  readonly remedies: readonly string[];
}

export function createAuthoriser(options: AuthoriserOptions): Authoriser {
  const sources = new Map<string, TokenCache>();
  const ownHandler = openOwnHandlers(options);
  const allowed = new Set(options.allowedOrigins);

  const sourceOf = (name: string, scheme: AuthScheme, client: ClientCredentials): TokenCache => {
    const source = sources.get(name) ?? openSource(name, scheme, client, options);
    sources.set(name, source);
    return source;
  };

  const callers = callerAuthoriser(options);

  /** What one scheme adds to a request. */
  const apply = async (
    authorised: Authorised,
    { scheme: name, scopes }: AuthRequirement['schemes'][number],
    call: AuthorisedCall,
  ): Promise<Authorised> => {
    const fetched = async (fetch: () => Promise<string>) =>
      withOAuthToken(authorised, name, call.preview ? placeholder(name) : await fetch());
    const scheme = getOwn(options.auth, name);
    const credential = getOwn(options.credentials, name);
    // It was chosen for this scheme, whatever other headers there are.
    if (credential?.kind === 'handler') return withSigner(authorised, { scheme: name, handler: credential.handler });
    // The user's own header, or the client certificate, already satisfies the scheme.
    if (scheme === undefined || credential === undefined || isGivenByUser(scheme, options.headers)) return authorised;
    const handler = await ownHandler(name, scheme, credential);
    if (handler) return withSigner(authorised, { scheme: name, handler });
    const origin = originOfUrl(authorised.request.target);
    switch (credential.kind) {
      case 'clientCredentials':
        return fetched(() => sourceOf(name, scheme, credential).token(scopes, call.signal));
      case 'login':
        assertFor(origin, { what: 'The login', name, audience: credential.audience }, options);
        return fetched(() => credential.token(call.signal));
      case 'caller': {
        assertFor(origin, { what: 'The credential of the caller', name, audience: callers.audience }, options);
        if (call.preview) return withSecret(authorised, scheme, secretPlaceholder(name, scheme));
        const holding = await callers.holding(name, credential, { scopes, call });
        const ofCaller = { ...authorised.ofCaller, [name]: holding };
        return withSecret({ ...authorised, ofCaller }, scheme, holding.secret);
      }
      default:
        // With `aws`, requests are signed, by the handler above.
        return credential.kind === 'aws' ? authorised : withSecret(authorised, scheme, credential);
    }
  };

  return {
    async authorise({ auth }, request, call) {
      const origin = originOfUrl(request.target);
      if (!allowed.has(origin)) throw foreignOrigin(request.target);
      if (isWithheld(origin, options)) return withoutCredentials(auth, request);
      const requirement = chooseRequirement(auth, options);
      if (requirement === undefined) throw missingCredential(needsInWords(auth, options));
      let authorised: Authorised = { ...NOTHING_ADDED, request: withUserHeaders(request, options.headers) };
      for (const scheme of requirement.schemes) authorised = await apply(authorised, scheme, call);
      return {
        ...authorised,
        sources: requirement.schemes.flatMap(({ scheme }) => sourcesOf(scheme, options)),
        remedies: requirement.schemes.flatMap(({ scheme }) => remedyOf(getOwn(options.credentials, scheme))),
      };
    },
    missing(requirements) {
      return chooseRequirement(requirements, options) === undefined ? needsInWords(requirements, options) : undefined;
    },
    onUnauthorized({ tokens, ofCaller }) {
      for (const [name, token] of Object.entries(tokens)) {
        const credential = getOwn(options.credentials, name);
        if (credential?.kind === 'login') credential.drop(token);
        else sources.get(name)?.drop(token);
      }
      return callers.drop(ofCaller) || Object.keys(tokens).length > 0;
    },
    onRejected: ({ ofCaller }) => callers.onRejected(ofCaller),
    prepare: ({ auth }, call) => callers.prepare(chooseRequirement(auth, options), call),
  };
}

/** Operations that require no credential can still be called. */
function withoutCredentials(auth: readonly AuthRequirement[], request: BuiltRequest): Authorised {
  if (auth.length > 0 && auth.every(({ schemes }) => schemes.length > 0)) throw withheld(originOfUrl(request.target));
  return { ...NOTHING_ADDED, request };
}

/** Stands for a token that is not fetched for a preview. */
const placeholder = (scheme: string): string => `[token of ${scheme}]`;

const secretPlaceholder = (name: string, { kind }: AuthScheme): CallerSecret =>
  kind === 'apiKey' ? { kind, value: placeholder(name) } : { kind: 'bearer', token: placeholder(name) };

export const NOTHING_ADDED = {
  secretQuery: [],
  signers: [],
  tokens: {},
  ofCaller: {},
  sources: [],
  remedies: [],
} as const;

/** What belongs to a person is for one origin. The user may name others that get it, too. */
function assertFor(
  origin: string,
  { what, name, audience = 'no origin' }: { what: string; name: string; audience: string | undefined },
  { credentialOrigins }: AuthoriserOptions,
): void {
  if (origin === audience || credentialOrigins?.includes(origin)) return;
  const message = `${what} for "${name}" is for ${audience}, so it is not sent to ${origin}.`;
  const hint = `If you trust that host, start the server with --credentials-for ${audience} --credentials-for ${origin}.`;
  throw new CallError('MISSING_CREDENTIAL', message, { hint });
}

function remedyOf(credential: Credential | undefined): readonly string[] {
  if (credential?.kind === 'login') return [`To log in again: ${credential.command}`];
  return credential?.kind === 'caller' ? ['It is the credential of the caller, not of the server.'] : [];
}

function openSource(
  name: string,
  scheme: AuthScheme,
  client: ClientCredentials,
  options: AuthoriserOptions,
): TokenCache {
  const { allowPrivate, send, now, timeoutMs } = options;
  const tokenUrl = scheme.kind === 'oauth2' ? scheme.clientCredentials?.tokenUrl : undefined;
  const isSettled = client.clientAuth !== undefined;
  const endpoint = schemeEndpoint(name, scheme, { tokenUrl, isSettled }, options);
  return tokenSource({ scheme: name, client, endpoint, allowPrivate, send, now, timeoutMs });
}

function withUserHeaders(request: BuiltRequest, headers: Means['headers']): BuiltRequest {
  return headers.reduce((built, [name, value]) => withHeader(built, name, value), request);
}

/** The request with a credential whose value is known. */
function withSecret(authorised: Authorised, scheme: AuthScheme, secret: CallerSecret): Authorised {
  const { request } = authorised;
  switch (secret.kind) {
    case 'apiKey':
      return scheme.kind === 'apiKey' ? withApiKey(authorised, scheme, secret.value) : authorised;
    case 'basic': {
      const authorization = basicAuthorization(secret.username, secret.password);
      return { ...authorised, request: withAuthorization(request, authorization) };
    }
    case 'bearer':
      return { ...authorised, request: withAuthorization(request, `Bearer ${secret.token}`) };
    case 'headers':
      return { ...authorised, request: withUserHeaders(request, secret.headers) };
  }
}

function withApiKey(
  authorised: Authorised,
  scheme: Extract<AuthScheme, { kind: 'apiKey' }>,
  value: string,
): Authorised {
  const { request } = authorised;
  switch (scheme.in) {
    case 'header':
      return { ...authorised, request: withHeader(request, scheme.name, value) };
    case 'cookie':
      return { ...authorised, request: withCookie(request, cookiePair(scheme.name, value)) };
    case 'query': {
      const pair = queryPair(scheme.name, value);
      return { ...authorised, request: withQuery(request, pair), secretQuery: [...authorised.secretQuery, pair] };
    }
  }
}

const withOAuthToken = (authorised: Authorised, scheme: string, token: string): Authorised => ({
  ...authorised,
  request: withAuthorization(authorised.request, `Bearer ${token}`),
  tokens: { ...authorised.tokens, [scheme]: token },
});

const withSigner = (authorised: Authorised, signer: Signer): Authorised => ({
  ...authorised,
  signers: [...authorised.signers, signer],
});

const withAuthorization = (request: BuiltRequest, value: string): BuiltRequest =>
  withHeader(request, 'Authorization', value);

function missingCredential(needs: readonly string[]): CallError {
  const [only = ''] = needs;
  const text = needs.length === 1 ? `Needs ${only}.` : `Needs one of: ${needs.join('; or ')}.`;
  return new CallError('MISSING_CREDENTIAL', text);
}

function foreignOrigin(target: string): CallError {
  const message = `${new URL(target).origin} is not one of the API's servers, so no credential is sent there.`;
  return new CallError('FORBIDDEN_ADDRESS', message);
}
