import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer of JWTs on loopback: a discovery document, a key set, and tokens with any claims. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** The number of requests for the key set. */
  jwksFetches(): number;
  /** A token that is valid for `audience`, with other claims and header fields as given; `undefined` removes one. */
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The public key, as an attacker knows it. */
  readonly publicKey: JWK;
  /** Requests to the path get this response instead. */
  replace(path: string, respond?: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Signs with a new key from now on. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export async function startTokenIssuer({ audience }: { readonly audience: string }): Promise<TokenIssuer> {
  let pair = await newPair();
  let fetches = 0;
  const replaced = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/jwks') fetches += 1;
    const respond = replaced.get(path);
    if (respond) return respond(request, response);
    const document =
      path === '/jwks'
        ? { keys: [pair.jwk] }
        : path === '/.well-known/openid-configuration'
          ? { issuer, jwks_uri: `${issuer}/jwks` }
          : undefined;
    response
      .writeHead(document ? 200 : 404, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    jwksFetches: () => fetches,
    get publicKey() {
      return pair.jwk;
    },
    token(claims = {}, header = {}) {
      const usual = { iss: issuer, aud: audience, sub: 'ada', client_id: 'cli', scope: 'read', ...times() };
      const payload: JWTPayload = JSON.parse(JSON.stringify({ ...usual, ...claims }));
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: pair.jwk.kid ?? '', ...header })
        .sign(pair.key);
    },
    replace(path, respond) {
      if (respond) replaced.set(path, respond);
      else replaced.delete(path);
    },
    async rotate() {
      pair = await newPair();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function times() {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now, exp: now + 300 };
}

async function newPair() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() };
  return { key: privateKey, jwk };
}

/** A token with any header and payload, signed by nobody. */
export function unsigned(header: object, payload: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}
