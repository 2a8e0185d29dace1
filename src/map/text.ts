import { visibleText } from '../model/index.ts';

/**
 * Compacts a text of the document for a model: removes invisible characters and HTML comments, reduces markup to its
 * text, folds white space, and cuts at the end of a sentence if it is longer than `longest` characters.
 */
export function compactText(written: string, longest: number): string {
  const visible = visibleText(written);
  // Markup is rarely most of a text, so text far beyond the limit need not be read.
  const head = visible.length > 4 * longest + 200 ? visible.slice(0, 4 * longest + 200) : visible;
  const plain = reduce(head);
  return head !== visible && plain.length <= longest ? `${plain} …` : shorten(plain, longest);
}

/** Cuts plain text that is too long at the end of a sentence, otherwise of a word. */
export function shorten(plain: string, longest: number): string {
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

/** Each step runs only if there is something to do: most texts are plain, and there are thousands. */
function reduce(written: string): string {
  let text = written;
  if (text.includes('<')) {
    text = text
      .replace(/<!--[\s\S]*?-->/g, ' ')
      .replace(/<(?:br|p|li|div|tr|h[1-6])\b[^<>]*>/gi, '\n')
      .replace(TAGS, '');
  }
  if (text.includes('](')) text = text.replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1');
  if (text.includes('&'))
    text = text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ');
  if (text.includes('more ') || text.includes('See also')) text = text.replace(POINTS_ELSEWHERE, ' ');
  if (text.includes('\n') || text.includes('  ') || text.includes('\t') || text.includes('\r')) {
    text = text
      // Does not match single spaces, which make up most of a text.
      .replace(/[ \t\r]{2,}|[\t\r]/g, ' ')
      .replace(/ \n ?|\n /g, '\n')
      .replace(/\n{2,}/g, '\n');
  }
  return text.trim();
}

/** HTML tags. Placeholders such as `<token>` are kept. */
const TAGS =
  /<\/?(?:a|abbr|b|blockquote|br|center|code|dd|details|div|dl|dt|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|s|samp|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?\/?>/gi;

/** A sentence that only refers to a page, which a model cannot open. */
const POINTS_ELSEWHERE =
  /(?<=^|[.!?)"]\s|\n)(?:For (?:more|further|additional) (?:information|details|info)\b|(?:To )?[Ll]earn more\b|[Rr]ead more\b|See (?:more|also)\b)[^.\n]{0,200}(?:\.(?=["\s]|$)["']?|$)/gm;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** Maximum lengths of descriptions. */
export interface TextLimits {
  /** In characters, for an operation. */
  readonly operation: number;
  /** In characters, for a parameter, property or schema. */
  readonly schema: number;
  /** Keep only the first sentence of the latter. */
  readonly firstSentence: boolean;
}

/**
 * The more tools are listed, the shorter their descriptions: with 40 tools each may take a page, with 1,200 the list
 * has to fit into a context at all.
 */
export function textLimits(operations: number): TextLimits {
  if (operations <= 150) return { operation: 1_000, schema: 500, firstSentence: false };
  if (operations <= 600) return { operation: 400, schema: 240, firstSentence: false };
  return { operation: 110, schema: 72, firstSentence: true };
}

/** Creates descriptions of parameters, properties and schemas. Documents repeat themselves, so results are cached. */
export function createSchemaText({ schema, firstSentence }: TextLimits): (written: string) => string {
  const made = new Map<string, string>();
  return (written) => {
    const known = made.get(written);
    if (known !== undefined) return known;
    const text = firstSentence
      ? compactText(first(compactText(written, 4 * schema)), schema)
      : compactText(written, schema);
    made.set(written, text);
    return text;
  };
}

/** The first sentence. It does not end at an abbreviation (`e.g. `) or after a few letters. */
const first = (text: string): string => /^.{12,}?(?<!\b(?:e\.g|i\.e|etc|vs|cf))[.!?](?=\s)/s.exec(text)?.[0] ?? text;

/** Adds a full stop, unless the text already ends with punctuation. */
export function sentence(text: string): string {
  return /[.!?…:;]$/.test(text) ? text : `${text}.`;
}
