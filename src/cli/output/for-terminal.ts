import { withHidden } from '../../model/index.ts';

/**
 * Escapes output for a terminal, so that text from a server or document cannot move the cursor, overwrite lines, hide
 * text or change its direction. Our own bold and red are kept. Without a terminal the text is unchanged.
 */
export function forTerminal(text: string, stream: Pick<NodeJS.WriteStream, 'isTTY'>): string {
  if (!stream.isTTY) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split(INK)
    .map((part) => (OURS.has(part) ? part : withoutTricks(part, '\ufffd')))
    .join('');
}

/** The first line of a text, for places with room for one. */
export function oneLine(text = ''): string {
  const [first = ''] = text.trim().split(/\r?\n/);
  return onOneLine(first).trim();
}

/** Joins a text into one line. */
export const onOneLine = (text: string): string => withoutTricks(text, ' ').replace(/[\t\n]/g, ' ');

/** The escape sequences of `ink()` (ECMA-48 SGR). */
const OURS: ReadonlySet<string> = new Set(['\u001b[0m', '\u001b[1m', '\u001b[31m']);
const INK = /(\p{Cc}\[(?:0|1|31)m)/u;

/** Line feeds and tabs are kept; a carriage return would restart the line. */
const withoutTricks = (text: string, replacement: string): string =>
  withHidden(text, () => replacement).replace(/[\r\u2028\u2029]/g, replacement);
