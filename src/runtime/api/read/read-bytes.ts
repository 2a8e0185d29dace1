/** Reads at most `maxBytes` bytes of a body; `cut` if there were more. Keeps nothing beyond the limit. */
export async function readBytes(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array; readonly cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (size + chunk.length > maxBytes) {
      chunks.push(chunk.subarray(0, maxBytes - size));
      return { bytes: concat(chunks, maxBytes), cut: true };
    }
    chunks.push(chunk);
    size += chunk.length;
  }
  return { bytes: concat(chunks, size), cut: false };
}

/** @param size of all chunks together */
export function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
