/**
 * On a terminal nothing that a server or a document says moves the cursor, or writes over what stands there: what is no
 * text is shown as such. Bold and red stay, which are our own. Elsewhere the text is as it is.
 */
export function forTerminal(text: string, stream: Pick<NodeJS.WriteStream, 'isTTY'>): string {
  if (!stream.isTTY) return text;
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, (found) => (INK.has(found) ? found : '\ufffd'));
}

/** The sequences of `ink()` (ECMA-48 SGR), and every control character but those of lines and columns. */
const INK: ReadonlySet<string> = new Set(['\u001b[0m', '\u001b[1m', '\u001b[31m']);
const CONTROLS = /\p{Cc}\[(?:0|1|31)m|[^\P{Cc}\n\t]/gu;
