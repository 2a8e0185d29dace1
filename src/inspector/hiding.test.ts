import { expect, test } from 'vitest';
import { hidingOf } from './hiding.ts';

const hide = hidingOf(() => ['s3cr3t-key'])();

test.each([
  ['{"password":"x","user":"ada"}', '{"password":"[redacted]","user":"ada"}'],
  ['user=ada&password=x&api%5Fkey=y', 'user=ada&password=[redacted]&api%5Fkey=[redacted]'],
  ['password=x', 'password=[redacted]'],
  ['note: the password = x', 'note: the password = x'],
  ['with s3cr3t-key in it', 'with [redacted] in it'],
])('the body %j is shown as %j', (body, shown) => {
  expect(hide.body(body)).toBe(shown);
});

test('a URL is shown without the values of secret parameters', () => {
  const url = 'https://api.test/a?access_token=x&page=2&key=s3cr3t-key#password=x';
  expect(hide.url(url)).toBe('https://api.test/a?access_token=[redacted]&page=2&key=[redacted]#password=x');
});

test('headers that carry credentials are shown without their values', () => {
  const headers = [
    ['Authorization', 'Bearer x'],
    ['Set-Cookie', 'a=b'],
    ['Accept', 'text/plain'],
  ] as const;
  expect(hide.headers(headers).map(([, value]) => value)).toEqual(['[redacted]', '[redacted]', 'text/plain']);
});

test('schemas keep properties that are named like secrets; data does not keep their values', () => {
  const value = { password: { type: 'string' }, text: '{"token": "x"}' };
  expect(hide.plain(value)).toEqual(value);
  expect(hide.data(value)).toEqual({ password: '[redacted]', text: '{"token": "[redacted]"}' });
});
