/**
 * Whether a JSON text is nested too deeply for later stages: `JSON.stringify` and schema validators recurse, and would
 * overflow the stack. Such a response is returned as text.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === BRACKET || char === BRACE) {
      if (++depth > DEEPEST) return true;
    } else if (char === BRACKET + 2 || char === BRACE + 2) depth--;
  }
  return false;
}

const DEEPEST = 500;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[`; `]` comes two later. */
const BRACKET = 0x5b;
/** `{`; `}` comes two later. */
const BRACE = 0x7b;
