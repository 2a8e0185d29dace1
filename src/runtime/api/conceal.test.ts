import { expect, test } from 'vitest';
import { concealInAnswer, concealInHeaders, secretsOf } from './conceal.ts';

const secrets = secretsOf(
  {
    key: { kind: 'apiKey', value: 'k&y-0123456789' },
    user: { kind: 'basic', username: 'somebody', password: 'pass-word-1' },
    short: { kind: 'bearer', token: 'abc' },
  },
  { oauth: 'token-from-server' },
);

test('values, their encoded form and tokens are secrets; user names and what is too short are not', () => {
  expect(secrets).toEqual(['token-from-server', 'k%26y-0123456789', 'k&y-0123456789', 'pass-word-1']);
});

test('JSON that echoes a credential loses it, in text and value alike', () => {
  const value = { url: 'https://a.test/?key=k%26y-0123456789', list: ['pass-word-1', 7] };
  const answer = {
    kind: 'json',
    value,
    text: JSON.stringify(value),
    mediaType: 'application/json',
    notes: [],
  } as const;
  const want = { url: 'https://a.test/?key=[credential]', list: ['[credential]', 7] };
  expect(concealInAnswer(answer, secrets)).toMatchObject({ value: want, text: JSON.stringify(want) });
});

test('an answer without credentials is the same object', () => {
  const answer = { kind: 'text', text: 'somebody abc', mediaType: 'text/plain', notes: [] } as const;
  expect(concealInAnswer(answer, secrets)).toBe(answer);
});

test('headers lose it too', () => {
  expect(concealInHeaders([['link', '<https://a.test/?key=k%26y-0123456789&page=2>; rel="next"']], secrets)).toEqual([
    ['link', '<https://a.test/?key=[credential]&page=2>; rel="next"'],
  ]);
});
