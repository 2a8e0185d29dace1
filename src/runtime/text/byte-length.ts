/** Length of a text in UTF-8. Counts without encoding, because texts can have megabytes. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    // Two bytes up to U+07FF, otherwise three; a surrogate pair has two units of two bytes each.
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Whether the text has at most `limit` bytes. Short texts are not counted. */
export function fitsIn(limit: number, text: string): boolean {
  return text.length * 3 <= limit || (text.length <= limit && byteLength(text) <= limit);
}
