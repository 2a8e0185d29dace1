/** A path template in parts: literal text, legal in a URI path, and the names of parameters. */
export interface PathTemplate {
  readonly parts: readonly (string | { readonly name: string; readonly reserved: boolean })[];
  /** Query text in the path itself, without `?`. */
  readonly fixedQuery: string;
  /** Text after `#`: never sent (RFC 9110 §7.1). */
  readonly fragment: string;
  /** Names of parameters that the path writes as `:name`, as web frameworks do. */
  readonly colonNames: readonly string[];
}

/**
 * Reads a path of the document (OpenAPI 3.1.1 §4.8.2 "Path Templating"). `declared` are the names of its path
 * parameters: an expression that is exactly such a name is that parameter; otherwise the dialects in use are understood:
 * `{+name}` (RFC 6570, Google), `{name+}` (AWS), `{name*}`, `{name:pattern}`. A segment `:name` is a parameter where one
 * of that name is declared, or where the path has no expression at all.
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
  // `{petID}` beside a parameter `petId`: one that differs in case alone is meant.
  const alike = [...declared].filter((other) => other.toLowerCase() === name.toLowerCase());
  return { name: alike.length === 1 ? (alike[0] ?? name) : name, reserved };
}

/** Splits at a character that stands outside of `{}`. */
function splitOutside(text: string, separator: string): string[] {
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

/** Percent-encodes what may not stand in a path (RFC 3986 §3.3); triplets that are there already stay. */
const legalPath = (literal: string): string =>
  literal.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encode);
/** The same for a query (RFC 3986 §3.4). */
const legalQuery = (literal: string): string =>
  literal.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/gu, encode);

// With the `u` flag a lone half of a surrogate pair is a character of its own; it cannot be encoded.
const encode = (char: string): string => encodeURIComponent(/^\p{Cs}$/u.test(char) ? '\uFFFD' : char);
