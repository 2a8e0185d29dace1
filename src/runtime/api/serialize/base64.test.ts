import { describe, expect, test } from 'vitest';
import { decodeBase64 } from './base64.ts';

describe('decodeBase64 (RFC 4648 §10, §4, §5)', () => {
  test.each([
    ['', ''],
    ['Zg==', 'f'],
    ['Zm8=', 'fo'],
    ['Zm8', 'fo'],
    ['Zm9v', 'foo'],
    ['Zm9vYg==', 'foob'],
    ['Zm9v\r\n YmE=', 'fooba'],
    ['Pz8_Pj4-', '???>>>'],
    ['Pz8/Pj4+', '???>>>'],
  ])('%j is %j', (text, want) => {
    expect(new TextDecoder().decode(decodeBase64(text))).toBe(want);
  });

  test.each(['Z', 'Zm9vY', 'Zg=', 'Zg===', 'Zg==Zg==', '=', 'hello file', 'Zm9v!', 'é', 'Zm=v'])(
    '%j is not base64',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );

  test('every byte comes back', () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    for (const length of [1021, 1022, 1023, 1024]) {
      const some = bytes.subarray(0, length);
      expect(decodeBase64(Buffer.from(some).toString('base64'))).toEqual(some);
      expect(decodeBase64(Buffer.from(some).toString('base64url'))).toEqual(some);
    }
  });
});
