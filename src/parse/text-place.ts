/** `line 12, column 3`: the position of an offset in a text, both starting at 1. */
export function textPlace(text: string, offset: number): string {
  return `line ${lineAt(text, offset)}, column ${offset - text.lastIndexOf('\n', offset - 1)}`;
}

/** Line of an offset, starting at 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
