import { hex } from '../hex.ts';

/** MD5 of bytes, in hexadecimal digits (RFC 1321). Web Crypto does not have it, and Digest servers still require it. */
export function md5Hex(data: Uint8Array): string {
  const words = padded(data);
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    let [w, x, y, z] = [a, b, c, d];
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, index] = mix(round, step, { x, y, z });
      const sum = (w + mixed + (SINES[step] ?? 0) + (words[block + index] ?? 0)) | 0;
      const turn = TURNS[round]?.[step & 3] ?? 0;
      [w, z, y, x] = [z, y, x, (x + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    [a, b, c, d] = [(a + w) | 0, (b + x) | 0, (c + y) | 0, (d + z) | 0];
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, word] of [a, b, c, d].entries()) digest.setUint32(index * 4, word, true);
  return hex(new Uint8Array(digest.buffer));
}

/** RFC 1321 §3.4: the constants of each step, and how far each one rotates. */
const SINES = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));
const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** The function of a round, and the word that it takes. */
function mix(round: number, step: number, { x, y, z }: { x: number; y: number; z: number }): [number, number] {
  switch (round) {
    case 0:
      return [(x & y) | (~x & z), step];
    case 1:
      return [(x & z) | (y & ~z), (5 * step + 1) & 15];
    case 2:
      return [x ^ y ^ z, (3 * step + 5) & 15];
    default:
      return [y ^ (x | ~z), (7 * step) & 15];
  }
}

/** RFC 1321 §3.1, §3.2: a 1 bit, zeros, and the length in bits, in words of four bytes. */
function padded(data: Uint8Array): readonly number[] {
  const bytes = new Uint8Array((((data.length + 8) >> 6) + 1) << 6);
  bytes.set(data);
  bytes[data.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, (data.length << 3) >>> 0, true);
  view.setUint32(bytes.length - 4, Math.floor(data.length / 2 ** 29), true);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}
