import {
  InvalidTokenError,
  type TokenVerifier,
  type VerifiedToken,
  VerifierUnavailableError,
} from '../runtime/serve/auth/token-verifier.ts';
import type { Keys } from './keys.ts';
import type { Grant, NewGrant, Records } from './records.ts';
import { remainingScopes } from './scopes.ts';
import { type Upstream, UpstreamRefusedError, type UpstreamTokens } from './upstream.ts';

/** How long a login lasts without a refresh, in seconds: 30 days. */
export const GRANT_TTL = 30 * 86_400;

/** Logins of users with clients, and the upstream tokens that belong to them. */
export interface Grants {
  /** A grant of verified upstream tokens, and the sealed refresh token; not stored yet. */
  create(tokens: UpstreamTokens, user: VerifiedToken, client: GrantedTo): Promise<NewGrant>;
  /** Stores a new grant. */
  start(id: string, grant: NewGrant): Promise<void>;
  get(id: string): Promise<Grant | undefined>;
  /** Ends a login for good, even if another process is about to store it. Returns what was stored. */
  end(id: string): Promise<Grant | undefined>;
  /** Ends a login, and revokes the upstream's tokens. Failures upstream are reported, not thrown. */
  revoke(id: string): Promise<void>;
  /**
   * Refreshes the upstream's tokens, if there is a refresh token, and asks the verifier whether the login still exists.
   * If it does not, the grant ends.
   *
   * @throws InvalidTokenError if it has ended, VerifierUnavailableError if this cannot be determined now
   */
  renew(id: string): Promise<Grant>;
  /**
   * The upstream's access token of this user, refreshed if it is about to expire.
   *
   * @throws as `renew`, also if the grant is another user's
   */
  upstreamToken(id: string, user: Pick<Grant, 'issuer' | 'subject'>): Promise<string>;
}

export interface GrantedTo {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface GrantMeans {
  readonly records: Records;
  readonly keys: Keys;
  readonly upstream: Upstream;
  readonly verifier: TokenVerifier;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

export function openGrants(means: GrantMeans): Grants {
  const { records, keys, now } = means;
  /** One refresh per grant in this process. Between processes, whoever takes the refresh token refreshes. */
  const flights = new Map<string, Promise<Grant>>();
  const refreshed = (id: string) => {
    const known = flights.get(id);
    if (known) return known;
    const flight = refresh(means, grants, id).finally(() => flights.delete(id));
    flights.set(id, flight);
    return flight;
  };
  const existing = async (id: string) => {
    const grant = await records.get('grant', id);
    if (!grant) throw new InvalidTokenError(ENDED);
    return grant;
  };
  const grants: Grants = {
    get: (id) => records.get('grant', id),
    async create(tokens, user, { clientId, scopes }) {
      const owner = { issuer: user.issuer, subject: user.subject, clientId };
      const { refresh: renewal } = tokens;
      return {
        grant: {
          ...owner,
          scopes,
          ...(tokens.scopes && { told: tokens.scopes }),
          claims: bounded(user.claims),
          renewable: renewal !== undefined,
          ...(await sealedAccess(keys, owner, tokens, user)),
        },
        ...(renewal !== undefined && { renewal: await keys.seal(renewal, contextOf(owner, 'refresh')) }),
      };
    },
    async start(id, { grant, renewal }) {
      if (renewal !== undefined) await records.put('renewal', id, renewal, GRANT_TTL);
      await save(records, id, grant);
    },
    async end(id) {
      const grant = await records.get('grant', id);
      // First the mark, then the deletion: `save` does it in the other order, so one of them sees the other.
      await records.put('ended', id, true, ENDED_TTL);
      await records.delete('grant', id);
      await records.delete('renewal', id);
      return grant;
    },
    revoke: (id) => revoke(means, grants, id),
    async renew(id) {
      const grant = await existing(id);
      if (grant.renewable) return refreshed(id);
      return confirmed(means, grants, id, grant);
    },
    async upstreamToken(id, { issuer, subject }) {
      let grant = await existing(id);
      if (grant.issuer !== issuer || grant.subject !== subject) throw new InvalidTokenError(ENDED);
      const expiresAt = grant.accessExpiresAt ?? Number.POSITIVE_INFINITY;
      if (expiresAt - now() / 1000 < AHEAD) {
        if (grant.renewable) grant = await refreshed(id);
        else if (expiresAt <= now() / 1000) throw new InvalidTokenError(ENDED);
      }
      return opened(keys, grant);
    },
  };
  return grants;
}

const ENDED = 'The login has ended. Authorize again.';

/** Longer than any operation that could still store the grant. */
const ENDED_TTL = 3600;

/** An upstream token is refreshed that many seconds before it expires. */
const AHEAD = 30;

/** Claims that would make the record large are left out. */
const MAX_CLAIMS_LENGTH = 16 * 1024;

const bounded = (claims: VerifiedToken['claims']) => (JSON.stringify(claims).length > MAX_CLAIMS_LENGTH ? {} : claims);

type Owner = Pick<Grant, 'issuer' | 'subject' | 'clientId'>;

/** Additional authenticated data: a sealed token opens only for the same user and client. */
const contextOf = ({ issuer, subject, clientId }: Owner, kind: 'access' | 'refresh') =>
  JSON.stringify([kind, issuer, subject, clientId]);

async function sealedAccess(keys: Keys, owner: Owner, tokens: UpstreamTokens, user: VerifiedToken) {
  return {
    access: await keys.seal(tokens.access, contextOf(owner, 'access')),
    ...earliest(tokens.expiresAt, user.expiresAt),
  };
}

function earliest(...times: readonly (number | undefined)[]): Pick<Grant, 'accessExpiresAt'> {
  const ends = times.filter((end) => end !== undefined);
  return ends.length > 0 ? { accessExpiresAt: Math.min(...ends) } : {};
}

async function opened(keys: Keys, grant: Grant): Promise<string> {
  const token = await keys.open(grant.access, contextOf(grant, 'access'));
  if (token === undefined) throw new InvalidTokenError(ENDED);
  return token;
}

async function save(records: Records, id: string, grant: Grant): Promise<void> {
  await records.put('grant', id, grant, GRANT_TTL);
  if (!(await records.get('ended', id))) return;
  await records.delete('grant', id);
  await records.delete('renewal', id);
  throw new InvalidTokenError(ENDED);
}

async function revoke({ records, keys, upstream, onError }: GrantMeans, grants: Grants, id: string): Promise<void> {
  const renewal = await records.take('renewal', id);
  const grant = await grants.end(id);
  if (!grant) return;
  try {
    const refresh = renewal && (await keys.open(renewal, contextOf(grant, 'refresh')));
    // Revoking a refresh token also revokes the access tokens of its grant, where the provider can (RFC 7009 §2.1).
    if (refresh) await upstream.revoke(refresh, 'refresh_token');
    else await upstream.revoke(await opened(keys, grant), 'access_token');
  } catch (error) {
    onError(new Error('A login was ended here, but could not be revoked upstream.', { cause: error }));
  }
}

/** Takes the upstream's refresh token, so that no other process uses it at the same time. */
async function refresh(means: GrantMeans, grants: Grants, id: string): Promise<Grant> {
  const { records, keys, upstream } = means;
  const renewal = await records.take('renewal', id);
  if (renewal === undefined) return refreshedElsewhere(records, grants, id);
  await records.put('renewing', id, true, RENEWING_TTL);
  const grant = await records.get('grant', id);
  const token = grant && (await keys.open(renewal, contextOf(grant, 'refresh')));
  if (!grant || token === undefined) return ended(grants, id);
  let tokens: UpstreamTokens;
  try {
    tokens = await upstream.refresh(token);
  } catch (error) {
    if (error instanceof UpstreamRefusedError && error.code === 'invalid_grant') return ended(grants, id);
    await putBack(records, id, renewal);
    if (!(error instanceof UpstreamRefusedError)) throw error;
    // The client or its secret is refused, which the operator can fix.
    throw new VerifierUnavailableError(`The identity provider refused to refresh a login: ${error.code}.`);
  }
  const next = tokens.refresh === undefined ? renewal : await keys.seal(tokens.refresh, contextOf(grant, 'refresh'));
  const { accessExpiresAt: _, ...rest } = grant;
  const fresh = {
    ...rest,
    ...(tokens.scopes && { told: tokens.scopes }),
    access: await keys.seal(tokens.access, contextOf(grant, 'access')),
    ...(tokens.expiresAt !== undefined && { accessExpiresAt: tokens.expiresAt }),
  };
  try {
    await save(records, id, fresh);
  } finally {
    // Last, because other processes wait for it, and in any case: the upstream may not accept the old one any more.
    await putBack(records, id, next);
  }
  return confirmed(means, grants, id, fresh);
}

/** Longer than the upstream's time limit. */
const RENEWING_TTL = 30;

async function putBack(records: Records, id: string, renewal: string): Promise<void> {
  await records.put('renewal', id, renewal, GRANT_TTL);
  // `end` may have deleted it before it was put back.
  if (await records.get('ended', id)) await records.delete('renewal', id);
  await records.delete('renewing', id);
}

async function ended(grants: Grants, id: string): Promise<never> {
  await grants.end(id);
  throw new InvalidTokenError(ENDED);
}

const POLL_MS = 100;
const MAX_POLLS = 150;
const MAX_IDLE_POLLS = 20;

/** Waits for the process that took the refresh token. If that one stopped with it, the login has ended. */
async function refreshedElsewhere(records: Records, grants: Grants, id: string): Promise<Grant> {
  for (let polls = 0, idle = 0; polls < MAX_POLLS && idle < MAX_IDLE_POLLS; polls++) {
    const grant = await grants.get(id);
    if (!grant) throw new InvalidTokenError(ENDED);
    if (await records.get('renewal', id)) return (await grants.get(id)) ?? ended(grants, id);
    idle = (await records.get('renewing', id)) ? 0 : idle + 1;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (await records.get('renewing', id)) {
    throw new VerifierUnavailableError('The refresh of a login takes too long.');
  }
  return ended(grants, id);
}

/** The verifier accepts the upstream's token, for the same user. Updates what the token says. */
async function confirmed(means: GrantMeans, grants: Grants, id: string, grant: Grant): Promise<Grant> {
  const { records, keys, verifier } = means;
  let user: VerifiedToken;
  try {
    user = await verifier.verify(await opened(keys, grant));
  } catch (error) {
    if (isNamed(error, 'InvalidTokenError')) return ended(grants, id);
    throw error;
  }
  if (user.issuer !== grant.issuer || user.subject !== grant.subject) return ended(grants, id);
  const current = {
    ...grant,
    scopes: remainingScopes(grant, user),
    claims: bounded(user.claims),
    ...earliest(grant.accessExpiresAt, user.expiresAt),
  };
  await save(records, id, current);
  return current;
}

/** Also errors of another copy of the runtime. */
export function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
