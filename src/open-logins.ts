import type { ApiModel } from './model/index.ts';
import type { LoginCredential } from './runtime/api/auth/credentials.ts';
import { loginKey } from './runtime/api/auth/login-key.ts';
import { storedLogin } from './runtime/api/auth/stored-login.ts';
import type { HttpSender } from './runtime/api/http.ts';
import type { TokenStore } from './runtime/secrets/token-store.ts';

/** How an API finds the logins of the person who runs it. */
export interface LoginsOption {
  /** Opens the store; `undefined` if there is none yet. Called only if a scheme could use a login. */
  open(): Promise<TokenStore | undefined>;
  /** The command that logs in for a scheme. Default: `openapi-mcp auth login`. */
  readonly command?: (scheme: string) => string;
}

export interface OpenLoginsMeans {
  readonly logins: Required<LoginsOption>;
  /** Schemes for which a person can log in, and that have no credential of their own. */
  readonly schemes: readonly string[];
  readonly serverUrl: string;
  readonly send: HttpSender;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

/**
 * The stored logins for the schemes of an API, by scheme.
 *
 * @throws TokenStoreError if there is one that cannot be read
 */
export async function openLogins(
  { auth }: Pick<ApiModel, 'auth'>,
  { logins, schemes, serverUrl, ...rest }: OpenLoginsMeans,
): Promise<Readonly<Record<string, LoginCredential>>> {
  const store = await logins.open();
  if (store === undefined) return {};
  const found: [string, LoginCredential][] = [];
  for (const scheme of schemes) {
    const definition = auth[scheme];
    const key = definition && loginKey(definition, serverUrl);
    const record = key && (await store.get(key));
    if (key === undefined || record === undefined) continue;
    const command = logins.command(scheme);
    found.push([scheme, storedLogin({ ...rest, scheme, key, store, record, command, now: Date.now })]);
  }
  return Object.fromEntries(found);
}
