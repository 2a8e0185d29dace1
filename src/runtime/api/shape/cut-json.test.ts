import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../../property-runs.test.fixture.ts';
import { byteLength } from '../../text/byte-length.ts';
import { type Cut, cutJson, memberPath } from './cut-json.ts';

describe('what gives way', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}` }));
  const long = 'x'.repeat(1000);
  const table: readonly [
    name: string,
    value: unknown,
    maxBytes: number,
    want: (kept: never) => unknown,
    cuts: readonly Partial<Cut>[],
  ][] = [
    ['nothing, where all fits', { a: [1, 2] }, 100, () => ({ a: [1, 2] }), []],
    [
      'the end of a list',
      rows(100),
      100,
      () => rows(100).slice(0, 4),
      [{ path: '', unit: 'items', kept: 4, total: 100 }],
    ],
    [
      'the long list next to small members',
      { data: rows(100), next: 'abc' },
      160,
      () => ({ data: rows(100).slice(0, 5), next: 'abc' }),
      [{ path: 'data', kept: 5, total: 100 }],
    ],
    [
      'the list behind a header',
      [{ page: 1 }, rows(100)],
      120,
      () => [{ page: 1 }, rows(100).slice(0, 4)],
      [{ path: '[1]', kept: 4, total: 100 }],
    ],
    [
      'the end of a string',
      { note: long },
      120,
      () => ({ note: expect.stringMatching(/^x+… \[cut: \d+ of 1,000 characters\]$/) }),
      [{ path: 'note', unit: 'characters', total: 1000 }],
    ],
    [
      'members that do not fit even when small',
      Object.fromEntries(rows(100).map(({ id }) => [`k${id}`, id])),
      64,
      () => expect.anything(),
      [{ path: '', unit: 'members', total: 100 }],
    ],
  ];
  test.each(table)('%s', (_, value, maxBytes, want, cuts) => {
    const cut = cutJson(JSON.stringify(value), maxBytes);
    expect(JSON.parse(cut.text)).toEqual((want as () => unknown)());
    expect(cut.cuts).toMatchObject(cuts);
  });
});

test('numbers keep the digits of the API', () => {
  const { text } = cutJson(
    '{ "a": 1.10, "b": [12345678901234567890, 1e400], "c": "1.10", "d": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16] }',
    100,
  );
  expect(text).toMatch(/^\{"a":1\.10,"b":\[12345678901234567890,1e400\],"c":"1\.10","d":\[1,2/);
});

test('an escape takes more room in JSON than in the text', () => {
  const { text } = cutJson(JSON.stringify({ s: '\n"\\\u0001'.repeat(500) }), 200);
  expect(byteLength(text)).toBeLessThanOrEqual(200);
  expect(JSON.parse(text).s).toMatch(/characters\]$/);
});

const value = fc.jsonValue({ maxDepth: 5, depthSize: 'large', stringUnit: 'grapheme' });

test('whatever is cut: it parses, it fits, it is a beginning of everything, and the counts add up', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 64, max: 400 }), (whole, maxBytes) => {
      const given = JSON.parse(JSON.stringify(whole));
      const { text, cuts } = cutJson(JSON.stringify(given), maxBytes);
      const kept: unknown = JSON.parse(text);
      expect(byteLength(text)).toBeLessThanOrEqual(maxBytes);
      const found: Cut[] = [];
      compare(given, kept, '', found);
      const byPath = (a: Cut, b: Cut) => (a.path < b.path ? -1 : 1);
      expect([...cuts].sort(byPath)).toEqual(found.sort(byPath));
    }),
    { numRuns: propertyRuns(500) },
  );
});

/** Fails where `kept` is not a beginning of `whole`; collects what is missing. */
function compare(whole: unknown, kept: unknown, path: string, found: Cut[]): void {
  if (typeof whole === 'string' && typeof kept === 'string' && whole !== kept) {
    const [, head = '', count = ''] = /^(.*)… \[cut: ([\d,]+) of [\d,]+ characters\]$/s.exec(kept) ?? [];
    expect(whole.startsWith(head)).toBe(true);
    expect([...head].length).toBe(Number(count.replaceAll(',', '')));
    found.push({ path, unit: 'characters', kept: [...head].length, total: [...whole].length });
  } else if (Array.isArray(whole) && Array.isArray(kept)) {
    expect(kept.length).toBeLessThanOrEqual(whole.length);
    if (kept.length < whole.length) found.push({ path, unit: 'items', kept: kept.length, total: whole.length });
    for (const [index, item] of kept.entries()) compare(whole[index], item, `${path}[${index}]`, found);
  } else if (isObject(whole) && isObject(kept)) {
    const keys = Object.keys(kept);
    expect(Object.keys(whole).slice(0, keys.length)).toEqual(keys);
    if (keys.length < Object.keys(whole).length)
      found.push({ path, unit: 'members', kept: keys.length, total: Object.keys(whole).length });
    for (const key of keys) compare(whole[key], kept[key], memberPath(path, key), found);
  } else {
    expect(kept).toEqual(whole);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
