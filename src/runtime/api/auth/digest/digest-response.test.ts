import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { challengesIn } from '../../challenges.ts';
import { bestChallenge, type DigestChallenge, type DigestOptions, digestAuthorization } from './digest-response.ts';
import { md5Hex } from './md5.ts';

test.each([0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_000])('MD5 of %i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 255);
  expect(md5Hex(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
});

const CHALLENGE: DigestChallenge = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  algorithm: 'MD5',
  hash: 'MD5',
  isSession: false,
  qop: 'auth',
  userhash: false,
  isStale: false,
};
const OPTIONS: DigestOptions = {
  challenge: CHALLENGE,
  username: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  body: undefined,
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const answer = (challenge: Partial<DigestChallenge>, options: Partial<DigestOptions> = {}) =>
  digestAuthorization({ ...OPTIONS, ...options, challenge: { ...CHALLENGE, ...challenge } });

describe('the examples of RFC 7616 §3.9.1', () => {
  test('MD5', async () => {
    expect((await answer({})).header).toBe(
      'Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", algorithm=MD5, response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
    );
  });

  test('SHA-256', async () => {
    const { response } = await answer({ algorithm: 'SHA-256', hash: 'SHA-256' });
    expect(response).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
  });

  test('their challenges: SHA-256 is used, although MD5 is offered too', () => {
    const offered = ['SHA-256', 'MD5'].map(
      (algorithm) =>
        [
          'www-authenticate',
          `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="n", opaque="o"`,
        ] as const,
    );
    expect(bestChallenge(challengesIn(offered))).toMatchObject({ hash: 'SHA-256', qop: 'auth', nonce: 'n' });
    expect(bestChallenge(challengesIn(offered.toReversed()))).toMatchObject({ hash: 'SHA-256' });
  });
});

test('without qop: the example of RFC 2069, as corrected by its errata', async () => {
  const { header, response } = await answer(
    {
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      algorithm: undefined,
      qop: undefined,
      opaque: undefined,
    },
    { password: 'CircleOfLife' },
  );
  expect(response).toBe('1949323746fe6a43ef61f9606e7febea');
  expect(header).not.toMatch(/qop|nc=|cnonce|algorithm|opaque/);
});

test('a name is quoted, or encoded where a quoted string cannot contain it, or hashed', async () => {
  expect((await answer({}, { username: 'a"b\\c' })).header).toContain('username="a\\"b\\\\c"');
  expect((await answer({}, { username: 'Jäsøn Doe' })).header).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe");
  const hashed = createHash('md5').update('Jäsøn Doe:http-auth@example.org').digest('hex');
  const { header } = await answer({ userhash: true }, { username: 'Jäsøn Doe' });
  expect(header).toContain(`username="${hashed}"`);
  expect(header).toMatch(/, userhash=true$/);
});

describe('of several challenges in one header', () => {
  const best = (value: string) => bestChallenge(challengesIn([['www-authenticate', value]]));

  test('the strongest Digest challenge is used', () => {
    const value =
      'Basic realm="a, b", Digest realm="r, \\"q\\"", nonce="one", qop="auth-int,auth", algorithm=MD5-sess, stale=TRUE, Digest realm="r", nonce="two", algorithm=SHA-512-256, Negotiate abc==, digest realm="s", nonce="three", algorithm=sha-256, qop=auth-int, userhash=true';
    expect(best(value)).toMatchObject({
      realm: 's',
      nonce: 'three',
      hash: 'SHA-256',
      qop: 'auth-int',
      userhash: true,
    });
    expect(best(value.replace('algorithm=sha-256', 'algorithm=other'))).toMatchObject({
      realm: 'r, "q"',
      nonce: 'one',
      qop: 'auth',
      isSession: true,
      isStale: true,
    });
  });

  test.each([
    'Basic realm="x"',
    'Digest realm="x"',
    'Digest nonce="x"',
    'Digest realm="x", nonce="y", qop="other"',
    '',
  ])('%s: there is none', (value) => {
    expect(best(value)).toBeUndefined();
  });
});
