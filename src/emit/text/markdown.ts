import { oneLine } from './comment.ts';

/** Text of the document in a paragraph or table cell: none of it is interpreted as markup. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~#!$]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
}
