import { isHtmlType, isJsonType, isXmlType, type MediaType } from '../../../model/index.ts';

/**
 * Decodes text. The charset comes from the byte order mark, otherwise the Content-Type, otherwise the document itself
 * (`<meta charset>`, XML declaration), otherwise UTF-8.
 */
export function decodeText(
  bytes: Uint8Array,
  type: MediaType | undefined,
  { cut = false }: { readonly cut?: boolean } = {},
): { readonly text: string; readonly notes: readonly string[] } {
  const label = markedCharset(bytes) ?? declaredCharset(type) ?? innerCharset(bytes, type) ?? 'utf-8';
  const decoder = decoderFor(label);
  // A cut text may end inside a character: `stream` drops the rest instead of replacing it.
  const decoded = (decoder ?? new TextDecoder()).decode(bytes, { stream: cut });
  const text = decoder?.encoding === 'windows-1252' ? mendWindows1252(decoded) : decoded;
  if (!decoder) return { text, notes: [`The charset "${label}" is unknown; the text was read as UTF-8.`] };
  const spoiled = text.includes('\uFFFD') && decoder.encoding === 'utf-8' && !isUtf8(bytes, cut);
  return { text, notes: spoiled ? ['Invalid UTF-8 bytes are shown as U+FFFD.'] : [] };
}

export function isUtf8(bytes: Uint8Array, cut = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

export function declaredCharset(type: MediaType | undefined): string | undefined {
  return type?.parameters.get('charset')?.replace(/^'|'$/g, '') || undefined;
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

/** WHATWG Encoding §6 "BOM sniff". */
function markedCharset([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return undefined;
}

function innerCharset(bytes: Uint8Array, type: MediaType | undefined): string | undefined {
  const essence = type?.essence ?? '';
  if (isHtmlType(essence)) return firstMatch(bytes, /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)/i);
  if (isXmlType(essence)) return firstMatch(bytes, /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)/);
  // RFC 4627 §3: JSON starts with two ASCII characters, so the zero bytes reveal UTF-16.
  if (isJsonType(essence) && bytes[0] === 0 && bytes[1] !== 0) return 'utf-16be';
  if (isJsonType(essence) && bytes[0] !== 0 && bytes[1] === 0) return 'utf-16le';
  return undefined;
}

/** WHATWG HTML "prescan": the declaration is in the first 1024 bytes, in ASCII. */
function firstMatch(bytes: Uint8Array, pattern: RegExp): string | undefined {
  const label = pattern.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 1024)))?.[1];
  // Text that can be read as ASCII is not UTF-16, whatever it declares.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

/**
 * Node.js 20 to 23 decode windows-1252 as ISO-8859-1, which has control characters in place of these. The encoding
 * itself never yields such a control character, so this has no effect elsewhere.
 */
function mendWindows1252(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? char);
}

/** 0x80 to 0x9F (WHATWG Encoding, index windows-1252). */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
