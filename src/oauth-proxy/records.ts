import { digestText } from '../runtime/text/random-text.ts';
import type { Keys } from './keys.ts';
import type { OAuthProxyStore } from './store.ts';
import type { UpstreamTokens } from './upstream.ts';

/** What is stored, by kind. */
export interface RecordKinds {
  /** A login at the upstream that a user has consented to; by `state`. */
  readonly login: Login;
  /** By authorization code. */
  readonly code: StoredCode;
  /** By grant id: see `grants.ts`. */
  readonly grant: Grant;
  /** The upstream's refresh token, sealed; by grant id. Whoever takes it may refresh. */
  readonly renewal: string;
  /** Somebody refreshes; by grant id. */
  readonly renewing: true;
  /** The grant has ended and must not be stored again; by grant id. */
  readonly ended: true;
  /** A valid refresh token; by the token itself. */
  readonly refresh: true;
}

/** What a client asked for, checked. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** PKCE, S256. */
  readonly challenge: string;
  readonly state?: string;
}

export interface Login {
  readonly request: AuthorizationRequest;
  /** The browser that consented. */
  readonly browser: string;
  /** PKCE of the upstream's code. */
  readonly verifier?: string;
  /** Tokens that were received but could not be verified yet. */
  readonly tokens?: UpstreamTokens;
}

export interface NewGrant {
  readonly grant: Grant;
  readonly renewal?: string;
}

export interface StoredCode extends NewGrant {
  readonly request: AuthorizationRequest;
}

/** A user's login with one client. */
export interface Grant {
  /** The upstream's. */
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The upstream's scopes, as its last response with `scope` said. A refresh may leave it out (RFC 6749 §5.1). */
  readonly told?: readonly string[];
  /** The upstream's access token, sealed. */
  readonly access: string;
  /** Seconds since 1970; absent if it does not expire. */
  readonly accessExpiresAt?: number;
  /** Whether the upstream gave a refresh token. */
  readonly renewable: boolean;
  /** What the upstream's token says about the user. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Typed, encrypted access to the store. Ids are hashed, so that the store contains no token; values are sealed for their
 * key, so that two of them cannot be swapped; and each contains the end of its time.
 */
export interface Records {
  get<Kind extends keyof RecordKinds>(kind: Kind, id: string): Promise<RecordKinds[Kind] | undefined>;
  put<Kind extends keyof RecordKinds>(kind: Kind, id: string, value: RecordKinds[Kind], ttl: number): Promise<void>;
  take<Kind extends keyof RecordKinds>(kind: Kind, id: string): Promise<RecordKinds[Kind] | undefined>;
  delete(kind: keyof RecordKinds, id: string): Promise<void>;
}

export function openRecords(
  store: OAuthProxyStore,
  keys: Keys,
  { now, onError }: { readonly now: () => number; readonly onError: (error: Error) => void },
): Records {
  const keyOf = async (kind: string, id: string) => `${kind}:${await digestText(id)}`;
  const read = async (key: string, sealed: string | undefined) => {
    if (sealed === undefined) return undefined;
    const text = await keys.open(sealed, key);
    if (text === undefined) {
      onError(
        new Error(
          `The stored value ${key} is ignored: it was changed, moved, or written with another secret or baseUrl.`,
        ),
      );
      return undefined;
    }
    const { until, value } = JSON.parse(text) as { readonly until: number; readonly value: never };
    return until > now() ? value : undefined;
  };
  return {
    async get(kind, id) {
      const key = await keyOf(kind, id);
      return read(key, await store.get(key));
    },
    async put(kind, id, value, ttl) {
      const key = await keyOf(kind, id);
      const text = JSON.stringify({ until: now() + ttl * 1000, value });
      await store.put(key, await keys.seal(text, key), ttl);
    },
    async take(kind, id) {
      const key = await keyOf(kind, id);
      return read(key, await store.take(key));
    },
    async delete(kind, id) {
      await store.delete(await keyOf(kind, id));
    },
  };
}
