import { lineAt } from './text-place.ts';

export interface TidyJson {
  /** The text with as many repairs as possible: strict JSON, or at least JSON5 if the errors were common ones. */
  readonly text: string;
  /** The repairs, each with its line: `line 12: extra comma`. */
  readonly repaired: readonly string[];
}

/**
 * Repairs JSON with common errors: comments, extra and missing commas, an object that is not closed before the next one
 * in a list, whitespace that JSON does not allow, raw control characters in strings. Quotes, unquoted names and numbers
 * are kept: JSON5 reads those.
 */
export function tidyJson(text: string): TidyJson {
  const tidier = new Tidier();
  for (const match of text.matchAll(TOKEN)) tidier.take(match[0], match.index);
  const repaired = tidier.repaired.map(({ at, what }) => `line ${lineAt(text, at)}: ${what}`);
  return { text: tidier.output.join(''), repaired };
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|[{}[\],:]|[^\s{}[\],:"'#]+|["']/g;

class Tidier {
  readonly output: string[] = [];
  readonly repaired: { readonly at: number; readonly what: string }[] = [];
  readonly #open: ('{' | '[')[] = [];
  /** Depths at which an object was closed too early by us: its own bracket is still to come. */
  readonly #owed: number[] = [];
  /** What stood before the next token, white space and extra commas left out. */
  #before: 'start' | 'open' | 'comma' | 'colon' | 'value' = 'start';
  /** The last token, where that is a comma. */
  #comma: { readonly at: number; readonly index: number } | undefined;

  take(piece: string, at: number): void {
    if (/^(?:\/[/*]|#)/.test(piece)) this.#repair(at, 'comment');
    else if (/^\s/.test(piece)) this.#space(piece, at);
    else if (piece === ',') this.#takeComma(at);
    else if (piece === ':') this.#put(piece, 'colon');
    else if (piece === '{' || piece === '[') this.#openBracket(piece, at);
    else if (piece === '}' || piece === ']') this.#closeBracket(piece, at);
    else this.#value(piece, at);
  }

  #repair(at: number, what: string): void {
    this.repaired.push({ at, what });
  }

  #put(piece: string, kind: 'open' | 'comma' | 'colon' | 'value'): void {
    this.output.push(piece);
    this.#before = kind;
  }

  #space(piece: string, at: number): void {
    if (/[^ \t\r\n]/.test(piece)) this.#repair(at, 'whitespace that JSON does not allow');
    this.output.push(piece.replace(/[^ \t\r\n]/g, ' '));
  }

  #takeComma(at: number): void {
    if (this.#before === 'comma' || this.#before === 'open') this.#repair(at, 'extra comma');
    else {
      this.#comma = { at, index: this.output.length };
      this.#put(',', 'comma');
    }
  }

  #openBracket(bracket: '{' | '[', at: number): void {
    const open = this.#open;
    // A `{` where a name must stand, inside an object of a list: the object before it was not closed.
    if (this.#before === 'comma' && open.at(-1) === '{' && open.at(-2) === '[') {
      this.#repair(at, 'missing "}"');
      if (this.#comma) this.output[this.#comma.index] = '},';
      open.pop();
      this.#owed.push(open.length);
      this.#comma = undefined;
    } else this.#startValue(at);
    open.push(bracket);
    this.#put(bracket, 'open');
  }

  #closeBracket(bracket: '}' | ']', at: number): void {
    const open = this.#open;
    if (this.#comma) {
      this.output[this.#comma.index] = '';
      this.#repair(this.#comma.at, 'extra comma');
      this.#comma = undefined;
    }
    if (bracket === '}' && this.#owed.at(-1) === open.length) {
      this.#owed.pop();
      this.#repair(at, 'extra "}"');
      return;
    }
    const opening = bracket === '}' ? '{' : '[';
    // `{ … ]`: the object was not closed, but the list around it is.
    while (open.length > 1 && open.at(-1) !== opening && open.includes(opening)) {
      const missing = open.pop() === '{' ? '}' : ']';
      this.#repair(at, `missing "${missing}"`);
      this.output.push(missing);
    }
    open.pop();
    this.#put(bracket, 'value');
  }

  #value(piece: string, at: number): void {
    this.#startValue(at);
    const isString = piece.length > 1 && /^["']/.test(piece);
    if (isString && hasControl(piece)) this.#repair(at, 'control character in a string');
    this.#put(isString ? escapeSeparators(escapeControls(piece)) : piece, 'value');
  }

  #startValue(at: number): void {
    if (this.#before === 'value' && this.#open.length) {
      this.#repair(at, 'missing comma');
      this.output.push(',');
    }
    this.#comma = undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for (RFC 8259 §7)
const CONTROL = /[\u0000-\u001f]/;
const hasControl = (piece: string): boolean => CONTROL.test(piece);

/** Allowed in JSON strings, but JSON5 prints a warning for them. */
const escapeSeparators = (piece: string): string =>
  piece.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function escapeControls(piece: string): string {
  if (!hasControl(piece)) return piece;
  return piece
    .replace(/\\\r?\n/g, '') // JSON5 §5.2: a line continued
    .replace(new RegExp(CONTROL, 'g'), (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
