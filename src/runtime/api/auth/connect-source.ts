import type { AuthScheme } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { type AskedConsent, accessOf, type CallerAccess, type Connection } from '../../caller-access.ts';
import {
  type CallerTokenStore,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
} from '../../secrets/token-store.ts';
import type { CallerHolding, CallerSource, ConnectWay } from './caller-credential.ts';
import { CallerRefusedError } from './caller-refused.ts';
import { finishCode, startCode } from './code-grant.ts';
import type { LoginCredential } from './credentials.ts';
import type { ExchangeMeans } from './exchange-source.ts';
import { type AuthorizationServer, clientAt } from './server-metadata.ts';
import { LoginOver, storedLogin, storeLogin } from './stored-login.ts';
import { thirdParty, thirdPartyIssuer } from './third-party.ts';

export interface ConnectMeans extends ExchangeMeans {
  /** For callers who consent at a third party; other ways do not use it. */
  readonly connecting: {
    /** The title of the API, for people. */
    readonly api: string;
    /** Keeps the tokens of callers. */
    store(): Promise<TokenStore>;
    /** What the operations need of a scheme. */
    scopesFor(scheme: string): readonly string[];
  };
}

/** Callers whose renewals are coordinated. The others' tokens are read from the store again. */
const MOST = 1_000;

type Held = Omit<CallerHolding, 'caller'>;

/**
 * The tokens that callers have consented to at a third party, by caller. A caller without any is invited to a page of
 * this server. The store is read for each request, so that a caller who disconnects is disconnected at once.
 */
export function connectSource(
  name: string,
  { scheme, way }: { readonly scheme: AuthScheme; readonly way: ConnectWay },
  means: ConnectMeans,
): CallerSource {
  const { serverUrl, connecting } = means;
  const place = serverUrl === undefined ? undefined : { scheme, way, serverUrl };
  const issuer = place && thirdPartyIssuer(place);
  const logins = new Map<string, LoginCredential>();

  const loginOf = (key: TokenKey, store: CallerTokenStore, record: TokenRecord): LoginCredential => {
    const known = logins.get(key.account);
    // The last one used is the last one to go.
    logins.delete(key.account);
    // Its endpoints were checked when the caller consented.
    const access = { ...means, allowPrivate: true };
    const login = known ?? storedLogin({ ...access, scheme: name, key, store, record, command: 'consent again' });
    logins.set(key.account, login);
    const [oldest] = logins.keys();
    if (logins.size > MOST && oldest !== undefined) logins.delete(oldest);
    return login;
  };

  /** @throws LoginOver if the caller has to consent again */
  const tokenFor = async (key: TokenKey, store: CallerTokenStore, signal: AbortSignal): Promise<Held | undefined> => {
    const record = await store.get(key).catch((error: unknown) => Promise.reject(unreadable(name, error)));
    // Tokens are for the client that they were issued to (RFC 6749 §6).
    if (record?.clientId !== way.clientId) {
      logins.delete(key.account);
      return undefined;
    }
    const login = loginOf(key, store, record);
    const token = await login.token(signal);
    const hidden = record.refreshToken === undefined ? [] : [record.refreshToken];
    return { secret: { kind: 'bearer', token }, isFromToken: false, hidden, drop: () => login.drop(token) };
  };

  return {
    isPrepared: false,
    async holding({ caller, signal }) {
      const { invite, tokens } = accessOf(caller) ?? {};
      // Before anything is read: whoever cannot consent here has consented to nothing.
      if (!invite) throw cannotConsent(name);
      if (!place || issuer === undefined) throw noServer(name);
      const key: TokenKey = { issuer, audience: new URL(place.serverUrl).origin, account: caller.id };
      const store = async () => tokens ?? connecting.store();
      try {
        const held = await tokenFor(key, await store(), signal);
        if (held) return held;
      } catch (error) {
        if (!(error instanceof LoginOver)) throw error;
        logins.delete(key.account);
      }
      const scopes = way.scopes ?? connecting.scopesFor(name);
      const asked = { api: connecting.api, audience: key.audience, issuer, scopes };
      const connected = () => logins.delete(key.account);
      return refuse(invite, connection({ ...place, name, key, asked, means, store, connected }));
    },
  };
}

async function refuse(invite: NonNullable<CallerAccess['invite']>, one: Connection): Promise<never> {
  const { api, issuer } = one.asked;
  const url = await invite(one);
  const message = `The user has not connected an account at ${new URL(issuer).host} for ${api} yet.`;
  throw new CallerRefusedError(message, { kind: 'connect', url });
}

interface Connecting {
  readonly name: string;
  readonly scheme: AuthScheme;
  readonly way: ConnectWay;
  readonly serverUrl: string;
  readonly key: TokenKey;
  readonly asked: AskedConsent;
  readonly means: ConnectMeans;
  /** Keeps the tokens of the caller. */
  store(): Promise<CallerTokenStore>;
  readonly connected: () => void;
}

/** One caller's consent at the third party: the code grant, and the tokens into the store. */
function connection(given: Connecting): Connection {
  const { way, key, asked, means, connected } = given;
  const { clientId, resource, parameters } = way;
  let found: AuthorizationServer | undefined;
  const serverFor = async (signal: AbortSignal): Promise<AuthorizationServer> => {
    found ??= await thirdParty(given, means, signal);
    return found;
  };
  const target = resource === undefined ? {} : { resource };
  return {
    asked,
    async begin({ redirectUri, state, signal }) {
      const server = await serverFor(signal);
      // OpenID Connect Core 1.0 §11: for a refresh token.
      const offline = server.scopes.includes('offline_access') ? ['offline_access'] : [];
      const scopes = [...new Set([...asked.scopes, ...offline])];
      return startCode(server, { clientId, redirectUri, state, scopes, parameters: { ...parameters, ...target } });
    },
    async finish({ parameters: response, redirectUri, verifier, signal }) {
      const server = await serverFor(signal);
      const returned = { response, redirectUri, verifier, parameters: target };
      const access = { send: means.send, allowPrivate: true, signal };
      const issued = await finishCode(returned, { server, client: clientAt(server, way), access });
      const store = await given.store();
      await storeLogin(store, key, { ...issued, server, scopes: asked.scopes, resource, now: means.now() });
      connected();
    },
  };
}

const cannotConsent = (name: string): CallError =>
  new CallError(
    'MISSING_CREDENTIAL',
    `"${name}" needs an account that this caller has connected, and nobody can prove in a browser to be this caller.`,
    {
      hint: 'Callers need tokens of the provider in the section auth, and that section needs login: the client with which the browser logs in there. Keys and one token for all belong to no person.',
    },
  );

const noServer = (name: string): CallError =>
  new CallError(
    'MISSING_CREDENTIAL',
    `Nobody can connect an account for "${name}": the document has no server, or no authorization server.`,
    { hint: `Set the base URL of the API, and issuer in auth.${name}.connect.` },
  );

function unreadable(name: string, error: unknown): unknown {
  if (!(error instanceof TokenStoreError)) return error;
  const { code, message, hint } = error;
  return new CallError('CREDENTIAL_REFUSED', `No token for "${name}": ${message} [${code}]`, { hint, cause: error });
}
