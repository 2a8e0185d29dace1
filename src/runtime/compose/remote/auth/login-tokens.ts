import type { LoginCredential } from '../../../api/auth/credentials.ts';
import { LoginOver, storedLogin } from '../../../api/auth/stored-login.ts';
import { codeOf, messageOf } from '../../../errors.ts';
import { SELF, type TokenKey, type TokenRecord, type TokenStore } from '../../../secrets/token-store.ts';
import { untilAborted } from '../../../until-aborted.ts';
import type { LoginAuth, NeededLogin } from './auth-options.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { fetchSender } from './fetch-sender.ts';
import { NotAuthorized } from './not-authorized.ts';
import type { Place } from './place.ts';
import { resourceUrl } from './resource-url.ts';
import { lacking, rejected, type Tokens } from './tokens.ts';

/** For one renewal. */
const TIMEOUT_MS = 30_000;
/** After a login that failed or that the person refused. */
const PAUSE_MS = 60_000;

interface Login {
  readonly store: TokenStore;
  readonly key: TokenKey;
  readonly record: TokenRecord;
  readonly credential: LoginCredential;
}

/**
 * Tokens of a person, from a stored login. Before its first use, and before a renewal after 401, the server's metadata
 * must still name the issuer of the login (MCP 2026-07-28, credentials are bound to their issuer).
 */
export class LoginTokens implements Tokens {
  readonly #auth: LoginAuth;
  readonly #place: Place;
  #login: Login | undefined;
  #finding: Promise<Login | undefined> | undefined;
  #loggingIn: Promise<Login> | undefined;
  /** After a login that failed, the time of the next one. */
  #notBefore = 0;

  constructor(auth: LoginAuth, place: Place) {
    this.#auth = auth;
    this.#place = place;
  }

  token(signal: AbortSignal): Promise<string | undefined> {
    return this.#failing(signal, async () => {
      const login = await this.#find(signal);
      return login && this.#tokenOf(login, signal);
    });
  }

  afterUnauthorized(sent: string | undefined, challenge: BearerChallenge, signal: AbortSignal): Promise<string> {
    return this.#failing(signal, async () => {
      const login = await this.#find(signal);
      if (login === undefined)
        return this.#tokenOf(await this.#logIn(needed(challenge, challenge.scopes), signal), signal);
      const token = await this.#tokenOf(login, signal);
      if (token !== sent) return token;
      const command = this.#command();
      await stillNamed(login, this.#place, { metadataUrl: challenge.resourceMetadata, command });
      login.credential.drop(sent);
      const renewed = await this.#tokenOf(login, signal);
      if (renewed === sent) throw rejected(this.#place.label, `Log in again: ${command}`);
      return renewed;
    });
  }

  afterForbidden(sent: string | undefined, challenge: BearerChallenge, signal: AbortSignal): Promise<string> {
    return this.#failing(signal, async () => {
      const login = await this.#find(signal);
      const token = login && (await this.#tokenOf(login, signal));
      if (token !== undefined && token !== sent) return token;
      const granted = login === undefined ? [] : ((await login.store.get(login.key))?.scopes ?? login.record.scopes);
      const union = [...new Set([...granted, ...challenge.scopes])];
      const lacks = lacking(this.#place.label, union, `Log in with these scopes: ${this.#command(union)}`);
      if (this.#auth.logIn === undefined) throw lacks;
      const next = await this.#tokenOf(await this.#logIn(needed(challenge, union), signal), signal);
      if (next === sent) throw lacks;
      return next;
    });
  }

  #command(scopes: readonly string[] = []): string {
    return this.#auth.command?.(scopes) ?? `login('${this.#place.label}', …) of openapi-mcp/client`;
  }

  /** The login, which is looked for until there is one. */
  #find(signal: AbortSignal): Promise<Login | undefined> {
    if (this.#login !== undefined) return Promise.resolve(this.#login);
    this.#finding ??= findLogin(this.#auth, this.#place, this.#command())
      .then((found) => {
        this.#login = found;
        return found;
      })
      .finally(() => {
        this.#finding = undefined;
      });
    return untilAborted(this.#finding, signal);
  }

  #logIn(scopes: NeededLogin, signal: AbortSignal): Promise<Login> {
    this.#loggingIn ??= this.#loggedIn(scopes).finally(() => {
      this.#loggingIn = undefined;
    });
    return untilAborted(this.#loggingIn, signal);
  }

  async #loggedIn(login: NeededLogin): Promise<Login> {
    if (this.#auth.logIn !== undefined && Date.now() >= this.#notBefore) {
      // Reconnecting in the background must not show one login page after the other.
      this.#notBefore = Date.now() + PAUSE_MS;
      await this.#auth.logIn(login);
      this.#notBefore = 0;
      this.#login = undefined;
    }
    // All who wait share it, so the signal of one does not end it.
    const found = await this.#find(new AbortController().signal);
    if (found !== undefined) return found;
    throw new NotAuthorized(`${this.#place.label} requires a token, and nobody is logged in`, {
      code: 'MISSING_CREDENTIAL',
      // Other servers may have a fixed token, which nobody can log in for.
      hint: `${login.resourceMetadata === undefined ? 'If it has an authorization server, log in' : 'Log in'}: ${this.#command()}`,
    });
  }

  async #tokenOf(login: Login, signal: AbortSignal): Promise<string> {
    try {
      return await login.credential.token(signal);
    } catch (error) {
      if (!(error instanceof LoginOver)) throw error;
      // The next request looks for another login.
      if (this.#login === login) this.#login = undefined;
      if (this.#auth.logIn === undefined) throw error;
      const next = await this.#logIn({ scopes: login.record.scopes }, signal);
      return next.credential.token(signal);
    }
  }

  #failing<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return work().catch((error) => Promise.reject(asNotAuthorized(error, this.#place, signal)));
  }
}

const needed = ({ resourceMetadata }: BearerChallenge, scopes: readonly string[]): NeededLogin => ({
  scopes,
  ...(resourceMetadata !== undefined && { resourceMetadata }),
});

/** The login for this server. There is one: a login replaces those of other issuers. */
async function findLogin(auth: LoginAuth, place: Place, command: string): Promise<Login | undefined> {
  const store = typeof auth.store === 'function' ? await auth.store() : auth.store;
  const audience = resourceUrl(place.url);
  const key = (await store?.list())?.find((each) => each.audience === audience && each.account === SELF);
  const record = key && (await store?.get(key));
  if (store === undefined || key === undefined || record === undefined) return undefined;
  const credential = storedLogin({
    scheme: place.label,
    key,
    store,
    record,
    command,
    send: auth.send ?? fetchSender,
    // Its endpoints were checked by the login, and nobody else can have changed the record.
    allowPrivate: true,
    now: Date.now,
    timeoutMs: TIMEOUT_MS,
  });
  const login = { store, key, record, credential };
  await stillNamed(login, place, { metadataUrl: undefined, command });
  return login;
}

/** @throws NotAuthorized if the server's metadata no longer names the issuer: its old tokens are not for the new one */
async function stillNamed(
  { key, record }: Login,
  place: Place,
  {
    metadataUrl = record.resourceMetadata,
    command,
  }: { readonly metadataUrl: string | undefined; readonly command: string },
): Promise<void> {
  const issuers = await place.issuersNow(metadataUrl);
  if (issuers === undefined || issuers.includes(key.issuer)) return;
  const message = `${place.label} now names the authorization server ${issuers.join(', ')}, but the login is from ${key.issuer}. It was not used`;
  throw new NotAuthorized(message, {
    code: 'CREDENTIAL_REFUSED',
    hint: `If the change is right, log in again: ${command}`,
  });
}

/** Errors of the store, of a renewal and of discovery. */
function asNotAuthorized(error: unknown, { label }: Place, signal: AbortSignal): unknown {
  if (error instanceof NotAuthorized || signal.aborted) return error;
  const { hint } = error as { readonly hint?: unknown };
  const code = codeOf(error);
  const about = code === 'CREDENTIAL_REFUSED' ? '' : `There is no token for ${label}: `;
  return new NotAuthorized(about + messageOf(error).replace(/\.$/, ''), {
    code: 'CREDENTIAL_REFUSED',
    hint: typeof hint === 'string' ? hint : 'Log in again.',
    cause: error,
  });
}
