import { withHidden } from '../model/index.ts';

/**
 * On a terminal nothing that a server or a document says moves the cursor, writes over what stands there, hides or turns
 * the direction of what follows: what is no text is shown as such. Bold and red stay, which are our own. Elsewhere the
 * text is as it is.
 */
export function forTerminal(text: string, stream: Pick<NodeJS.WriteStream, 'isTTY'>): string {
  if (!stream.isTTY) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split(INK)
    .map((part) => (OURS.has(part) ? part : withoutTricks(part, '\ufffd')))
    .join('');
}

/** The first line of a text, for a place where there is one only. */
export function oneLine(text = ''): string {
  const [first = ''] = text.trim().split(/\r?\n/);
  return onOneLine(first).trim();
}

/** A text in one line. */
export const onOneLine = (text: string): string => withoutTricks(text, ' ').replace(/[\t\n]/g, ' ');

/** The sequences of `ink()` (ECMA-48 SGR). */
const OURS: ReadonlySet<string> = new Set(['\u001b[0m', '\u001b[1m', '\u001b[31m']);
const INK = /(\p{Cc}\[(?:0|1|31)m)/u;

/** Lines and columns stay; a carriage return would begin the line anew. */
const withoutTricks = (text: string, replacement: string): string =>
  withHidden(text, () => replacement).replace(/[\r\u2028\u2029]/g, replacement);
