/** The first sentence of a description without its markup, cut at a word if it has more than `longest` characters. */
export function firstSentence(written: string, longest: number): string {
  const plain = plainText(written);
  let end = sentenceEnd(plain, 0);
  // "Deprecated." alone says too little.
  while (end < plain.length && !plain.slice(0, end).includes(' ')) end = sentenceEnd(plain, end + 1);
  return cut(plain.slice(0, end), longest);
}

/** Without block quotes (`> [!NOTE]`), code fences, tables and inline markup, on one line. */
export function plainText(written: string): string {
  if (!MARKUP.test(written)) return written.trim();
  return (
    written
      // The alert of GitHub starts a block quote, also in the middle of a line.
      .replace(/[ \t]*>[ \t]*\[!\w+\][^\n]*(?:\n[ \t]*>[^\n]*)*/g, '')
      .replace(/^[ \t]*(?:>|```|\|).*$/gm, '')
      .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
      .replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi, isTag)
      .replace(/^[ \t]*(?:#+|[*+-])[ \t]+/gm, '')
      .replace(/\*\*|__(?=\S)|(?<=\S)__|`/g, '')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
const MARKUP = /[>|<[*_`#\n\t]| {2}|^[+-] /;

/** Tags with text or attributes of HTML; `<token>` and other placeholders stay. */
const isTag = (tag: string): string =>
  /^<\/?(?:a|b|br|code|div|em|i|li|ol|p|pre|span|strong|sub|sup|ul)\b/i.test(tag) ? ' ' : tag;

/** The index after the sentence that continues at `from`. */
function sentenceEnd(text: string, from: number): number {
  SENTENCE_END.lastIndex = from;
  for (let match = SENTENCE_END.exec(text); match; match = SENTENCE_END.exec(text)) {
    const end = match.index + 1;
    if (!ABBREVIATION.test(text.slice(Math.max(0, end - 8), end))) return end;
  }
  return text.length;
}
const SENTENCE_END = /[.!?](?=\s+(?:["'(]?[\p{Lu}\p{N}]|…))/gu;
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|incl|max|min|[Nn]o|[A-Z])\.$/;

/** At the end of a word where there is one. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1);
  const word = head.lastIndexOf(' ');
  return `${(word > longest / 2 ? head.slice(0, word) : head).replace(/[\uD800-\uDBFF]$|[\s,;:(-]+$/, '')}…`;
}
