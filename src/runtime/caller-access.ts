import type { Caller } from './provider.ts';
import type { CallerTokenStore } from './secrets/token-store.ts';

/**
 * What a server does for the caller of one request, besides naming it: an API that acts on behalf of its callers needs
 * it. It ends with the request.
 */
export interface CallerAccess {
  /** When the caller's token expires, in milliseconds since 1970; `undefined` if it does not, or that is unknown. */
  readonly expiresAt: number | undefined;
  /**
   * The caller's verified access token. Behind an OAuth proxy: that of the identity provider, which the caller itself
   * does not have. `undefined` if the caller has none: it authenticated with a key, or the request is over.
   *
   * @throws Error with the name `InvalidTokenError` if the caller's login has ended, `VerifierUnavailableError` if this
   *   cannot be determined now
   */
  token(): Promise<string | undefined>;
  /**
   * Tells the server that the caller must authenticate again. It responds with HTTP 401 and a challenge, if the response
   * has not started.
   */
  challenge(reason: CallerChallenge): void;
  /**
   * Invites the caller to a page of this server, on which the caller consents to a connection. Absent if the server
   * cannot tell whether the person who opens the page is the caller.
   *
   * @returns the URL of the page, which grants nothing by itself
   */
  readonly invite?: (connection: Connection) => Promise<string>;
  /** Where the tokens of connected accounts are, if the processes of the server share them. */
  readonly tokens?: CallerTokenStore;
}

/** An account of the caller elsewhere, which an API is to use on the caller's behalf. */
export interface Connection {
  /** What the caller consents to, for the page and for messages. */
  readonly asked: AskedConsent;
  /**
   * Starts the consent at the third party, and says where to send the browser.
   *
   * @throws Error whose message may be shown to the caller
   */
  begin(request: ConsentRequest): Promise<{ readonly url: string; readonly verifier: string }>;
  /**
   * Completes it with the parameters of the redirect back, and stores the tokens for the caller.
   *
   * @throws Error whose message may be shown to the caller; then nothing is stored
   */
  finish(response: ConsentResponse): Promise<void>;
}

export interface AskedConsent {
  /** The title of the API. */
  readonly api: string;
  /** The only origin that gets the tokens. */
  readonly audience: string;
  /** The authorization server of the third party. */
  readonly issuer: string;
  readonly scopes: readonly string[];
}

export interface ConsentRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly signal: AbortSignal;
}

export interface ConsentResponse {
  readonly parameters: URLSearchParams;
  readonly redirectUri: string;
  /** As `begin` returned it (RFC 7636 §4.1). */
  readonly verifier: string;
  readonly signal: AbortSignal;
}

/** Why the caller must authenticate again. */
export interface CallerChallenge {
  /** For the client's developer, without secrets. */
  readonly description: string;
  /** What the next token must contain, in JSON, as the identity provider said (OpenID Connect Core 1.0 §5.5). */
  readonly claims?: string;
}

/** Registered, because the API may be that of an emitted project, which has its own copy of the runtime. */
const ACCESS = Symbol.for('openapi-mcp.callerAccess');

/**
 * The caller, with access for the request. It is not a visible property: it is lost in JSON, logs and copies, so that
 * nobody passes a token on by accident.
 */
export function withAccess(caller: Caller, access: CallerAccess): Caller {
  return Object.defineProperty({ ...caller }, ACCESS, { value: access, enumerable: false });
}

export function accessOf(caller: Caller | undefined): CallerAccess | undefined {
  return (caller as { readonly [ACCESS]?: CallerAccess } | undefined)?.[ACCESS];
}
