import type { Challenge } from '../../challenges.ts';
import { sha256Hex } from '../hex.ts';
import { md5Hex } from './md5.ts';

/** A Digest challenge that can be answered (RFC 7616 §3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server writes it; absent if it did not. */
  readonly algorithm: string | undefined;
  readonly hash: 'SHA-256' | 'MD5';
  /** The hash of the password also depends on the first nonce. */
  readonly isSession: boolean;
  /** `undefined`: the server is older than RFC 2617, which has none. */
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly userhash: boolean;
  /** The nonce has expired, and the password was right. */
  readonly isStale: boolean;
}

/** The strongest challenge that can be answered: SHA-256 before MD5. `undefined` if there is none. */
export function bestChallenge(challenges: readonly Challenge[]): DigestChallenge | undefined {
  const known = challenges.flatMap((challenge) => digestChallenge(challenge) ?? []);
  return known.find(({ hash }) => hash === 'SHA-256') ?? known[0];
}

function digestChallenge({ scheme, parameters }: Challenge): DigestChallenge | undefined {
  const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
  if (scheme.toLowerCase() !== 'digest' || realm === undefined || nonce === undefined) return undefined;
  const algorithm = parameters.get('algorithm');
  const [, hash, session] = /^(SHA-256|MD5)(-sess)?$/i.exec(algorithm ?? 'MD5') ?? [];
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  const qop = (['auth', 'auth-int'] as const).find((known) => offered?.includes(known));
  if (hash === undefined || (offered !== undefined && qop === undefined)) return undefined;
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    hash: hash.toUpperCase() === 'MD5' ? 'MD5' : 'SHA-256',
    isSession: session !== undefined,
    qop,
    userhash: parameters.get('userhash')?.toLowerCase() === 'true',
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

export interface DigestOptions {
  readonly challenge: DigestChallenge;
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** The path and query as they are sent. */
  readonly uri: string;
  readonly body: Uint8Array | undefined;
  /** How often this nonce was used, from 1. */
  readonly count: number;
  readonly cnonce: string;
}

/** The value of `Authorization` for a challenge (RFC 7616 §3.4), and its `response`, which proves the password. */
export async function digestAuthorization(options: DigestOptions): Promise<{ header: string; response: string }> {
  const { challenge, username, method, uri, count, cnonce } = options;
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const H = hashOf(challenge);
  const count8 = count.toString(16).padStart(8, '0');
  const entity = qop === 'auth-int' ? `:${await H(options.body ?? new Uint8Array())}` : '';
  const [secret, request] = [await secretHash(options, H), await H(`${method}:${uri}${entity}`)];
  const middle = qop === undefined ? nonce : `${nonce}:${count8}:${cnonce}:${qop}`;
  const response = await H(`${secret}:${middle}:${request}`);
  const header = [
    await nameParameter(username, challenge, H),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${count8}`]),
    ...(qop === undefined && !challenge.isSession ? [] : [`cnonce=${quoted(cnonce)}`]),
    ...(challenge.userhash ? ['userhash=true'] : []),
  ].join(', ');
  return { header: `Digest ${header}`, response };
}

type Hash = (data: string | Uint8Array) => Promise<string>;

const hashOf = ({ hash }: DigestChallenge): Hash =>
  hash === 'SHA-256'
    ? sha256Hex
    : async (data) => md5Hex(typeof data === 'string' ? new TextEncoder().encode(data) : data);

/** H(A1), RFC 7616 §3.4.2. */
async function secretHash({ challenge, username, password, cnonce }: DigestOptions, H: Hash): Promise<string> {
  const plain = await H(`${username}:${challenge.realm}:${password}`);
  return challenge.isSession ? H(`${plain}:${challenge.nonce}:${cnonce}`) : plain;
}

/** RFC 7616 §3.4.4: a name that a quoted string cannot contain is sent as RFC 8187 says. */
async function nameParameter(username: string, { realm, userhash }: DigestChallenge, H: Hash): Promise<string> {
  if (userhash) return `username="${await H(`${username}:${realm}`)}"`;
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quoted(username)}`;
  const encoded = encodeURIComponent(username).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `username*=UTF-8''${encoded}`;
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
