import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpServer } from '../http/node-http.ts';
import { serveHttp } from '../http/node-http.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';
import { startTokenIssuer, type TokenIssuer, unsigned } from './token-issuer.test.fixture.ts';

// The rows of the table of attacks in docs/auth.md, against a server over HTTP.

const AUDIENCE = 'https://mcp.example.com/mcp';
let issuer: TokenIssuer;
let server: HttpServer;
let errors: string[] = [];

beforeAll(async () => {
  issuer = await startTokenIssuer({ audience: AUDIENCE });
  server = await protectedBy(issuer);
});
beforeEach(() => {
  errors = [];
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

function protectedBy({ issuer: provider }: Pick<TokenIssuer, 'issuer'>, more: object = {}): Promise<HttpServer> {
  return serveHttp(fixtureProvider(), {
    port: 0,
    auth: { provider, audience: AUDIENCE, publicUrl: AUDIENCE, ...more },
    onError: ({ message }) => errors.push(message),
  });
}

async function statusWith(authorization: string | undefined, url = server.url, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...(authorization !== undefined && { Authorization: authorization }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
  await response.text();
  return { status: response.status, challenge: response.headers.get('www-authenticate'), response };
}

const refusedWith = async (token: string) => {
  const { status, challenge } = await statusWith(`Bearer ${token}`);
  expect(status).toBe(401);
  expect(challenge).toContain('error="invalid_token"');
  return challenge ?? '';
};

test('a good token is accepted', async () => {
  expect((await statusWith(`Bearer ${await issuer.token()}`)).status).toBe(200);
  expect(errors).toEqual([]);
});

describe('rows 1–4: signatures', () => {
  const claims = () => ({ iss: issuer.issuer, aud: AUDIENCE, sub: 'ada', exp: Math.floor(Date.now() / 1000) + 300 });

  test('row 1: "alg": "none"', async () => {
    await refusedWith(unsigned({ alg: 'none' }, claims()));
    await refusedWith(unsigned({ alg: 'None', kid: issuer.publicKey.kid }, claims(), 'AAAA'));
  });

  test('row 2: HS256 with the public key as the secret', async () => {
    const key = await importJWK(issuer.publicKey, 'RS256');
    const secrets = [
      JSON.stringify(issuer.publicKey),
      await exportSPKI(key as Awaited<ReturnType<typeof generateKeyPair>>['publicKey']),
      issuer.publicKey.n ?? '',
    ];
    for (const secret of secrets) {
      const signed = unsigned({ alg: 'HS256', kid: issuer.publicKey.kid }, claims()).slice(0, -1);
      await refusedWith(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
    }
  });

  test('row 3: a foreign key in the header, as jwk, jku or x5u', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const foreign = { ...(await exportJWK(publicKey)), kid: 'foreign' };
    const fetches = issuer.jwksFetches();
    const other = await startTokenIssuer({ audience: AUDIENCE });
    for (const header of [{ jwk: foreign }, { jku: other.jwksUri }, { x5u: other.jwksUri }]) {
      const token = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', kid: issuer.publicKey.kid ?? '', ...header })
        .sign(privateKey);
      await refusedWith(token);
    }
    expect(other.jwksFetches()).toBe(0);
    expect(issuer.jwksFetches() - fetches).toBeLessThanOrEqual(1);
    await other.close();
  });

  test('row 4: an unknown critical header', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, payload, signature] = (await issuer.token()).split('.');
    const header = { alg: 'RS256', kid: issuer.publicKey.kid, crit: ['b65'], b65: true };
    await refusedWith(`${part(header)}.${payload}.${signature}`);
  });
});

describe('rows 5–9: audience and issuer', () => {
  test.each([
    ['row 5: another audience', { aud: 'https://other.example.com/mcp' }],
    ['row 5: a list of other audiences', { aud: ['https://a.example', 'https://b.example'] }],
    ['row 6: the audience is a prefix', { aud: 'https://mcp.example.com/mcp2' }],
    ['row 6: the audience has a prefix', { aud: 'https://mcp.example.com/' }],
    ['row 6: a slash at the end', { aud: `${AUDIENCE}/` }],
    ['row 7: no audience', { aud: undefined }],
    ['row 8: another issuer', { iss: 'https://login.example.com' }],
    ['row 8: no issuer', { iss: undefined }],
  ])('%s', async (_, claims) => {
    await refusedWith(await issuer.token(claims));
  });

  test('row 9: the issuer with a slash', async () => {
    await refusedWith(await issuer.token({ iss: `${issuer.issuer}/` }));
  });

  test('one of several audiences is enough', async () => {
    const token = await issuer.token({ aud: ['https://other.example.com', AUDIENCE] });
    expect((await statusWith(`Bearer ${token}`)).status).toBe(200);
  });
});

describe('rows 10–14: times and purpose', () => {
  const now = () => Math.floor(Date.now() / 1000);
  test.each([
    ['row 10: expired', () => ({ exp: now() - 60 })],
    ['row 11: no expiry', () => ({ exp: undefined })],
    ['row 11: an expiry that is not a number', () => ({ exp: 'never' })],
    ['row 12: not valid yet', () => ({ nbf: now() + 120 })],
    ['row 13: issued in the future', () => ({ iat: now() + 120 })],
    ['row 14: an ID token, by at_hash', () => ({ at_hash: 'x' })],
    ['row 14: an ID token of Cognito', () => ({ token_use: 'id' })],
    ['row 14: an ID token of Keycloak', () => ({ typ: 'ID' })],
    ['no subject', () => ({ sub: undefined })],
    ['bound to a key that is not proven', () => ({ cnf: { jkt: 'x' } })],
  ])('%s', async (_, claims) => {
    await refusedWith(await issuer.token(claims()));
  });

  test('row 14: another kind of JWT, by its type', async () => {
    for (const typ of ['logout+jwt', 'oauth-id-jag+jwt', 'application/dpop+jwt']) {
      await refusedWith(await issuer.token({}, { typ }));
    }
    for (const typ of ['at+jwt', 'application/at+jwt', 'JWT']) {
      expect((await statusWith(`Bearer ${await issuer.token({}, { typ })}`)).status).toBe(200);
    }
  });

  test('the challenge says why, and names the metadata', async () => {
    const challenge = await refusedWith(await issuer.token({ exp: now() - 60 }));
    expect(challenge).toBe(
      'Bearer error="invalid_token", error_description="The token has expired.", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    );
  });
});

describe('rows 15–16: the key set', () => {
  test('row 15: 200 unknown key ids cause one request for the key set', async () => {
    const own = await startTokenIssuer({ audience: AUDIENCE });
    const guarded = await protectedBy(own);
    expect((await statusWith(`Bearer ${await own.token()}`, guarded.url)).status).toBe(200);
    const fetches = own.jwksFetches();
    const flood = Array.from({ length: 200 }, async (_, index) =>
      statusWith(`Bearer ${await own.token({}, { kid: `unknown-${index}` })}`, guarded.url),
    );
    expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([401]));
    expect(own.jwksFetches() - fetches).toBeLessThanOrEqual(1);
    await guarded.close();
    await own.close();
  });

  test.each<[string, (response: import('node:http').ServerResponse) => void]>([
    ['down', (response) => response.destroy()],
    ['status 500', (response) => response.writeHead(500).end()],
    ['a redirect', (response) => response.writeHead(302, { Location: `${issuer.issuer}/jwks` }).end()],
    ['a web page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')],
    ['no key set', (response) => response.writeHead(200).end('{"keys": 1}')],
  ])('row 16: a key set that is %s is not the caller’s fault', async (_, respond) => {
    const own = await startTokenIssuer({ audience: AUDIENCE });
    const guarded = await protectedBy(own);
    own.replace('/jwks', (_request, response) => respond(response));
    const { status, response } = await statusWith(`Bearer ${await own.token()}`, guarded.url);
    expect(status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(errors[0]).toContain(`The keys at ${own.jwksUri} could not be fetched`);
    await guarded.close();
    await own.close();
  });

  test('row 16: a key set that is down is not fetched for every token', async () => {
    const own = await startTokenIssuer({ audience: AUDIENCE });
    const guarded = await protectedBy(own);
    own.replace('/jwks', (_request, response) => response.writeHead(500).end());
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => own.token({ sub: `user-${index}` })));
    for (const token of tokens) expect((await statusWith(`Bearer ${token}`, guarded.url)).status).toBe(503);
    expect(own.jwksFetches()).toBeLessThanOrEqual(2);
    await guarded.close();
    await own.close();
  });

  test('row 16: known keys keep working while the issuer is down', async () => {
    const own = await startTokenIssuer({ audience: AUDIENCE });
    const guarded = await protectedBy(own, { cacheSeconds: 0 });
    const tokens = [await own.token(), await own.token({ sub: 'bob' })];
    expect((await statusWith(`Bearer ${tokens[0]}`, guarded.url)).status).toBe(200);
    await own.close();
    expect((await statusWith(`Bearer ${tokens[1]}`, guarded.url)).status).toBe(200);
    await guarded.close();
  });
});

describe('rows 17–18: the request', () => {
  test('row 17: tokens in other places, and several of them', async () => {
    const token = await issuer.token();
    for (const authorization of [
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token} extra`,
      `Basic ${token}`,
      token,
    ]) {
      expect((await statusWith(authorization)).status).toBe(401);
    }
    expect((await statusWith(undefined, `${server.url}?access_token=${token}`)).status).toBe(401);
    expect((await statusWith(undefined, server.url, { Cookie: `access_token=${token}` })).status).toBe(401);
    expect((await statusWith(`bearer ${token}`)).status).toBe(200);
  });

  test('row 17: two Authorization headers', async () => {
    const token = await issuer.token();
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const sent = request(server.url, { method: 'POST' }, (response) => resolve(response.resume().statusCode));
      sent.setHeader('Authorization', [`Bearer ${token}`, `Bearer ${token}`]);
      sent.on('error', reject).end('{}');
    });
    expect(status).toBe(401);
  });

  test('row 18: a token of 64 kB, and a header flood', async () => {
    expect([401, 431]).toContain((await statusWith(`Bearer ${'a'.repeat(64 * 1024)}`)).status);
    const flood = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`X-Flood-${index}`, 'y'.repeat(100)]));
    expect((await statusWith(`Bearer ${await issuer.token()}`, server.url, flood)).status).toBe(431);
  });

  test('row 18: a huge body', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await issuer.token()}`, 'Content-Type': 'application/json' },
      body: 'x'.repeat(5 * 1024 * 1024),
    });
    expect(response.status).toBe(413);
  });

  test('without a token, the challenge has no error', async () => {
    const { status, challenge } = await statusWith(undefined);
    expect(status).toBe(401);
    expect(challenge).toBe(
      'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    );
  });
});

describe('allow', () => {
  test('lets only some users of the provider call', async () => {
    const allow = { email: ['*@example.com', 'root@other.example'], groups: ['ops'] };
    const guarded = await protectedBy(issuer, { allow, keys: [{ name: 'ci', key: 'key-of-ci-0123456789' }] });
    const status = async (claims: object) =>
      (await statusWith(`Bearer ${await issuer.token({ ...claims })}`, guarded.url)).status;
    expect(await status({ email: 'ada@example.com', groups: ['dev', 'ops'] })).toBe(200);
    expect(await status({ email: 'root@other.example', groups: 'ops' })).toBe(200);
    expect(await status({ email: 'ada@example.com.evil', groups: ['ops'] })).toBe(403);
    expect(await status({ email: 'ada@example.com' })).toBe(403);
    expect(await status({})).toBe(403);
    expect((await statusWith('Bearer key-of-ci-0123456789', guarded.url)).status).toBe(200);
    await guarded.close();
  });
});

describe('rows 22–23: several issuers', () => {
  test('row 22: a token of one verifier with the issuer of another is not tried with the first', async () => {
    const other = await startTokenIssuer({ audience: AUDIENCE });
    const guarded = await protectedBy(issuer, { verifiers: [{ provider: other.issuer, audience: AUDIENCE }] });
    for (const own of [issuer, other]) {
      expect((await statusWith(`Bearer ${await own.token()}`, guarded.url)).status).toBe(200);
    }
    expect((await statusWith(`Bearer ${await issuer.token({ iss: other.issuer })}`, guarded.url)).status).toBe(401);
    expect((await statusWith(`Bearer ${await other.token({ iss: issuer.issuer })}`, guarded.url)).status).toBe(401);
    await guarded.close();
    await other.close();
  });

  test('row 23: the same subject of two issuers is two callers', async () => {
    const other = await startTokenIssuer({ audience: AUDIENCE });
    const provider = fixtureProvider();
    const guarded = await serveHttp(provider, {
      port: 0,
      auth: {
        provider: issuer.issuer,
        audience: AUDIENCE,
        publicUrl: AUDIENCE,
        verifiers: [{ provider: other.issuer }],
      },
      onError: () => {},
    });
    const seen: (string | undefined)[] = [];
    const listTools = provider.listTools.bind(provider);
    Object.assign(provider, {
      listTools(context: Parameters<typeof listTools>[0]) {
        seen.push(context.caller?.id);
        return listTools(context);
      },
    });
    for (const own of [issuer, other]) await statusWith(`Bearer ${await own.token()}`, guarded.url);
    expect(new Set(seen)).toEqual(new Set([`${issuer.issuer} ada`, `${other.issuer} ada`]));
    await guarded.close();
    await other.close();
  });
});
