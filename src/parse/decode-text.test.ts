import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

const TEXT = '{"a":"ü€😀"}';
const utf16 = (littleEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(TEXT, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
};
const utf32 = (littleEndian: boolean): Uint8Array => {
  const points = [...TEXT].map((character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [index, point] of points.entries()) {
    if (littleEndian) bytes.writeUInt32LE(point, index * 4);
    else bytes.writeUInt32BE(point, index * 4);
  }
  return bytes;
};
const marked = (mark: number[], bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(mark), bytes]);

test.each([
  { name: 'UTF-8', given: Buffer.from(TEXT) },
  { name: 'UTF-8 with a byte order mark', given: marked([0xef, 0xbb, 0xbf], Buffer.from(TEXT)) },
  { name: 'UTF-16LE', given: utf16(true) },
  { name: 'UTF-16LE with a byte order mark', given: marked([0xff, 0xfe], utf16(true)) },
  { name: 'UTF-16BE', given: utf16(false) },
  { name: 'UTF-16BE with a byte order mark', given: marked([0xfe, 0xff], utf16(false)) },
  { name: 'UTF-32LE', given: utf32(true) },
  { name: 'UTF-32LE with a byte order mark', given: marked([0xff, 0xfe, 0, 0], utf32(true)) },
  { name: 'UTF-32BE', given: utf32(false) },
  { name: 'UTF-32BE with a byte order mark', given: marked([0, 0, 0xfe, 0xff], utf32(false)) },
])('$name is read', ({ given }) => {
  expect(decodeText(given)).toEqual({ text: TEXT, problems: [] });
});

test('bytes that are not UTF-8 are read as Latin-1, with a problem', () => {
  const { text, problems } = decodeText(Buffer.from('title: caf\xe9', 'latin1'));
  expect(text).toBe('title: café');
  expect(problems.map(({ code }) => code)).toEqual(['TEXT_ENCODING']);
});

test('bytes that are not UTF-8 are read in the charset of the response', () => {
  expect(decodeText(Buffer.from([0xc4, 0xc5]), 'koi8-r').text).toBe('де');
  expect(decodeText(Buffer.from([0xe9]), 'no-such-charset').text).toBe('é');
});
