/**
 * JSON with two-space indentation, token by token, so that numbers keep all their digits. `undefined` if the text is
 * not JSON, or a single value without anything to indent.
 */
export function indentedJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let written = '';
  for (const [index, token] of tokens.entries()) {
    const isEmpty = (token === '{' && tokens[index + 1] === '}') || (token === '[' && tokens[index + 1] === ']');
    const endsEmpty = (token === '}' && tokens[index - 1] === '{') || (token === ']' && tokens[index - 1] === '[');
    if (isEmpty || endsEmpty) written += token;
    else if (token === '{' || token === '[') written += token + line(++depth);
    else if (token === '}' || token === ']') written += line(--depth) + token;
    else if (token === ',') written += token + line(depth);
    else written += token === ':' ? ': ' : token;
  }
  return written;
}

const line = (depth: number): string => `\n${'  '.repeat(depth)}`;

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
