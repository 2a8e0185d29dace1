import { rememberedByText } from '../../remembered-by-text.ts';

/** The words of an identifier, in lower case: camelCase, snake_case and digits are split. `listPRs2` → `list prs 2`. */
export function wordsOfName(name: string): readonly string[] {
  return wordsOfText(name.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').replace(/(\p{Lu})(?=\p{Lu}\p{Ll}{2})/gu, '$1 '));
}

/** The words of a sentence, in lower case and without accents. Digits are words of their own. */
export function wordsOfText(text: string): readonly string[] {
  const lower = text.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: most texts are ASCII, which needs no normalisation
  const plain = /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize('NFKD').replace(/\p{M}+/gu, '');
  return plain.replace(/(\p{L})['’]s\b/gu, '$1').match(/\p{L}+|\d+/gu) ?? [];
}

/** Documents have a few thousand words and names, requests any number. */
export const MOST_KEPT = 50_000;

/**
 * Reduces an English word to what its plural, `-ing`, `-ed`, `-ation` and `-ment` forms share: `invitations` and
 * `inviting` → `invit`. Lighter than Porter's algorithm, which also joins words that differ (`organize`, `organ`). Words
 * of other scripts are returned unchanged.
 */
export const stem = rememberedByText((word) => (/^[a-z]{3,}$/.test(word) ? reduce(word) : word), MOST_KEPT);

function reduce(word: string): string {
  let text = IRREGULAR.get(word) ?? singular(word);
  text = withoutEnding(text);
  if (text.length > 3 && text.endsWith('e')) text = text.slice(0, -1);
  if (text.length > 2 && /[^aeiou]y$/.test(text)) text = `${text.slice(0, -1)}i`;
  text = undoubled(text);
  return SAME.get(text) ?? text;
}

/** Stems of short forms that name just one thing in APIs: `repo` and `repository` are the same word. */
const SAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    repo: 'repositori',
    org: 'organ',
    organiz: 'organ',
    organis: 'organ',
    app: 'applic',
    config: 'configur',
    conf: 'configur',
    cfg: 'configur',
    doc: 'docu',
    info: 'inform',
    msg: 'messag',
    env: 'environ',
    db: 'databas',
    admin: 'administrator',
    stat: 'statistic',
    param: 'paramet',
    perm: 'permis',
    notif: 'notifi',
    fav: 'favorit',
    favourit: 'favorit',
    colour: 'color',
    licenc: 'licens',
    pic: 'pictur',
    img: 'imag',
    addr: 'addres',
    acct: 'account',
    cert: 'certific',
    cred: 'credential',
    vid: 'video',
    attr: 'attribut',
    dept: 'depart',
    qty: 'quantiti',
    tz: 'timezon',
    sub: 'subscrib',
    bot: 'robot',
    photo: 'pictur',
    photograph: 'pictur',
    imag: 'pictur',
  }),
);

const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    people: 'person',
    children: 'child',
    men: 'man',
    women: 'woman',
    indices: 'index',
    indexes: 'index',
    matrices: 'matrix',
    statuses: 'status',
    status: 'status',
    bought: 'buy',
    built: 'build',
    sent: 'send',
    paid: 'pay',
    made: 'make',
    wrote: 'write',
    written: 'write',
    sold: 'sell',
    left: 'leave',
  }),
);

function singular(word: string): string {
  if (!word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(?:x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function withoutEnding(word: string): string {
  const of = (ending: string): string => word.slice(0, -ending.length);
  if (word.endsWith('ing') && hasVowel(of('ing'))) return undoubled(of('ing'));
  if (word.endsWith('ied')) return `${of('ied')}y`;
  if (word.endsWith('ed') && !word.endsWith('eed') && hasVowel(of('ed'))) return undoubled(of('ed'));
  if (word.endsWith('ification')) return `${of('ification')}ify`;
  if (word.endsWith('scription')) return `${of('scription')}scrib`;
  if (word.endsWith('ation')) return of('ation').length >= 4 ? of('ation') : of('ion');
  if (/[st]ion$/.test(word) && word.length > 5) return of('ion');
  if (word.endsWith('ate') && word.length > 6) return of('ate');
  if (word.endsWith('ment') && (of('ment').length >= 4 || of('ment').endsWith('y'))) return of('ment');
  // `assignee`, `attendee`
  if (word.endsWith('ee') && word.length > 6 && word !== 'committee') return of('ee');
  return word;
}

const hasVowel = (text: string): boolean => text.length > 2 && /[aeiouy]/.test(text);
/** `cancell` → `cancel`. */
const undoubled = (text: string): string =>
  text.length > 3 && text.at(-1) === text.at(-2) && /[^aeiou]$/.test(text) ? text.slice(0, -1) : text;
