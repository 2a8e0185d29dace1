/** On a terminal an answer must not move the cursor, nor write over what stands there; elsewhere it is as it is. */
export function forTerminal(text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY ? text.replace(/[^\P{Cc}\n\t]/gu, '\ufffd') : text;
}
