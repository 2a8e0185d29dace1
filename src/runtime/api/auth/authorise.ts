import type { AuthRequirement, AuthScheme, Operation } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import type { BuiltRequest, HttpSender } from '../http.ts';
import { given } from '../serialize/given.ts';
import { cookiePair, queryPair, withCookie, withHeader, withQuery } from './apply.ts';
import { basicAuthorization } from './basic.ts';
import type { ClientCredentials, Credential, LoginCredential } from './credentials.ts';
import { tokenSource } from './oauth2.ts';
import { discoverTokenEndpoint, type TokenEndpoint } from './open-id-connect.ts';
import { openOwnHandlers } from './own-handlers.ts';
import { chooseRequirement, isGivenByUser, type Means, needsInWords, sourcesOf } from './satisfied.ts';
import type { Signer } from './signing.ts';
import type { TokenCache } from './token-cache.ts';

export interface AuthoriserOptions extends Means {
  /** The only origins that receive credentials: those of the API's servers. */
  readonly allowedOrigins: readonly string[];
  /**
   * Origins that the user allows for credentials, including token endpoints; `undefined`: all origins in the document.
   */
  readonly credentialOrigins: readonly string[] | undefined;
  /** Whether token endpoints may be at private addresses. */
  readonly allowPrivate: boolean;
  /** The base of relative token URLs: the default server (OpenAPI 3.1.1 §4.6). */
  readonly serverUrl?: string;
  readonly send: HttpSender;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Time limit for one request to a token endpoint. */
  readonly timeoutMs: number;
}

export interface Authoriser {
  /**
   * Adds the user's own headers, and the credentials of the first requirement that can be satisfied.
   *
   * @throws CallError `MISSING_CREDENTIAL`, `CREDENTIAL_REFUSED` (no token), `FORBIDDEN_ADDRESS` (another origin)
   */
  authorise(operation: Pick<Operation, 'auth'>, request: BuiltRequest, signal: AbortSignal): Promise<Authorised>;
  /** What each requirement is missing, in words; `undefined` if one of them can be satisfied. */
  missing(requirements: readonly AuthRequirement[]): readonly string[] | undefined;
  /**
   * After a 401: drops the tokens that this request was sent with. Returns true if there were any, so that a retry
   * makes sense.
   */
  onUnauthorized(authorised: Authorised): boolean;
}

export interface Authorised {
  readonly request: BuiltRequest;
  /** Encoded query pairs that are credentials: for `sendFollowing`, and to be hidden from messages. */
  readonly secretQuery: readonly string[];
  /** What still has to authenticate the request, after everything else of it is final. */
  readonly signers: readonly Signer[];
  /** The OAuth tokens that were added, by scheme. */
  readonly tokens: Readonly<Record<string, string>>;
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

  /** What one scheme adds to a request. */
  const apply = async (
    authorised: Authorised,
    { scheme: name, scopes }: AuthRequirement['schemes'][number],
    signal: AbortSignal,
  ): Promise<Authorised> => {
    const withToken = (token: string): Authorised => ({
      ...authorised,
      request: withAuthorization(authorised.request, `Bearer ${token}`),
      tokens: { ...authorised.tokens, [name]: token },
    });
    const scheme = given(options.auth, name);
    const credential = given(options.credentials, name);
    // It was chosen for this scheme, whatever other headers there are.
    if (credential?.kind === 'handler') return withSigner(authorised, { scheme: name, handler: credential.handler });
    // The user's own header, or the client certificate, already satisfies the scheme.
    if (scheme === undefined || credential === undefined || isGivenByUser(scheme, options.headers)) return authorised;
    const handler = await ownHandler(name, scheme, credential);
    if (handler) return withSigner(authorised, { scheme: name, handler });
    const { request } = authorised;
    switch (credential.kind) {
      case 'apiKey':
        return scheme.kind === 'apiKey' ? withApiKey(authorised, scheme, credential.value) : authorised;
      case 'basic': {
        const value = basicAuthorization(credential.username, credential.password);
        return { ...authorised, request: withAuthorization(request, value) };
      }
      case 'aws':
        return authorised;
      case 'bearer':
        return { ...authorised, request: withAuthorization(request, `Bearer ${credential.token}`) };
      case 'clientCredentials':
        return withToken(await sourceOf(name, scheme, credential).token(scopes, signal));
      case 'login': {
        const { origin } = new URL(request.target);
        if (!mayReceive(origin, credential, options)) throw otherAudience(name, origin, credential);
        return withToken(await credential.token(signal));
      }
    }
  };

  return {
    async authorise({ auth }, request, signal) {
      if (!allowed.has(new URL(request.target).origin)) throw foreignOrigin(request.target);
      const { origin } = new URL(request.target);
      if (isWithheld(origin, options)) return withoutCredentials(auth, request);
      const requirement = chooseRequirement(auth, options);
      if (requirement === undefined) throw missingCredential(needsInWords(auth, options));
      let authorised: Authorised = { ...NOTHING, request: withUserHeaders(request, options.headers) };
      for (const scheme of requirement.schemes) authorised = await apply(authorised, scheme, signal);
      return {
        ...authorised,
        sources: requirement.schemes.flatMap(({ scheme }) => sourcesOf(scheme, options)),
        remedies: requirement.schemes.flatMap(({ scheme }) => remedyOf(given(options.credentials, scheme))),
      };
    },
    missing(requirements) {
      return chooseRequirement(requirements, options) === undefined ? needsInWords(requirements, options) : undefined;
    },
    onUnauthorized({ tokens }) {
      for (const [name, token] of Object.entries(tokens)) {
        const credential = given(options.credentials, name);
        if (credential?.kind === 'login') credential.drop(token);
        else sources.get(name)?.drop(token);
      }
      return Object.keys(tokens).length > 0;
    },
  };
}

const isWithheld = (origin: string, { credentialOrigins }: AuthoriserOptions): boolean =>
  credentialOrigins !== undefined && !credentialOrigins.includes(origin);

/** Operations that require no credential can still be called. */
function withoutCredentials(auth: readonly AuthRequirement[], request: BuiltRequest): Authorised {
  if (auth.length > 0 && auth.every(({ schemes }) => schemes.length > 0))
    throw withheld(new URL(request.target).origin);
  return { ...NOTHING, request };
}

const NOTHING = { secretQuery: [], signers: [], tokens: {}, sources: [], remedies: [] } as const;

/** A login is for one origin. The user may name others that get its token, too. */
const mayReceive = (origin: string, { audience }: LoginCredential, { credentialOrigins }: AuthoriserOptions): boolean =>
  origin === audience || (credentialOrigins?.includes(origin) ?? false);

const otherAudience = (scheme: string, origin: string, { audience }: LoginCredential): CallError =>
  new CallError('MISSING_CREDENTIAL', `The login for "${scheme}" is for ${audience}, so it is not sent to ${origin}.`, {
    hint: `If you trust that host, start the server with --credentials-for ${audience} --credentials-for ${origin}.`,
  });

const remedyOf = (credential: Credential | undefined): readonly string[] =>
  credential?.kind === 'login' ? [`To log in again: ${credential.command}`] : [];

const withheld = (origin: string): CallError =>
  new CallError('MISSING_CREDENTIAL', `No credentials are sent to ${origin}.`, {
    hint: `If you trust that host, start the server with --credentials-for ${origin}.`,
  });

function openSource(
  name: string,
  scheme: AuthScheme,
  client: ClientCredentials,
  options: AuthoriserOptions,
): TokenCache {
  const { allowPrivate, serverUrl, send, now, timeoutMs } = options;
  const find = async (signal: AbortSignal): Promise<TokenEndpoint> => {
    const tokenUrl = scheme.kind === 'oauth2' ? scheme.clientCredentials?.tokenUrl : undefined;
    const metadataUrl =
      scheme.kind === 'openIdConnect' ? scheme.discoveryUrl : scheme.kind === 'oauth2' ? scheme.metadataUrl : undefined;
    const discover = async (written: string) =>
      discoverTokenEndpoint(absolute(written, name, serverUrl), { allowPrivate, send, signal });
    if (tokenUrl === undefined) return discover(metadataUrl ?? '');
    const url = absolute(tokenUrl, name, serverUrl);
    // The document already names the endpoint, so the metadata is only asked where it decides something.
    if (metadataUrl === undefined || client.clientAuth !== undefined) return { url };
    const found = await discover(metadataUrl).catch(() => undefined);
    return found?.url === url ? found : { url };
  };
  const endpoint = async (signal: AbortSignal) => {
    const found = await find(signal);
    for (const url of [found.url, found.mtlsUrl ?? found.url]) {
      const { origin } = new URL(url);
      if (isWithheld(origin, options)) throw withheld(origin);
    }
    return found;
  };
  return tokenSource({ scheme: name, client, endpoint, allowPrivate, send, now, timeoutMs });
}

function absolute(url: string, scheme: string, serverUrl: string | undefined): string {
  if (URL.canParse(url, serverUrl) && /^https?:$/.test(new URL(url, serverUrl).protocol))
    return new URL(url, serverUrl).href;
  throw new CallError('CREDENTIAL_REFUSED', `The document has no http(s) token URL for "${scheme}".`, {
    hint: `Set BEARER_TOKEN for "${scheme}" instead, or correct the document.`,
  });
}

function withUserHeaders(request: BuiltRequest, headers: Means['headers']): BuiltRequest {
  return headers.reduce((built, [name, value]) => withHeader(built, name, value), request);
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
  const { origin } = new URL(target);
  return new CallError(
    'FORBIDDEN_ADDRESS',
    `${origin} is not one of the API's servers, so no credential is sent there.`,
  );
}
