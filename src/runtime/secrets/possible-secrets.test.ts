import { expect, test } from 'vitest';
import { possibleSecrets } from './possible-secrets.ts';
import { secretPattern } from './secret-pattern.ts';

const mayContain = (text: string, secrets: readonly string[]) => possibleSecrets(secrets)(text).length > 0;
const CHARACTERS = [...Array(95).keys()].map((index) => String.fromCharCode(32 + index));
const ENCODERS: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(JSON.stringify(text)).replaceAll('/', '\\/'),
  (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
  (text) => [...text].map((c) => `&#${c.charCodeAt(0)};`).join(''),
  (text) => [...text].map((c) => `&amp;#x0${c.charCodeAt(0).toString(16)};`).join(''),
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  (text) => Buffer.from(text).toString('hex').toUpperCase(),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`xx${text}yy`).toString('base64url'),
  (text) => encodeURIComponent(Buffer.from(`x${text}`).toString('base64')),
];
const BEFORE = ['', '%', '%2', '\\', '\\u00', '&', '&#', '&#x', 'a=', '"'];

test('it finds every encoding that the expression finds, next to any other text', () => {
  let found = 0;
  for (let index = 0; index < 40; index++) {
    const secret = Array.from({ length: 24 + index }, (_, at) => CHARACTERS[(index * 37 + at * (index + 7)) % 95]).join(
      '',
    );
    const pattern = secretPattern({ anywhere: [secret], whole: [] });
    for (const encode of ENCODERS) {
      for (const before of BEFORE) {
        const text = `${before}${encode(secret)};4`;
        if (pattern) pattern.lastIndex = 0;
        if (!pattern?.test(text)) continue;
        found++;
        expect([text, mayContain(text, [secret])]).toEqual([text, true]);
      }
    }
  }
  expect(found).toBeGreaterThan(4000);
});

test('a text without it, and a secret that is too short or not ASCII to be sure', () => {
  const signature = '4fa81c0de97b2635f08a4b7c9d1e6f52';
  expect(mayContain(`{"a":"${signature.slice(0, 20)}"}`, [signature])).toBe(false);
  expect(mayContain('', [])).toBe(false);
  expect(mayContain('x', ['short'])).toBe(true);
  expect(mayContain('x', [`ü${signature}`])).toBe(true);
});
