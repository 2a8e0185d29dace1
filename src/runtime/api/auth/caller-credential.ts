import type { Caller } from '../../provider.ts';

/** The credential of the caller on whose behalf a request is made: each caller has its own. */
export interface CallerCredential {
  readonly kind: 'caller';
  readonly way: CallerWay;
}

/** How the credential of a caller is found. */
export type CallerWay =
  /** A function of the server's author. Returns `undefined` if this caller has none. */
  | { readonly kind: 'perCaller'; provide(asked: AskedCredential): Promise<CallerSecret | undefined> }
  | ExchangeWay
  | ConnectWay;

/** The caller's token is exchanged for one for the API, at a token endpoint where this server is a client. */
export interface ExchangeWay {
  readonly kind: 'exchange';
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: that of the scheme. */
  readonly tokenUrl?: string;
  /** Requested instead of the operation's scopes. */
  readonly scopes?: readonly string[];
  /** The parameters of the grant, without `scope`. `token`: the caller's token goes into this one. */
  readonly grant: Readonly<Record<string, string>>;
  readonly token: 'subject_token' | 'assertion';
}

/**
 * Each caller has an account at another authorization server and consents there once, in a browser. This server is a
 * client of that server, and keeps the tokens.
 */
export interface ConnectWay {
  readonly kind: 'connect';
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Default: what the operations need. */
  readonly scopes?: readonly string[];
  /** Where the caller consents. Default: the authorization server of the scheme. */
  readonly server?:
    | { readonly kind: 'issuer'; readonly issuer: string }
    | { readonly kind: 'endpoints'; readonly authorizationUrl: string; readonly tokenUrl: string };
  /** RFC 8707. */
  readonly resource?: string;
  /** Further parameters of the authorization request. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Whose credential is needed, and for what. */
export interface AskedCredential {
  readonly caller: Caller;
  /** The name of the security scheme. */
  readonly scheme: string;
  /** The scopes that the operation needs. */
  readonly scopes: readonly string[];
  /** Aborted when the client cancels or disconnects. */
  readonly signal: AbortSignal;
  /**
   * The caller's verified access token; behind an OAuth proxy, that of the identity provider. `undefined` if the caller
   * authenticated with a key. Sending it to an API that it was not issued for lets that API act as the caller elsewhere
   * (MCP, token passthrough): exchange it.
   */
  token(): Promise<string | undefined>;
}

/** What a request is sent with on behalf of a caller. */
export type CallerSecret =
  | { readonly kind: 'apiKey'; readonly value: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'headers'; readonly headers: readonly (readonly [name: string, value: string])[] };

/** A caller's credential, as it was found for a request. */
export interface CallerHolding {
  readonly caller: Caller;
  readonly secret: CallerSecret;
  /** It was made from the caller's token: if the API rejects it, the caller has to authenticate again. */
  readonly isFromToken: boolean;
  /** Further values to hide in results: the caller's token, and credentials that this one replaces. */
  readonly hidden: readonly string[];
  /** Never returns this credential again for this caller, because the API rejected it. */
  drop(): void;
}

/** The values of it that must not appear in a result. */
export function valuesOf(secret: CallerSecret): readonly string[] {
  switch (secret.kind) {
    case 'apiKey':
      return [secret.value];
    case 'bearer':
      return [secret.token];
    case 'basic':
      return [secret.username, secret.password];
    case 'headers':
      return secret.headers.map(([, value]) => value);
  }
}

/** A source of callers' credentials, for one scheme of one API. */
export interface CallerSource {
  /** Whether to get the credential before the call starts: it is kept, so that the call itself finds it. */
  readonly isPrepared: boolean;
  /** @throws CallError `MISSING_CREDENTIAL`, `CREDENTIAL_REFUSED`; CallerRefusedError if the caller can change that */
  holding(asked: Omit<AskedCredential, 'token'>): Promise<Omit<CallerHolding, 'caller'>>;
}
