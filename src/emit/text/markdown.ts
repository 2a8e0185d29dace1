import { oneLine } from './comment.ts';

/** Words of the document in a paragraph or a cell of a table: nothing in them is taken for markup. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~#!$]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
}
