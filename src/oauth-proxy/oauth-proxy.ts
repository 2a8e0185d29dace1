import {
  InvalidTokenError,
  type TokenVerifier,
  type VerifiedToken,
  VerifierUnavailableError,
} from '../runtime/serve/auth/token-verifier.ts';
import { openAccessTokens } from './access-tokens.ts';
import { openBrowsers } from './browser.ts';
import { openClientAuthentication } from './client-authentication.ts';
import { openClients } from './clients.ts';
import type { Context } from './context.ts';
import { openGrants } from './grants.ts';
import { openKeys } from './keys.ts';
import { type OAuthProxyOptions, type Settings, settle } from './options.ts';
import { openRecords } from './records.ts';
import { routesOf } from './routes.ts';
import { openTickets } from './tickets.ts';
import { openUpstream } from './upstream.ts';

/** An authorization server for MCP clients, and the verifier of the tokens that it issues. */
export interface OAuthProxy extends TokenVerifier {
  /**
   * Serves its endpoints: the metadata of RFC 8414 below `/.well-known/`, and `/register`, `/authorize`, `/consent`,
   * `/auth/callback`, `/token` and `/revoke` below the path of `baseUrl`. `undefined` for every other path.
   */
  handler(path: string): ((request: Request) => Promise<Response>) | undefined;
  /**
   * The upstream's access token of a verified caller, for requests to the upstream's API; refreshed before it expires.
   * It must not reach the client. The caller is recognised by issuer, subject and the claim `sid`.
   *
   * @throws InvalidTokenError if the login has ended, VerifierUnavailableError if the upstream cannot be reached now
   */
  upstreamToken(token: Pick<VerifiedToken, 'issuer' | 'subject' | 'claims'>): Promise<string>;
  /** Closes the store. */
  close(): Promise<void>;
}

/**
 * An authorization server in front of an identity provider that clients cannot register with: the provider knows one
 * client, this server, and MCP clients register here. They get tokens of this server for this server; the provider's
 * tokens stay in the store, encrypted. Users consent to every client, every time.
 *
 * MCP authorization specification, security best practices: confused deputy.
 *
 * `verify` returns the upstream's issuer and subject. Its `claims` are those of the access token, and `upstream` in them
 * has what the upstream's token said.
 *
 * @throws OAuthProxyOptionError if an option is not valid
 */
export function createOAuthProxy(options: OAuthProxyOptions): OAuthProxy {
  const settings = settle(options);
  const context = contextOf(settings);
  const { accessTokens, grants } = context;
  const routes = routesOf(context);
  const proxy: OAuthProxy = {
    authorizationServers: [settings.issuer],
    cached: false,
    claims: accessTokens.claims,
    handler: (path) => routes.get(path),
    async verify(text) {
      const { grantId, token } = await accessTokens.verify(text);
      const grant = await reached(grants.get(grantId));
      if (!grant) throw new InvalidTokenError('The login of this access token has ended.');
      return { ...token, claims: { ...token.claims, upstream: grant.claims } };
    },
    async upstreamToken({ issuer, subject, claims: { sid } }) {
      // `iss` of the claims is not compared: whoever passes callers on may put the issuer of the subject there.
      if (typeof sid !== 'string') throw new InvalidTokenError('The token is not one of this OAuth proxy.');
      return reached(grants.upstreamToken(sid, { issuer, subject }));
    },
    tokenFor: (caller) => proxy.upstreamToken(caller),
    async close() {
      await settings.store.close?.();
    },
  };
  return proxy;
}

function contextOf(settings: Settings): Context {
  const { verifier, now, onError } = settings;
  const keys = openKeys(settings.secret, settings.issuer);
  const records = openRecords(settings.store, keys, settings);
  const upstream = openUpstream(settings);
  const clients = openClients(settings, keys);
  return {
    settings,
    keys,
    records,
    upstream,
    onError,
    clients,
    clientOf: openClientAuthentication(settings, clients),
    browsers: openBrowsers(settings, keys),
    tickets: openTickets(keys),
    accessTokens: openAccessTokens(settings, keys),
    grants: openGrants({ records, keys, upstream, verifier, now, onError }),
  };
}

/** A store that fails says nothing about the token. */
async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof InvalidTokenError || cause instanceof VerifierUnavailableError) throw cause;
    throw new VerifierUnavailableError('The store of the OAuth proxy cannot be used.', { cause });
  }
}
