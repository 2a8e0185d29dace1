import { withHidden } from '../../model/index.ts';

const WIDTH = 100;

/**
 * Text of the document as lines of a doc comment. It cannot end the comment, contain a compiler directive (`@ts-…` at
 * the start of a line) or hide anything.
 */
export function commentLines(text: string, width = WIDTH): string[] {
  const clean = withHidden(text, () => ' ')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\n\P{C}]|[\u2028\u2029]/gu, ' ')
    .replace(/\*(?=\/)/g, '*\\')
    .replace(/^([ \t]*)@/gm, '$1\\@');
  const lines = clean.split('\n').flatMap((line) => wrapped(line.trimEnd(), width));
  const first = lines.findIndex((line) => line !== '');
  if (first < 0) return [];
  return lines
    .slice(first, lines.findLastIndex((line) => line !== '') + 1)
    .filter((line, index, all) => line !== '' || all[index - 1] !== '')
    .map((line) => (/^\s*@/.test(line) ? line.replace('@', '\\@') : line));
}

/** Text as a single line. */
export const oneLine = (text: string): string =>
  commentLines(text.replace(/\s+/g, ' '), Number.POSITIVE_INFINITY).join(' ');

function wrapped(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const margin = /^\s*/.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = margin;
  for (const word of line.trim().split(/\s+/)) {
    const longer = current === margin ? margin + word : `${current} ${word}`;
    if (longer.length > width && current !== margin) {
      lines.push(current);
      current = margin + word;
    } else current = longer;
  }
  return [...lines, current];
}
