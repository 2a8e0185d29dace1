import { type AuthorizationServer, clientAt, type IssuerAccess } from '../../../api/auth/server-metadata.ts';
import { type TokenCache, tokenCache } from '../../../api/auth/token-cache.ts';
import { requestToken, type Token } from '../../../api/auth/token-request.ts';
import { messageOf } from '../../../errors.ts';
import { untilAborted } from '../../../until-aborted.ts';
import type { ClientAuth } from './auth-options.ts';
import type { BearerChallenge } from './bearer-challenge.ts';
import { NotAuthorized } from './not-authorized.ts';
import type { Place } from './place.ts';
import { authorizationServerOf, type ProtectedResource, protectedResource } from './protected-resource.ts';
import { lacking, rejected, type Tokens } from './tokens.ts';

/** For discovery, or for one token. */
const TIMEOUT_MS = 30_000;

interface Source {
  readonly resource: ProtectedResource;
  readonly server: AuthorizationServer;
  readonly cache: TokenCache;
}

/**
 * Tokens of a machine, by client credentials (RFC 6749 §4.4) with the server's `resource` (RFC 8707). The client belongs
 * to the first authorization server that it was used with: no other one gets its secret.
 */
export function clientTokens(auth: ClientAuth, place: Place): Tokens {
  let source: Promise<Source> | undefined;
  let scopes: readonly string[] = [];
  const opened = (challenge: BearerChallenge): Promise<Source> => {
    source ??= openSource(auth, place, challenge).catch((error) => {
      source = undefined;
      throw asNotAuthorized(error, place);
    });
    return source;
  };
  const tokenOf = ({ cache }: Source, signal: AbortSignal) =>
    cache.token(scopes, signal).catch((error) => Promise.reject(asNotAuthorized(error, place)));
  return {
    token: async (signal) => (source === undefined ? undefined : tokenOf(await untilAborted(source, signal), signal)),
    async afterUnauthorized(sent, challenge, signal) {
      const isFirst = source === undefined;
      const known = await untilAborted(opened(challenge), signal);
      if (isFirst) scopes = scopesFor(auth, challenge, known.resource);
      if (sent !== undefined && known.cache.drop(sent)) await stillNamed(known, place, challenge);
      const token = await tokenOf(known, signal);
      if (token === sent) throw rejected(place.label, 'Check that the client may use this server.');
      return token;
    },
    async afterForbidden(sent, challenge, signal) {
      const union = [...new Set([...scopes, ...challenge.scopes])];
      const hint = 'Allow them for this client, or name them in auth.scopes.';
      if (source === undefined || auth.scopes !== undefined || union.length === scopes.length) {
        throw lacking(place.label, union, hint);
      }
      scopes = union;
      const token = await tokenOf(await source, signal);
      if (token === sent) throw lacking(place.label, union, hint);
      return token;
    },
  };
}

/** Those of the challenge, otherwise those of the metadata (MCP 2025-11-25, scope selection strategy). */
function scopesFor(auth: ClientAuth, challenge: BearerChallenge, resource: ProtectedResource): readonly string[] {
  return auth.scopes ?? (challenge.scopes.length > 0 ? challenge.scopes : resource.scopes);
}

async function openSource(auth: ClientAuth, place: Place, challenge: BearerChallenge): Promise<Source> {
  const access = place.access(auth.send, AbortSignal.timeout(TIMEOUT_MS));
  const named = await protectedResource(place.url, { metadataUrl: challenge.resourceMetadata, access });
  const issuers = auth.issuer === undefined ? named.issuers : named.issuers.filter((issuer) => issuer === auth.issuer);
  if (issuers.length === 0) throw moved(place.label, auth.issuer ?? '', named.issuers);
  const resource = { ...named, issuers };
  const server = await authorizationServerOf(resource, access);
  const cache = tokenCache({
    fetchToken: (scopes, signal) =>
      fetchToken(auth, { scopes, server, resource, access: place.access(auth.send, signal) }),
    now: Date.now,
    timeoutMs: TIMEOUT_MS,
  });
  return { resource, server, cache };
}

interface Request {
  readonly scopes: readonly string[];
  readonly server: AuthorizationServer;
  readonly resource: ProtectedResource;
  readonly access: IssuerAccess;
}

async function fetchToken(auth: ClientAuth, { scopes, server, resource, access }: Request): Promise<Token> {
  const { clientId, privateKey, keyId } = auth;
  const grant = {
    grant_type: 'client_credentials',
    resource: resource.resource,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(privateKey !== undefined && (await assertionOf({ clientId, privateKey, keyId }, server))),
  };
  const client = clientAt(server, auth);
  const answer = await requestToken({ ...access, tokenUrl: server.tokenEndpoint, client, grant });
  if ('token' in answer) return answer.token;
  throw new Error(`${server.issuer} issued none (${answer.detail})`);
}

/** Addressed to the issuer, as draft-ietf-oauth-rfc7523bis requires. */
async function assertionOf(
  { clientId, privateKey, keyId }: { clientId: string; privateKey: string; keyId: string | undefined },
  { issuer, tokenEndpoint }: AuthorizationServer,
) {
  const { clientAssertion } = await import('../../../api/auth/client-assertion.ts');
  const key = { text: privateKey.trim(), audience: issuer, ...(keyId !== undefined && { keyId }) };
  return clientAssertion({ clientId, key, tokenUrl: tokenEndpoint, now: Date.now() });
}

/** A changed server must not get the client's secret through us, nor receive another token. */
async function stillNamed({ server, resource }: Source, place: Place, challenge: BearerChallenge): Promise<void> {
  const issuers = await place.issuersNow(challenge.resourceMetadata ?? resource.metadataUrl);
  if (issuers !== undefined && !issuers.includes(server.issuer)) throw moved(place.label, server.issuer, issuers);
}

const moved = (label: string, issuer: string, issuers: readonly string[]): NotAuthorized =>
  new NotAuthorized(
    `${label} names the authorization server ${issuers.join(', ')}, but the client belongs to ${issuer}`,
    {
      code: 'CREDENTIAL_REFUSED',
      hint: 'The client was not used. If the change is right, register a client there.',
    },
  );

function asNotAuthorized(error: unknown, { label }: Place): unknown {
  if (error instanceof NotAuthorized || (error instanceof Error && error.name === 'AbortError')) return error;
  const hint = (error as { readonly hint?: unknown } | null)?.hint;
  return new NotAuthorized(`There is no token for ${label}: ${messageOf(error).replace(/\.$/, '')}`, {
    code: 'CREDENTIAL_REFUSED',
    hint: typeof hint === 'string' ? hint : 'Check the client id, its secret or key, and its scopes.',
    cause: error,
  });
}
