import { describe, expect, test } from 'vitest';
import { proxyFor, proxyFromEnvironment } from './proxy-environment.ts';

describe('proxyFromEnvironment', () => {
  test.each([
    [{}, {}],
    [{ HTTP_PROXY: '', HTTPS_PROXY: ' ' }, {}],
    [
      { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'https://b:2', NO_PROXY: 'c,d' },
      { http: 'http://a:1', https: 'https://b:2', no: 'c,d' },
    ],
    [
      { HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower', no_proxy: '*' },
      { https: 'http://lower', no: '*' },
    ],
    [{ HTTP_PROXY: 'proxy:3128' }, { http: 'http://proxy:3128' }],
  ])('%j → %j', (env, want) => {
    expect(proxyFromEnvironment(env)).toEqual(want);
  });

  test('names the variable of a proxy it cannot use, not its value', () => {
    expect(() => proxyFromEnvironment({ HTTPS_PROXY: 'socks5://user:secret@host' })).toThrow(
      'HTTPS_PROXY is not a supported proxy. Set it to an http:// or https:// URL.',
    );
  });
});

describe('proxyFor', () => {
  const settings = { http: 'http://plain', https: 'http://secure' };
  test('goes by the scheme of the origin', () => {
    expect(proxyFor(new URL('http://a.com'), settings)).toBe('http://plain');
    expect(proxyFor(new URL('https://a.com'), settings)).toBe('http://secure');
    expect(proxyFor(new URL('https://a.com'), { http: 'http://plain' })).toBeUndefined();
  });

  test.each(['http://localhost:1', 'http://x.localhost', 'http://127.0.0.2', 'http://[::1]:8080'])(
    'is never used for %s',
    (url) => {
      expect(proxyFor(new URL(url), settings)).toBeUndefined();
    },
  );

  test.each([
    ['http://a.com', 'a.com', true],
    ['http://b.a.com', 'a.com', true],
    ['http://ba.com', 'a.com', false],
    ['http://A.com', 'a.COM', true],
    ['http://a.com', '.a.com', false],
    ['http://b.a.com', '.a.com', true],
    ['http://b.a.com', '*.a.com', true],
    ['http://a.com:8080', 'a.com:8080', true],
    ['http://a.com', 'a.com:8080', false],
    ['https://a.com', 'a.com:443', true],
    ['http://a.com', 'x.org, a.com', true],
    ['http://a.com', 'x.org a.com', true],
    ['http://a.com', '*', true],
    ['http://a.com', '', false],
    ['http://a.com', ',', false],
    ['http://10.1.2.3', '10.0.0.0/8', true],
    ['http://11.1.2.3', '10.0.0.0/8', false],
    ['http://10.1.2.3', '10.1.2.3', true],
    ['http://[fd00::1]', 'fd00::/8', true],
    ['http://[fd00::1]', '[fd00::1]', true],
    ['http://[fd00::1]', 'fd00::1', true],
    ['http://[fd00::1]:81', '[fd00::1]:81', true],
    ['http://[fd00::1]:81', '[fd00::1]:80', false],
  ])('%s with NO_PROXY=%s: spared %s', (url, no, spared) => {
    expect(proxyFor(new URL(url), { ...settings, no }) === undefined).toBe(spared);
  });
});
