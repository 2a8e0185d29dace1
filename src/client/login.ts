import type { DevicePrompt } from '../login/device-flow.ts';
import { systemClock } from '../runtime/clock.ts';
import { declareOptions } from '../runtime/options/declare-options.ts';
import {
  func,
  number,
  type OptionKind,
  onOff,
  required,
  text,
  texts,
  withMethods,
} from '../runtime/options/option-kinds.ts';
import { TIMER_MS } from '../runtime/options/option-range.ts';
import type { TokenStore } from '../runtime/secrets/token-store.ts';

export interface LogInOptions {
  /** Where the login is stored: `memoryTokenStore()`, `openTokenStore()`, or a store of your own. */
  readonly store: TokenStore;
  /** Receives the URL of the login page. Show it to the person, or open it in a browser on this computer. */
  readonly onUrl: (url: string) => void;
  /** Receives a URL and a code that the person enters on any device: instead of `onUrl` (RFC 8628). */
  readonly onPrompt?: (prompt: DevicePrompt) => void;
  /** Default: those that the server names. */
  readonly scopes?: readonly string[];
  /** A client that is registered at the authorization server. Default: one is registered for this login. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /**
   * https URL of your client ID metadata document, with the redirect URI `http://127.0.0.1/callback`: used if the server
   * reads such documents.
   */
  readonly clientMetadataUrl?: string | undefined;
  /** Where the server's metadata is, if a challenge has named it. */
  readonly resourceMetadata?: string | undefined;
  /** Allow the authorization server of a public server to be at a private address. Default false. */
  readonly allowPrivate?: boolean;
  /** How long the person may take, in milliseconds. Default: 300,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A stored login, without its tokens. */
export interface LoggedIn {
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** In milliseconds since 1970; absent if the authorization server states none. */
  readonly expiresAt?: number;
  /** Whether the token can be renewed without the person. */
  readonly renewable: boolean;
}

const STORE: OptionKind = withMethods('a token store, such as memoryTokenStore()', 'get', 'list', 'update', 'delete');
const checked = declareOptions<LogInOptions>('login()', {
  store: required(STORE),
  onUrl: required(func),
  onPrompt: func,
  scopes: texts,
  clientId: text,
  clientSecret: text,
  clientMetadataUrl: text,
  resourceMetadata: text,
  allowPrivate: onOff,
  timeoutMs: number(TIMER_MS),
  signal: withMethods('an AbortSignal', 'addEventListener'),
});

const TIMEOUT_MS = 300_000;

/**
 * Logs a person in to an MCP server (OAuth 2.1 with PKCE) and stores the tokens, for `auth: { store }` of `connect()` and
 * `fromMcp()`. It waits for the redirect on 127.0.0.1.
 *
 * ```ts
 * const store = memoryTokenStore();
 * await login(url, { store, onUrl: (page) => console.error('Open', page) });
 * await using client = await connect({ url, auth: { store } });
 * ```
 *
 * @throws an Error with a `code` such as `LOGIN_REFUSED` and a `hint`, and the reason of the signal
 */
export async function login(url: string | URL, options: LogInOptions): Promise<LoggedIn> {
  const {
    signal = new AbortController().signal,
    timeoutMs = TIMEOUT_MS,
    onPrompt,
    allowPrivate,
    ...rest
  } = checked(options);
  // Servers of Node: loaded for a login only.
  const [{ logInToServer }, { openServerAccess }] = await Promise.all([
    import('../login/log-in-to-server.ts'),
    import('../login/server-access.ts'),
  ]);
  const serverUrl = new URL(url).href;
  const access = openServerAccess({ serverUrl, allowPrivate, signal, environment: process.env });
  try {
    const { key, record } = await logInToServer({
      ...rest,
      serverUrl,
      access,
      device: onPrompt !== undefined,
      onPrompt: onPrompt ?? (() => {}),
      clientIdFrom: 'clientId',
      timeoutMs,
      ...systemClock,
    });
    const { scopes, expiresAt, refreshToken } = record;
    return {
      issuer: key.issuer,
      scopes,
      ...(expiresAt !== undefined && { expiresAt }),
      renewable: refreshToken !== undefined,
    };
  } finally {
    await access.close();
  }
}

/**
 * Ends the login to an MCP server: revokes its tokens at the authorization server if that is possible (RFC 7009), and
 * deletes them in any case.
 *
 * @returns whether there was a login to end
 */
export async function logout(url: string | URL, { store }: Pick<LogInOptions, 'store'>): Promise<boolean> {
  const [{ logOut }, { serverLogins }, { openServerAccess }] = await Promise.all([
    import('../login/log-out.ts'),
    import('../login/log-in-to-server.ts'),
    import('../login/server-access.ts'),
  ]);
  const serverUrl = new URL(url).href;
  const signal = AbortSignal.timeout(LOGOUT_MS);
  const access = openServerAccess({ serverUrl, allowPrivate: true, signal, environment: process.env });
  try {
    const keys = await serverLogins(store, serverUrl);
    for (const key of keys) await logOut(key, store, access);
    return keys.length > 0;
  } finally {
    await access.close();
  }
}

/** For the requests that revoke a login. */
const LOGOUT_MS = 30_000;
