/**
 * Text of the document, made compact for a model: markup reduced to what it says, white space folded, and cut at the
 * end of a sentence where it is longer than `longest` characters.
 */
export function compactText(written: string, longest: number): string {
  const plain = needsWork(written) ? reduce(written) : written.trim();
  if (plain.length <= longest) return plain;
  const cut = plain.slice(0, longest - 1);
  const sentence = Math.max(
    cut.lastIndexOf('. '),
    cut.lastIndexOf('! '),
    cut.lastIndexOf('? '),
    cut.lastIndexOf('.\n'),
  );
  if (sentence > longest * 0.5) return `${cut.slice(0, sentence + 1)} …`;
  const word = cut.lastIndexOf(' ');
  return `${cut.slice(0, word > longest * 0.5 ? word : cut.length).replace(/[\uD800-\uDBFF]$/, '')} …`;
}

const needsWork = (text: string): boolean => /[<\n\r\t[&]| {2}/.test(text);

function reduce(written: string): string {
  return written
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(?:br|p|li|div|tr|h[1-6])\b[^<>]*>/gi, '\n')
    .replace(TAGS, '')
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/[ \t\r]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

/** Tags of HTML; `<token>` and other placeholders stay. */
const TAGS =
  /<\/?(?:a|abbr|b|blockquote|br|center|code|dd|details|div|dl|dt|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|s|samp|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?\/?>/gi;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** Ends with a full stop (or what the author chose). */
export function sentence(text: string): string {
  return /[.!?…:;]$/.test(text) ? text : `${text}.`;
}
