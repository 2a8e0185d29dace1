import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../property-runs.test.fixture.ts';
import { secretPattern } from './secret-pattern.ts';
import { secretSearch } from './secret-search.ts';

const percent = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16)}`).join('');
const ENCODINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  percent,
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (text) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join(''),
  (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`x${text}yz`).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
];

/** Long and short ones, with what encodings are made of, and one that contains another. */
const SECRETS = [
  'Zq7-plain_token.without+anything/special=',
  'inner-0123456789-abcdefghij',
  'outer inner-0123456789-abcdefghij outer',
  'with%41percent&amp;and\\u0041escapes-in-it',
  '0123456789+abcdef/"abcdef&=<9%zz&nope\\d-0123456789',
  'p@ss"w0rd',
  'ünicode-secret-of-some-length-ß',
  'abc',
];
const WHOLE = ['77', 'a-value-that-is-only-hidden-as-a-whole'];

const piece = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('%', '%2', '\\', '\\u00', '&', '&#', '&#x', '=', '"', ',', '\n'),
  fc
    .tuple(
      fc.constantFrom(...SECRETS, ...WHOLE),
      fc.array(fc.constantFrom(...ENCODINGS), { minLength: 1, maxLength: 3 }),
    )
    .map(([secret, encodings]) => encodings.reduce((text, encode) => encode(text), secret)),
);

const NOTHING = /(?!)/;

/** Each search makes its expressions once. */
const SETS = [
  { anywhere: SECRETS, whole: WHOLE },
  { anywhere: SECRETS.slice(0, 3), whole: [] },
  { anywhere: SECRETS.slice(4, 5), whole: WHOLE },
  { anywhere: SECRETS.slice(3), whole: [] },
].map((secrets) => ({ pattern: secretPattern(secrets), search: secretSearch(secrets) }));

test('finds exactly what the expression of all secrets finds', () => {
  let found = 0;
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (searched) => {
      for (const { pattern, search } of SETS) {
        const wanted = searched.replace(pattern ?? NOTHING, '[x]');
        expect(searched.replace(search?.(searched) ?? NOTHING, '[x]')).toBe(wanted);
        if (wanted !== searched) found += 1;
      }
    }),
    { numRuns: propertyRuns(20_000) },
  );
  expect(found).toBeGreaterThan(1_000);
});

test('makes no expression for a text without secrets', () => {
  const secret = '4fa81c0de97b2635f08a4b7c9d1e6f52';
  const find = secretSearch({ anywhere: [secret], whole: [] });
  expect(find?.(`{"a":"${secret.slice(0, 20)}"}`)).toBeUndefined();
  expect(find?.(`{"a":"${secret}"}`)).toBeInstanceOf(RegExp);
  expect(secretSearch({ anywhere: [''], whole: [] })).toBeUndefined();
});

test('a secret with what encodings are made of is always searched for', () => {
  const secret = '1234567%41-and-some-more-characters';
  expect(`<${secret}>`.match(secretSearch({ anywhere: [secret], whole: [] })?.(`<${secret}>`) ?? NOTHING)).toEqual([
    secret,
  ]);
});
