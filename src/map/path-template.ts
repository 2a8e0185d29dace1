/** A path template as a list of literal text, legal in a URI path, and parameter names. */
export interface PathTemplate {
  readonly parts: readonly (string | { readonly name: string; readonly reserved: boolean })[];
  /** Query text in the path itself, without `?`. */
  readonly fixedQuery: string;
  /** Text after `#`: never sent (RFC 9110 §7.1). */
  readonly fragment: string;
  /** Parameters that the path writes as `:name`, as in web frameworks. */
  readonly colonNames: readonly string[];
}

/**
 * Reads a path of the document (OpenAPI 3.1.1 §4.8.2 "Path Templating"). `declared` are the names of its path
 * parameters: an expression that is exactly such a name is that parameter. Otherwise common dialects are recognised:
 * `{+name}` (RFC 6570, Google), `{name+}` (AWS), `{name*}`, `{name:pattern}`. A segment `:name` is a parameter if one
 * with that name is declared, or if the path has no expression at all.
 */
export function parsePathTemplate(path: string, declared: ReadonlySet<string>): PathTemplate {
  const [beforeFragment = '', ...afterHash] = splitOutside(path, '#');
  const [bare = '', ...afterMark] = splitOutside(beforeFragment, '?');
  const parts: PathTemplate['parts'][number][] = [];
  const colonNames: string[] = [];
  const hasExpressions = bare.includes('{');
  let rest = `/${bare.replace(/^\//, '')}`.replace(/\/:([A-Za-z_]\w*)(?=\/|$)/g, (segment, name: string) => {
    if (hasExpressions && !declared.has(name)) return segment;
    colonNames.push(name);
    return `/{${name}}`;
  });
  for (;;) {
    const open = rest.indexOf('{');
    const close = open < 0 ? -1 : rest.indexOf('}', open);
    if (close < 0) break;
    if (open > 0) parts.push(legalPath(rest.slice(0, open)));
    parts.push(expression(rest.slice(open + 1, close), declared));
    rest = rest.slice(close + 1);
  }
  if (rest !== '' || parts.length === 0) parts.push(legalPath(rest));
  return { parts, fixedQuery: legalQuery(afterMark.join('?')), fragment: afterHash.join('#'), colonNames };
}

function expression(written: string, declared: ReadonlySet<string>): { name: string; reserved: boolean } {
  if (declared.has(written)) return { name: written, reserved: false };
  const form = /^([+#./;?&]?)([^:*+]*)(\+|\*|:.*)?$/s.exec(written);
  const name = form?.[2] ?? written;
  const reserved = form?.[1] === '+' || form?.[1] === '#' || form?.[3] === '+';
  if (declared.has(name)) return { name, reserved };
  // `{petID}` with a declared parameter `petId`: a name that differs only in case is meant.
  const alike = [...declared].filter((other) => other.toLowerCase() === name.toLowerCase());
  return { name: alike.length === 1 ? (alike[0] ?? name) : name, reserved };
}

/** Splits at a character outside `{}`. */
function splitOutside(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text];
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === '{') depth++;
    else if (char === '}') depth = Math.max(0, depth - 1);
    else if (char === separator && depth === 0) {
      pieces.push(text.slice(start, index));
      start = index + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** Percent-encodes what is not allowed in a path (RFC 3986 §3.3); existing triplets are kept. */
const legalPath = (literal: string): string =>
  literal.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encode);
/** The same for a query (RFC 3986 §3.4). */
const legalQuery = (literal: string): string =>
  literal.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/gu, encode);

// With the `u` flag an unpaired surrogate is a character, which cannot be encoded.
const encode = (char: string): string => encodeURIComponent(/^\p{Cs}$/u.test(char) ? '\uFFFD' : char);
