/** Whose tokens: one login at one issuer, for one API or MCP server. */
export interface TokenKey {
  /** Issuer identifier of the authorization server (RFC 8414 §2); its origin if the server has no metadata. */
  readonly issuer: string;
  /**
   * The only place that gets the access token: the origin of an API, or the canonical URL of an MCP server, which has a
   * path (`https://example.com/` for the root).
   */
  readonly audience: string;
  /** {@link SELF} for the person at the terminal, otherwise the id of a caller. */
  readonly account: string;
}

/** The account of the person at the terminal. */
export const SELF = 'self';

/** Tokens, and everything that their renewal needs. */
export interface TokenRecord {
  readonly accessToken: string;
  /** Absent if the server issued none: the person has to log in again after `expiresAt`. */
  readonly refreshToken?: string;
  /** When the access token was received, in milliseconds since 1970 by the clock of this machine. */
  readonly issuedAt: number;
  /** `issuedAt` plus the lifetime; absent if the server stated none. */
  readonly expiresAt?: number;
  /** Granted scopes (RFC 6749 §5.1). */
  readonly scopes: readonly string[];
  readonly clientId: string;
  readonly clientSecret?: string;
  /** How the client authenticates at the token endpoint (RFC 6749 §2.3.1); `none`: a public client. */
  readonly clientAuthentication: 'none' | 'basic' | 'body';
  readonly tokenEndpoint: string;
  /** Where the token is renewed, if not at `tokenEndpoint` (`refreshUrl` of OpenAPI). */
  readonly refreshEndpoint?: string;
  /** RFC 7009; absent if the server has none. */
  readonly revocationEndpoint?: string;
  /** The `resource` parameter of token requests (RFC 8707); absent if none is sent. */
  readonly resource?: string;
  /** Where an MCP server names its authorization servers (RFC 9728); absent for APIs, and if it has no such metadata. */
  readonly resourceMetadata?: string;
}

/** Keeps the tokens of logins. Several processes may share one store. */
export interface TokenStore {
  /** @throws TokenStoreError if there is a record that cannot be read */
  get(key: TokenKey): Promise<TokenRecord | undefined>;
  /** The keys of all records, without decrypting any. */
  list(): Promise<readonly TokenKey[]>;
  /** Returns false if there was no record. */
  delete(key: TokenKey): Promise<boolean>;
  /**
   * Replaces a record. Only one caller at a time, of all processes, is between reading and writing: `change` gets the
   * record as it is then, and what it returns is stored before this returns. If it returns the same object nothing is
   * written, and if it throws nothing changes.
   *
   * @throws TokenStoreError, and what `change` throws
   */
  update(key: TokenKey, change: TokenChange): Promise<TokenRecord>;
}

/** What is needed to call an API on behalf of callers. */
export type CallerTokenStore = Omit<TokenStore, 'list'>;

export type TokenChange = (current: TokenRecord | undefined) => Promise<TokenRecord>;

export const TOKEN_STORE_ERRORS = {
  TOKEN_KEY_MISSING: 'There are stored logins, but not the key that they are encrypted with.',
  TOKEN_KEY_WRONG: 'A stored login is encrypted with another key.',
  TOKEN_RECORD_DAMAGED: 'A stored login was changed, or belongs to something else.',
  TOKEN_FILE_UNREADABLE: 'A file of the token store cannot be read or written.',
  TOKEN_FILE_NOT_PRIVATE: 'Others can read or change a file of the token store.',
  TOKEN_STORE_BUSY: 'Another process holds the lock of a stored login.',
  TOKEN_KEYCHAIN_UNAVAILABLE: 'The keychain of the operating system cannot be used.',
} as const;

export type TokenStoreErrorCode = keyof typeof TOKEN_STORE_ERRORS;

/** Nothing is deleted when this is thrown. */
export class TokenStoreError extends Error {
  override readonly name = 'TokenStoreError';
  readonly code: TokenStoreErrorCode;
  /** What to do about it. */
  readonly hint: string;
  constructor(code: TokenStoreErrorCode, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** A key as one text: the additional authenticated data of a record, and what its file is named after. */
export const tokenKeyText = ({ issuer, audience, account }: TokenKey): string => [issuer, audience, account].join('\0');

/** Runs the work of one key at a time, in order. */
export function oneAtATime(): <T>(key: TokenKey, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const name = tokenKeyText(key);
    const next = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(name, next);
    const forget = () => {
      if (last.get(name) === next) last.delete(name);
    };
    next.then(forget, forget);
    return next;
  };
}

/** A store that ends with the process. */
export function memoryTokenStore(): TokenStore {
  const records = new Map<string, { readonly key: TokenKey; readonly record: TokenRecord }>();
  const inTurn = oneAtATime();
  return {
    get: async (key) => records.get(tokenKeyText(key))?.record,
    list: async () => [...records.values()].map(({ key }) => key),
    delete: (key) => inTurn(key, async () => records.delete(tokenKeyText(key))),
    update: (key, change) =>
      inTurn(key, async () => {
        const record = await change(records.get(tokenKeyText(key))?.record);
        records.set(tokenKeyText(key), { key, record });
        return record;
      }),
  };
}
