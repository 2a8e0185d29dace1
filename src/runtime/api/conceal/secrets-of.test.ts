import { expect, test } from 'vitest';
import { type SecretSources, secretsOf } from './secrets-of.ts';

const of = (sources: Partial<SecretSources>) => secretsOf({ credentials: {}, headers: [], secrets: [], ...sources });

test('a password and the Basic pair are secrets, in plain and as sent; the user name is not', () => {
  const { anywhere } = of({ credentials: { user: { kind: 'basic', username: 'somebody', password: 'pass-word-1' } } });
  expect(anywhere).toEqual(['somebody:pass-word-1', btoa('somebody:pass-word-1'), 'pass-word-1']);
});

test('a user name without a password is the key', () => {
  const { anywhere } = of({ credentials: { user: { kind: 'basic', username: 'sk_live_0123', password: '' } } });
  expect(anywhere).toContain('sk_live_0123');
});

test('what is short is a secret as a whole value only', () => {
  const secrets = of({ credentials: { key: { kind: 'apiKey', value: 'abc' } }, secrets: ['0123456789'] });
  expect(secrets).toEqual({ anywhere: ['0123456789'], whole: ['abc'] });
});

test('a session value that is sent encoded is also a secret when decoded', () => {
  const { anywhere } = of({ credentials: { sid: { kind: 'apiKey', value: 's%3Aabc.def/1' } } });
  expect(anywhere).toContain('s:abc.def/1');
});

test.each([
  { header: ['Authorization', 'Bearer tok-en-01234'], anywhere: ['Bearer tok-en-01234', 'tok-en-01234'], whole: [] },
  { header: ['Authorization', 'Custom tok-en-01234'], anywhere: ['Custom tok-en-01234', 'tok-en-01234'], whole: [] },
  { header: ['X-Shop-Token', 'tok-en-01234'], anywhere: ['tok-en-01234'], whole: [] },
  {
    header: ['Cookie', 'sid=abcdefgh; theme=dark'],
    anywhere: ['sid=abcdefgh; theme=dark', 'abcdefgh'],
    whole: [],
  },
  { header: ['X-Org', 'a1b2c3d4e5f6a7b8'], anywhere: ['a1b2c3d4e5f6a7b8'], whole: [] },
  { header: ['X-Org', 'The Example Company'], anywhere: [], whole: ['The Example Company'] },
  { header: ['X-Debug', '1'], anywhere: [], whole: [] },
  { header: ['X-Author', 'Someone'], anywhere: [], whole: [] },
  { header: ['Accept', 'application/json'], anywhere: [], whole: [] },
  { header: ['Accept-Language', 'en-GB,en;q=0.9'], anywhere: [], whole: [] },
  { header: ['User-Agent', 'my-agent/1.0 (me@example.com)'], anywhere: [], whole: [] },
  { header: ['X-Api-Version', '2022-11-28-preview01'], anywhere: [], whole: [] },
] as const)('of the header $header', ({ header: [name, value], anywhere, whole }) => {
  expect(of({ headers: [[name, value]] })).toEqual({ anywhere, whole });
});

test('the pair in an Authorization header of the owner is read', () => {
  const { anywhere } = of({ headers: [['Authorization', `Basic ${btoa('somebody:pass-word-1')}`]] });
  expect(anywhere).toEqual(expect.arrayContaining(['somebody:pass-word-1', 'pass-word-1']));
});

test('what was filled in is a secret whatever the header is called', () => {
  const sources = { headers: [['Accept', 'text/x-secret']], secrets: ['text/x-secret'] } as const;
  expect(of(sources).anywhere).toEqual(['text/x-secret']);
});
