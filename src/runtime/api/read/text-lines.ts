/**
 * Decodes UTF-8 text as it arrives, including characters that are split between chunks. Invalid bytes become U+FFFD.
 */
export async function* textChunks(body: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    if (text) yield text;
  }
  const rest = decoder.decode();
  if (rest) yield rest;
}

/**
 * Splits text at `separator` as it arrives; the rest after the last separator is returned at the end. A piece spread
 * over many chunks is joined once, so the cost stays linear.
 */
export async function* splitChunks(chunks: AsyncIterable<string>, separator: RegExp | string): AsyncIterable<string> {
  let open: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...rest] = chunk.split(separator);
    open.push(first);
    for (const piece of rest) {
      yield open.join('');
      open = [piece];
    }
  }
  const last = open.join('');
  if (last) yield last;
}

/** Lines that end in CRLF, LF or CR (WHATWG HTML §9.2.5), without their line breaks. */
export function lines(chunks: AsyncIterable<string>): AsyncIterable<string> {
  return splitChunks(wholeLineEnds(chunks), /\r\n|\n|\r/);
}

/** A CRLF may be split between two chunks: its CR has already ended the line, so the LF is dropped. */
async function* wholeLineEnds(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let openCr = false;
  for await (const chunk of chunks) {
    const text = openCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    openCr = chunk.endsWith('\r');
    if (text) yield text;
  }
}
