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
  const repaired: { readonly at: number; readonly what: string }[] = [];
  const output: string[] = [];
  const open: ('{' | '[')[] = [];
  // The token before the next one, ignoring whitespace and extra commas.
  let before: 'start' | 'open' | 'comma' | 'colon' | 'value' = 'start';
  let comma: { readonly at: number; readonly index: number } | undefined;

  // Depths at which we closed an object too early: its own bracket is still to come.
  const owed: number[] = [];

  const repair = (at: number, what: string): void => void repaired.push({ at, what });
  const startValue = (at: number): void => {
    if (before === 'value' && open.length) {
      repair(at, 'missing comma');
      output.push(',');
    }
    comma = undefined;
  };
  const close = (at: number, bracket: '}' | ']'): void => {
    if (comma) {
      output[comma.index] = '';
      repair(comma.at, 'extra comma');
      comma = undefined;
    }
    if (bracket === '}' && owed.at(-1) === open.length) {
      owed.pop();
      repair(at, 'extra "}"');
      return;
    }
    const wanted = bracket === '}' ? '{' : '[';
    // `{ … ]`: the object was not closed, but the list around it is.
    while (open.length > 1 && open.at(-1) !== wanted && open.includes(wanted)) {
      repair(at, `missing "${open.at(-1) === '{' ? '}' : ']'}"`);
      output.push(open.pop() === '{' ? '}' : ']');
    }
    open.pop();
    output.push(bracket);
    before = 'value';
  };

  const token =
    /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|[{}[\],:]|[^\s{}[\],:"'#]+|["']/g;
  for (const match of text.matchAll(token)) {
    const [piece] = match;
    const at = match.index;
    const first = piece[0];
    if (first === '/' && (piece[1] === '/' || piece[1] === '*')) repair(at, 'comment');
    else if (first === '#') repair(at, 'comment');
    else if (/^\s/.test(piece)) {
      if (/[^ \t\r\n]/.test(piece)) repair(at, 'whitespace that JSON does not allow');
      output.push(piece.replace(/[^ \t\r\n]/g, ' '));
    } else if (piece === ',') {
      if (before === 'comma' || before === 'open') repair(at, 'extra comma');
      else {
        comma = { at, index: output.length };
        output.push(',');
        before = 'comma';
      }
    } else if (piece === ':') {
      output.push(piece);
      before = 'colon';
    } else if (piece === '{' || piece === '[') {
      // A `{` in place of a name, inside an object in a list: the object before it was not closed.
      if (before === 'comma' && open.at(-1) === '{' && open.at(-2) === '[') {
        repair(at, 'missing "}"');
        if (comma) output[comma.index] = '},';
        open.pop();
        owed.push(open.length);
        comma = undefined;
      } else startValue(at);
      open.push(piece);
      output.push(piece);
      before = 'open';
    } else if (piece === '}' || piece === ']') close(at, piece);
    else {
      startValue(at);
      const isString = piece.length > 1 && (first === '"' || first === "'");
      if (isString && hasControl(piece)) repair(at, 'control character in a string');
      output.push(isString ? escapeSeparators(escapeControls(piece)) : piece);
      before = 'value';
    }
  }
  return { text: output.join(''), repaired: repaired.map(({ at, what }) => `line ${lineAt(text, at)}: ${what}`) };
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
