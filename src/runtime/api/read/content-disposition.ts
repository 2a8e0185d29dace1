import { headerParameters, splitQuoted } from '../../../model/index.ts';

/**
 * The file name of a Content-Disposition (RFC 6266 §4.3): `filename*` before `filename`, only the last path segment,
 * without control characters.
 */
export function dispositionFilename(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const parameters = headerParameters(splitQuoted(header, ';').slice(1));
  const name = extendedValue(parameters.get('filename*')) ?? utf8(parameters.get('filename'));
  return name === undefined ? undefined : safeName(name);
}

/** RFC 8187 §3.2 (once RFC 5987): `UTF-8'en'%e2%82%ac.txt`. */
function extendedValue(value: string | undefined): string | undefined {
  const match = /^([\w-]+)'[^']*'(.*)$/.exec(value ?? '');
  if (!match) return undefined;
  const [, charset = '', encoded = ''] = match;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(percentDecoded(encoded));
  } catch {
    return undefined;
  }
}

function percentDecoded(text: string): Uint8Array {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
}

/** Header bytes arrive as Latin-1, but servers often send a bare name in UTF-8. */
function utf8(value: string | undefined): string | undefined {
  if (value === undefined || !/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(value, (char) => char.charCodeAt(0)));
  } catch {
    return value;
  }
}

function safeName(name: string): string | undefined {
  const last = name
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/\p{Cc}/gu, '')
    .trim();
  return last && last !== '.' && last !== '..' ? last.slice(0, 255) : undefined;
}
