/** Larger than any token response, key set or discovery document. */
export const MAX_BYTES = 1024 * 1024;

/** The members of a JSON object; none if the response is anything else. */
export async function readJson(body: AsyncIterable<Uint8Array>): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(body, MAX_BYTES);
  return text === undefined ? {} : jsonObject(text);
}

/** A short body as text, `undefined` if it has more bytes. What is left is not read. */
export async function readText(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string | undefined> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    // A JSON object has string keys and unknown values; nothing more is claimed.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
