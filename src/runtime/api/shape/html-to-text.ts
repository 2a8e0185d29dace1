/**
 * The text of an HTML page, for an error message: without scripts, styles, head and tags, entities decoded, whitespace
 * collapsed, one line per block. One pass over the text, whatever it contains.
 */
export function htmlToText(html: string): string {
  const parts: string[] = [];
  // Tags are searched in ASCII lower case, which keeps every index.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    if (open < 0) {
      parts.push(html.slice(at));
      break;
    }
    parts.push(html.slice(at, open));
    const markup = markupAt(lower, open);
    parts.push(markup.stands);
    at = markup.end;
  }
  const lines = decodeEntities(parts.join('')).split('\n');
  return lines.flatMap((line) => line.replace(/\s+/g, ' ').trim() || []).join('\n');
}

/** Where the markup that starts at `open` ends, and the text that replaces it. */
function markupAt(lower: string, open: number): { readonly end: number; readonly stands: string } {
  if (lower.startsWith('<!--', open)) return { end: after(lower, '-->', open + 4), stands: '' };
  const name = /[a-z][a-z0-9-]*/y;
  name.lastIndex = open + (lower[open + 1] === '/' ? 2 : 1);
  const tag = name.exec(lower)?.[0];
  if (tag === undefined) {
    // `<!doctype …>`, `<?xml …>`; a lone `<` is text.
    const declaration = lower[open + 1] === '!' || lower[open + 1] === '?';
    return declaration ? { end: after(lower, '>', open), stands: '' } : { end: open + 1, stands: '<' };
  }
  const end = tagEnd(lower, open);
  if (HIDDEN.has(tag) && lower[open + 1] !== '/') return { end: hiddenEnd(lower, tag, end), stands: '\n' };
  return { end, stands: INLINE.has(tag) ? '' : '\n' };
}

const HIDDEN: ReadonlySet<string> = new Set(['head', 'script', 'style', 'template', 'noscript', 'svg', 'iframe']);
const INLINE: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

function hiddenEnd(lower: string, tag: string, from: number): number {
  // A head that is never closed ends where the body begins. One search for both, so that no text is searched twice.
  const end = tag === 'head' ? /<\/head|<body/g : new RegExp(`</${tag}`, 'g');
  end.lastIndex = from;
  const found = end.exec(lower);
  if (!found) return lower.length;
  return found[0] === '<body' ? found.index : after(lower, '>', found.index);
}

/** The index after the `>` of a tag, ignoring those in quoted attributes. */
function tagEnd(text: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === '>') return at + 1;
    // A quote starts an attribute value only after "=".
    else if ((char === '"' || char === "'") && /=\s{0,8}$/.test(text.slice(Math.max(open, at - 9), at))) quote = char;
  }
  return quote ? after(text, '>', open) : text.length;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\uFFFD';
  });
}
const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    copy: '©',
    reg: '®',
    trade: '™',
    hellip: '…',
    mdash: '—',
    ndash: '–',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    laquo: '«',
    raquo: '»',
    middot: '·',
    bull: '•',
    times: '×',
    euro: '€',
    pound: '£',
    sect: '§',
    deg: '°',
    rarr: '→',
    larr: '←',
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    eacute: 'é',
    egrave: 'è',
    agrave: 'à',
    ccedil: 'ç',
    ntilde: 'ñ',
  }),
);
