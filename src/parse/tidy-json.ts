import { lineAt } from './text-place.ts';

export interface TidyJson {
  /** The text with everything mended that could be; strict JSON, or at least JSON5, where the mistakes were common ones. */
  readonly text: string;
  /** What was mended, each with its line: `line 12: superfluous comma`. */
  readonly mended: readonly string[];
}

/**
 * Mends JSON as it is found in the wild: comments, superfluous and missing commas, an object that is not closed before
 * the next one in a list, whitespace that JSON does not allow, raw control characters inside strings. Quotes, unquoted
 * names and numbers stay as they are: JSON5 reads those.
 */
export function tidyJson(text: string): TidyJson {
  const mended: { readonly at: number; readonly what: string }[] = [];
  const output: string[] = [];
  const open: ('{' | '[')[] = [];
  // What stood before the next token, white space and superfluous commas left out.
  let before: 'start' | 'open' | 'comma' | 'colon' | 'value' = 'start';
  let comma: { readonly at: number; readonly index: number } | undefined;

  // Depths at which an object was closed too early by us: its own bracket is still to come.
  const owed: number[] = [];

  const mend = (at: number, what: string): void => void mended.push({ at, what });
  const startValue = (at: number): void => {
    if (before === 'value' && open.length) {
      mend(at, 'missing comma');
      output.push(',');
    }
    comma = undefined;
  };
  const close = (at: number, bracket: '}' | ']'): void => {
    if (comma) {
      output[comma.index] = '';
      mend(comma.at, 'extra comma');
      comma = undefined;
    }
    if (bracket === '}' && owed.at(-1) === open.length) {
      owed.pop();
      mend(at, 'extra "}"');
      return;
    }
    const wanted = bracket === '}' ? '{' : '[';
    // `{ … ]`: the object was not closed, but the list around it is.
    while (open.length > 1 && open.at(-1) !== wanted && open.includes(wanted)) {
      mend(at, `missing "${open.at(-1) === '{' ? '}' : ']'}"`);
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
    if (first === '/' && (piece[1] === '/' || piece[1] === '*')) mend(at, 'comment');
    else if (first === '#') mend(at, 'comment');
    else if (/^\s/.test(piece)) {
      if (/[^ \t\r\n]/.test(piece)) mend(at, 'whitespace that JSON does not allow');
      output.push(piece.replace(/[^ \t\r\n]/g, ' '));
    } else if (piece === ',') {
      if (before === 'comma' || before === 'open') mend(at, 'extra comma');
      else {
        comma = { at, index: output.length };
        output.push(',');
        before = 'comma';
      }
    } else if (piece === ':') {
      output.push(piece);
      before = 'colon';
    } else if (piece === '{' || piece === '[') {
      // A `{` where a name must stand, inside an object of a list: the object before it was not closed.
      if (before === 'comma' && open.at(-1) === '{' && open.at(-2) === '[') {
        mend(at, 'missing "}"');
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
      if (isString && hasControl(piece)) mend(at, 'control character in a string');
      output.push(isString ? escapeSeparators(escapeControls(piece)) : piece);
      before = 'value';
    }
  }
  return { text: output.join(''), mended: mended.map(({ at, what }) => `line ${lineAt(text, at)}: ${what}`) };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for (RFC 8259 §7)
const CONTROL = /[\u0000-\u001f]/;
const hasControl = (piece: string): boolean => CONTROL.test(piece);

/** Allowed in strings of JSON, but JSON5 prints a warning of its own for them. */
const escapeSeparators = (piece: string): string =>
  piece.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function escapeControls(piece: string): string {
  if (!hasControl(piece)) return piece;
  return piece
    .replace(/\\\r?\n/g, '') // JSON5 §5.2: a line continued
    .replace(new RegExp(CONTROL, 'g'), (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
