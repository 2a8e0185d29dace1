import { defined } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { messageOf } from '../../errors.ts';
import { type CallerTokenStore, type TokenKey, type TokenRecord, TokenStoreError } from '../../secrets/token-store.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { LoginCredential } from './credentials.ts';
import type { SchemeEndpointMeans } from './scheme-endpoint.ts';
import type { AuthorizationServer } from './server-metadata.ts';
import { freshFor, requestLimit, type TokenCacheMeans } from './token-cache.ts';
import { assertAllowed, requestToken, type Token, type TokenAnswer, type TokenClient } from './token-request.ts';

export interface StoredLoginOptions extends TokenCacheMeans, Pick<SchemeEndpointMeans, 'allowPrivate' | 'send'> {
  /** Name of the scheme, for messages. */
  readonly scheme: string;
  readonly key: TokenKey;
  readonly store: CallerTokenStore;
  /** As it is stored now. */
  readonly record: TokenRecord;
  /** The command that logs in again. */
  readonly command: string;
}

/**
 * The tokens of a person who has logged in. A token is renewed before it expires, and after the API rejected it: once
 * for all calls, and once for all processes that share the store, because a rotated refresh token can be used only once
 * (RFC 9700 §4.14.2). The new one is stored before its access token is used.
 */
export function storedLogin(options: StoredLoginOptions): LoginCredential {
  const { key, store, now, timeoutMs, record, command } = options;
  let known: TokenRecord = record;
  let rejected: string | undefined;
  let renewing: Promise<TokenRecord> | undefined;
  const isUsable = (held: TokenRecord) => held.accessToken !== rejected && now() < freshUntil(held);

  const renew = async (): Promise<TokenRecord> => {
    // Another process may have renewed it; that needs no lock.
    const stored = await store.get(key);
    if (stored !== undefined && isUsable(stored)) return stored;
    const clock = requestLimit(timeoutMs);
    try {
      return await store.update(key, async (current) => {
        if (current === undefined) throw loginAgain(options, 'has ended: somebody logged out');
        return isUsable(current) ? current : renewed(current, { ...options, rejected, signal: clock.signal });
      });
    } finally {
      clock.stop();
    }
  };

  return {
    kind: 'login',
    audience: key.audience,
    command,
    expiresAt: record.expiresAt,
    renewable: record.refreshToken !== undefined,
    async token(signal) {
      if (isUsable(known)) return known.accessToken;
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      try {
        known = await untilAborted(renewing, signal);
        return known.accessToken;
      } catch (error) {
        throw asCallError(error, options, signal);
      }
    },
    drop(token) {
      // A late answer to an old token says nothing about the current one.
      if (token === known.accessToken) rejected = token;
    },
  };
}

const freshUntil = ({ issuedAt, expiresAt }: TokenRecord): number =>
  expiresAt === undefined ? Number.POSITIVE_INFINITY : issuedAt + freshFor(expiresAt - issuedAt);

interface Renewal extends StoredLoginOptions {
  readonly rejected: string | undefined;
  readonly signal: AbortSignal;
}

async function renewed(current: TokenRecord, options: Renewal): Promise<TokenRecord> {
  const { refreshToken } = current;
  const { rejected, now, store, key } = options;
  const isValid = current.accessToken !== rejected && now() < (current.expiresAt ?? Number.POSITIVE_INFINITY);
  if (refreshToken === undefined) {
    if (isValid) return current;
    throw loginAgain(options, current.accessToken === rejected ? 'was rejected' : 'has expired');
  }
  let answer: TokenAnswer;
  try {
    answer = await refresh(current, refreshToken, options);
  } catch (error) {
    // The network is down: the login is kept, and the token is used as long as it is valid.
    if (isValid) return current;
    throw error;
  }
  if ('token' in answer) return recordOf(answer.token, { ...current, now: now() });
  // RFC 6749 §5.2: `invalid_grant` is final for this token. A process without our lock may have used it.
  const stored = answer.refused === 'invalid_grant' ? await store.get(key) : undefined;
  if (stored !== undefined && stored.refreshToken !== refreshToken) return stored;
  if (isValid) return current;
  throw loginAgain(options, `cannot be renewed (${answer.detail})`);
}

/** The record of a token response. What the response leaves out stays as it was (RFC 6749 §5.1, §6). */
export function recordOf(
  { value, expiresIn, refreshToken, scopes }: Token,
  { now, expiresAt: _, refreshToken: old, ...rest }: Omit<TokenRecord, 'accessToken' | 'issuedAt'> & { now: number },
): TokenRecord {
  const expiresAt = expiresIn === undefined ? undefined : now + expiresIn * 1000;
  return {
    ...rest,
    accessToken: value,
    issuedAt: now,
    ...defined({ refreshToken: refreshToken ?? old, expiresAt, scopes }),
  };
}

/** What a new login is stored with. */
export interface NewLogin {
  readonly server: AuthorizationServer;
  readonly token: Token;
  readonly client: TokenClient;
  /** The requested scopes. */
  readonly scopes: readonly string[];
  readonly resource?: string | undefined;
  readonly resourceMetadata?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Stores the tokens of a new login, in place of earlier ones. @throws TokenStoreError */
export async function storeLogin(store: CallerTokenStore, key: TokenKey, login: NewLogin): Promise<TokenRecord> {
  const { server, token, client, scopes, resource, resourceMetadata, now } = login;
  const { tokenEndpoint, refreshEndpoint, revocationEndpoint } = server;
  const { clientId, clientSecret, authentication } = client;
  const record = recordOf(token, {
    now,
    scopes,
    clientId,
    clientAuthentication: authentication,
    tokenEndpoint,
    ...defined({ clientSecret, refreshEndpoint, revocationEndpoint, resource, resourceMetadata }),
  });
  // An unreadable record of an earlier login would be in the way.
  await store.get(key).catch(() => store.delete(key));
  return store.update(key, async () => record);
}

/** How the client of a record authenticates. */
export const clientOf = ({ clientId, clientSecret, clientAuthentication }: TokenRecord): TokenClient => ({
  clientId,
  ...defined({ clientSecret }),
  authentication: clientAuthentication,
});

function refresh(
  record: TokenRecord,
  refreshToken: string,
  { send, allowPrivate, signal }: Renewal,
): Promise<TokenAnswer> {
  const tokenUrl = record.refreshEndpoint ?? record.tokenEndpoint;
  assertAllowed(tokenUrl, allowPrivate);
  const { resource } = record;
  const grant = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...(resource !== undefined && { resource }),
  };
  return requestToken({ tokenUrl, client: clientOf(record), grant, send, signal });
}

/** Only the person can go on, by logging in again. */
export class LoginOver extends CallError {}

const loginAgain = ({ scheme, command }: Pick<StoredLoginOptions, 'scheme' | 'command'>, why: string): LoginOver =>
  new LoginOver('CREDENTIAL_REFUSED', `The login for "${scheme}" ${why}.`, { hint: `Log in again: ${command}` });

/** Without a token, whatever the reason, no request goes to the API. */
function asCallError(error: unknown, { scheme }: StoredLoginOptions, signal: AbortSignal): CallError {
  if (error instanceof CallError && error.code === 'CREDENTIAL_REFUSED') return error;
  if (signal.aborted && error === signal.reason) {
    return error instanceof CallError ? error : new CallError('CANCELLED', 'The client cancelled the call.');
  }
  if (error instanceof TokenStoreError) {
    const { code, message, hint } = error;
    return new CallError('CREDENTIAL_REFUSED', `No token for "${scheme}": ${message} [${code}]`, { hint });
  }
  const message = `No token for "${scheme}": the token endpoint ${messageOf(error)}`;
  return new CallError('CREDENTIAL_REFUSED', message, {
    hint: 'The login is kept. Try again when the authorization server can be reached.',
  });
}
