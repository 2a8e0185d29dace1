import { expect, test } from 'vitest';
import type { Answer } from '../read/answer.ts';
import { concealInAnswer } from './conceal-answer.ts';
import { createConcealer } from './concealer.ts';
import { createConcealers } from './index.ts';

const KEY = 'k&y/"0+ 1é=';
const conceal = createConcealer({ anywhere: [KEY, '1234567890', 'somebody:pass-word-1'], whole: ['abc', '77'] });
const json = (text: string): Answer => ({
  kind: 'json',
  text,
  value: JSON.parse(text),
  mediaType: 'application/json',
  notes: [],
});
const utf8 = new TextEncoder();
const escaped = [...KEY].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = Array.from(utf8.encode(KEY), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

test.each([
  { spelt: 'as it is', text: KEY },
  { spelt: 'in JSON', text: JSON.stringify(KEY).slice(1, -1) },
  { spelt: 'in JSON with \\/', text: JSON.stringify(KEY).slice(1, -1).replaceAll('/', '\\/') },
  { spelt: 'in \\u escapes', text: escaped },
  { spelt: 'in \\u escapes in upper case', text: escaped.toUpperCase().replaceAll('\\U', '\\u') },
  { spelt: 'in JSON within JSON', text: JSON.stringify(JSON.stringify(KEY)).slice(3, -3) },
  { spelt: 'for a URL', text: encodeURIComponent(KEY) },
  { spelt: 'as a form', text: new URLSearchParams([['', KEY]]).toString().slice(1) },
  { spelt: 'percent-encoded to the last character', text: percent },
  { spelt: 'percent-encoded twice', text: encodeURIComponent(encodeURIComponent(KEY)) },
  { spelt: 'for HTML', text: 'k&amp;y/&quot;0+ 1&#233;=' },
  { spelt: 'for XML, in numbers', text: [...KEY].map((char) => `&#x${char.charCodeAt(0).toString(16)};`).join('') },
  { spelt: 'in hexadecimal', text: Buffer.from(KEY).toString('hex').toUpperCase() },
  { spelt: 'in base64', text: Buffer.from(KEY).toString('base64') },
  { spelt: 'in base64url', text: Buffer.from(KEY).toString('base64url') },
])('a secret is found $spelt', ({ text }) => {
  expect(conceal.text(`before ${text}&after`)).toBe('before [credential]&after');
});

test.each([0, 1, 2, 3, 4])('a secret is found in base64 behind %i other bytes', (before) => {
  const shown = conceal.text(Buffer.from(`${'-'.repeat(before)}${KEY}---`).toString('base64url'));
  expect(shown).toContain('[credential]');
  // Four bits of a character at either end.
  expect(shown.replace('[credential]', '').length).toBeLessThanOrEqual(Math.ceil((before * 8) / 6) + 4);
});

test('JSON that echoes a secret stays JSON, its layout and numbers as they were', () => {
  const text = `{ "n": 1.50, "big": 12345678901234567890,\n "${escaped}": ["x ${escaped} y", 1234567890], "to": "a" }`;
  expect(concealInAnswer(json(text), conceal)).toMatchObject({
    text: '{ "n": 1.50, "big": 12345678901234567890,\n "[credential]": ["x [credential] y", "[credential]"], "to": "a" }',
    value: {
      n: 1.5,
      big: 12345678901234567000,
      '[credential]': ['x [credential] y', '[credential]'],
      to: 'a',
    },
  });
});

test('a secret whose encoding is written in escapes is found when its string is read', () => {
  const inner = encodeURIComponent(KEY).replaceAll('%', '\\u0025');
  expect(concealInAnswer(json(`{"url":"https://a.test/?k=${inner}"}`), conceal)).toMatchObject({
    value: { url: 'https://a.test/?k=[credential]' },
  });
});

test('a short secret is hidden as a whole value, and stays within longer texts and in names', () => {
  const value = { abc: 'abc', list: ['abcabc', 'some abc here', 'key=abc', 'Zm9v'], n: 77, s: '77' };
  expect(concealInAnswer(json(JSON.stringify(value)), conceal)).toMatchObject({
    value: {
      abc: '[credential]',
      list: ['abcabc', 'some abc here', 'key=[credential]', 'Zm9v'],
      n: 77,
      s: '[credential]',
    },
  });
  expect(conceal.text('somebody abc')).toBe('somebody abc');
  expect(conceal.text('<key>abc</key>')).toBe('<key>[credential]</key>');
  expect(conceal.text('{\\"key\\":\\"abc\\"}')).toBe('{\\"key\\":\\"[credential]\\"}');
  expect(conceal.text('YWJj')).toBe('[credential]');
});

test.each<Answer>([
  json('{"a":"b\\u0020c"}'),
  { kind: 'text', text: 'somebody abc', mediaType: 'text/plain', notes: [] },
  { kind: 'empty', notes: [] },
])('a response of kind $kind without secrets is the same object', (answer) => {
  expect(concealInAnswer(answer, conceal)).toBe(answer);
});

test('bytes that hold a secret are overwritten, keep their length, and say so', () => {
  const bytes = utf8.encode(`\u0000GIF ${KEY} end`);
  const answer = { kind: 'binary', bytes, mediaType: 'image/gif', filename: `${KEY}.gif`, notes: [] } as const;
  const shown = concealInAnswer(answer, conceal);
  expect(shown).toMatchObject({
    filename: '[credential].gif',
    notes: ['The bytes contain a credential that the request was sent with. It was overwritten with asterisks.'],
  });
  expect(shown.kind === 'binary' && new TextDecoder().decode(shown.bytes)).toBe(`\u0000GIF ${'*'.repeat(12)} end`);
});

test('an event, its name and its id lose it', () => {
  const text = JSON.stringify({ key: KEY });
  const items = [
    { text, value: JSON.parse(text), event: KEY, id: KEY },
    { text: KEY, value: KEY },
  ];
  expect(
    concealInAnswer({ kind: 'items', items, mediaType: 'text/event-stream', notes: [KEY] }, conceal),
  ).toMatchObject({
    items: [
      { text: '{"key":"[credential]"}', value: { key: '[credential]' }, event: '[credential]', id: '[credential]' },
      { text: '[credential]', value: '[credential]' },
    ],
    notes: ['[credential]'],
  });
});

test('a hostile response is searched in linear time', () => {
  const ms = (text: string): number => {
    const times = Array.from({ length: 3 }, () => {
      const start = performance.now();
      conceal.text(text);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  for (const piece of ['\\', '%25', '&amp;', '&#0', 'k&', 'YWJj']) {
    ms(piece.repeat(5_000));
    const [short, long] = [ms(piece.repeat(5_000)), ms(piece.repeat(80_000))];
    // 16 times the text; quadratic, it would be 256 times.
    expect(long / Math.max(short, 0.5)).toBeLessThan(100);
  }
});

test('a long token is found as it is, for a URL and in base64', () => {
  const token = `eyJ${'aB3_-.'.repeat(300)}+/`;
  const long = createConcealer({ anywhere: [token], whole: [] });
  for (const spelt of [token, encodeURIComponent(token), Buffer.from(`x${token}`).toString('base64').slice(2)]) {
    expect(long.text(`"${spelt}"`)).toBe('"[credential]"');
  }
  // Another token begins alike.
  expect(long.text(token.slice(0, -1))).toBe(token.slice(0, -1));
});

test('the expression is made once, again for a new token, and knows the token before', () => {
  const concealers = createConcealers({ credentials: {}, headers: [], secrets: ['0123456789'] });
  const first = concealers({ tokens: { oauth: 'token-number-1' } });
  expect(concealers({ tokens: { oauth: 'token-number-1' } })).toBe(first);
  const second = concealers({ tokens: { oauth: 'token-number-2' } });
  expect(second.text('token-number-1 token-number-2 0123456789')).toBe('[credential] [credential] [credential]');
  expect(concealers({ tokens: {}, headers: { 'X-Api-Key': 'of-a-caller' } }).text('of-a-caller')).toBe('[credential]');
});
