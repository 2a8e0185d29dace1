import { isAscii, isUtf8, transcode } from 'node:buffer';
import { type Problem, problem } from '../problems.ts';

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

/**
 * Decodes a document: by its byte order mark, otherwise by the pattern of NUL bytes (RFC 4627 §3: the first characters
 * of JSON and YAML are ASCII), otherwise as UTF-8; if that fails, as `charset` or Latin-1.
 *
 * @param charset from the HTTP response's Content-Type
 */
export function decodeText(bytes: Uint8Array, charset?: string): DecodedText {
  const { encoding, skip } = unicodeEncoding(bytes);
  const rest = skip ? bytes.subarray(skip) : bytes;
  switch (encoding) {
    case 'utf-32le':
    case 'utf-32be':
      return { text: decodeUtf32(rest, encoding === 'utf-32le'), problems: [] };
    case 'utf-16le':
    case 'utf-16be':
      return { text: new TextDecoder(encoding).decode(rest), problems: [] };
    case 'utf-8':
      return isUtf8(rest) ? { text: decodeUtf8(rest), problems: [] } : decodeLegacy(rest, charset);
  }
}

/** Through UTF-16, which is several times faster than `toString('utf8')`, except for ASCII. */
function decodeUtf8(bytes: Uint8Array): string {
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
}

type Unicode = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

function unicodeEncoding(bytes: Uint8Array): { readonly encoding: Unicode; readonly skip: number } {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', skip: 3 };
  // Before UTF-16, whose mark is the start of this one.
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { encoding: 'utf-32le', skip: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf-32be', skip: 4 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (bytes.length >= 4) {
    if (a === 0 && b === 0 && c === 0) return { encoding: 'utf-32be', skip: 0 };
    if (b === 0 && c === 0 && d === 0) return { encoding: 'utf-32le', skip: 0 };
    if (a === 0 && c === 0) return { encoding: 'utf-16be', skip: 0 };
    if (b === 0 && d === 0) return { encoding: 'utf-16le', skip: 0 };
  }
  return { encoding: 'utf-8', skip: 0 };
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    const point = view.getUint32(at, littleEndian);
    parts.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD');
  }
  return parts.join('');
}

function decodeLegacy(bytes: Uint8Array, charset: string | undefined): DecodedText {
  const { decoder, name } = legacyDecoder(charset);
  const message = `The text is not valid UTF-8; it was read as ${name}.`;
  return { text: decoder.decode(bytes), problems: [problem('TEXT_ENCODING', '#', message)] };
}

function legacyDecoder(charset: string | undefined): {
  readonly decoder: InstanceType<typeof TextDecoder>;
  readonly name: string;
} {
  if (charset && charset.toLowerCase() !== 'utf-8') {
    try {
      return { decoder: new TextDecoder(charset), name: charset };
    } catch {
      // A label that the platform does not know is ignored.
    }
  }
  return { decoder: new TextDecoder('latin1'), name: 'Latin-1' };
}
